"""The annual target strings offices write, read into numbers only when the reading is sure (DOMAIN §3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from regulation.comparisons import Comparison, read_comparison, read_embedded, read_remarked
from regulation.doubts import confidence, damaged
from regulation.folding import fold
from regulation.frequencies import Frequency, read_frequency
from regulation.measures import Confidence as Confidence
from regulation.measures import Direction as Direction
from regulation.measures import Kind as Kind
from regulation.measures import Operator as Operator
from regulation.measures import Target as Target
from regulation.moments import Moment, read_moment
from regulation.natures import Reading, folded_name, hint, kind
from regulation.numerals import NUMERAL
from regulation.units import COUNTS

#: Longer targets are prose; they are judged by a person and not searched for numbers.
LONGEST = 200

#: Placeholders for a target that was never set, and pointers to where it is.
NOTHING = re.compile(
    r"[-—/\\*xX×%\s]*|无|暂无|空|略|待.{0,3}定|未定|暂定|暂缺|不适用|不涉及|N/A|n/a|同上|同左"
    r"|(?:详?见|参见|按)?(?:附件|附表|备注|说明).{0,4}|详见.{0,12}"
)

#: 定性 with its scale, or a scale of grades with percentages (DOMAIN §3.3 H).
SCALE = re.compile(r"定性[^0-9]{0,40}|(?:[优良中低差好坏][^0-9]{0,2}[0-9]{1,3}%?[/、,;]?){2,}")
#: 三成以上, 一次: numbers in words that were not read as numbers.
_COUNTED = "|".join(sorted(COUNTS - {"对", "方", "面", "点", "路", "条"}))
NUMBER_IN_WORDS = re.compile(
    f"[{NUMERAL}]+(?:成|分之|倍|番|[余多来几]|{_COUNTED})|[数几上近][{NUMERAL}]|[≥≤<>=]|半|两倍|另行"
)
#: A date is expected here: 2023.07 and a bare 2023 are read as one.
DATED = re.compile("时效|期限|时间")
HAN = re.compile("[\u4e00-\u9fff]")


def parse_target(text: str, level2: str | None = None, name: str | None = None) -> Target:
    """Read one target string; ``level2`` (二级指标) and ``name`` (三级指标) help to decide kind and direction.

    ``value`` and ``unit`` are as written (a unit missing in the text is taken from brackets ending the name).
    Confidence NONE: not to be judged — kind UNREADABLE, or a number that contradicts its own name."""
    if len(text) > LONGEST:
        return _words(text, Confidence.ASSUMED if re.search("[0-9]", text) else Confidence.SURE)
    return _parse(text, (level2 or "")[:LONGEST], (name or "")[:LONGEST])


def due_in(target: Target, year: int) -> date | None:
    """The day a DATE target falls due in the budget year ``year``: its own full date, or 11月底前 in that year."""
    if target.kind is not Kind.DATE:
        return None
    moment = read_moment(_dotted(target.text)) if target.due is None else None
    return moment.on(year) if moment else target.due


def forget() -> None:
    """Empty every cache of readings, as after a start of the process (for measuring)."""
    _parse.cache_clear()
    _read.cache_clear()


@dataclass(frozen=True, slots=True)
class _Words:
    """What a text says whatever indicator it stands in: a finished target, or a number still to be set in place."""

    target: Target
    found: Comparison | None = None
    dated: Target | None = None  # instead, where a date is expected


@lru_cache(maxsize=8192)
def _parse(text: str, level2: str, name: str) -> Target:
    words = _read(text)
    if words.dated and DATED.search(level2 + name):
        return words.dated
    return _number_target(text, words.found, level2, folded_name(name)) if words.found else words.target


@lru_cache(maxsize=1 << 14)
def _read(text: str) -> _Words:
    """Order is precedence: a date before a number (2020年 is no duration), words last."""
    words = fold(text)
    finished = _finished(text, words)
    if finished:
        return _Words(finished)
    dotted = _dotted(words)
    moment = read_moment(dotted) if dotted != words else None
    dated = _date_target(text, moment) if moment else None
    if SCALE.fullmatch(words):
        return _Words(_words(text, Confidence.SURE), dated=dated)
    found = read_comparison(words) or read_remarked(words) or _phrase(words)
    return _Words(_unreadable(text) if found else _read_words(text, words), found, dated)


def _finished(text: str, words: str) -> Target | None:
    if NOTHING.fullmatch(words):
        return _unreadable(text)
    often = read_frequency(words)
    if often:
        return _frequency_target(text, often)
    moment = read_moment(words)
    return _date_target(text, moment) if moment else None


def _frequency_target(text: str, often: Frequency) -> Target:
    if often.value is None:
        return Target(text, None, None, "", Direction.QUALITATIVE, Kind.FREQUENCY, Confidence.ASSUMED)
    way, sure = Direction.HIGHER_BETTER, _sure(often.sure)
    return Target(text, Operator.GE, often.value, often.unit, way, Kind.FREQUENCY, sure)


def _date_target(text: str, moment: Moment) -> Target:
    sure = _sure(moment.sure)
    return Target(text, None, None, "", Direction.QUALITATIVE, Kind.DATE, sure, moment.on())


def _phrase(words: str) -> Comparison | None:
    found = read_embedded(words)
    return found if found and len(found.lead) > 1 else None


def _number_target(text: str, found: Comparison, level2: str, name: str) -> Target:
    name, sign, unit = hint(name)
    reading = Reading(
        written=Operator.EQ if found.about and not found.operator else found.operator,
        value=found.value,
        unit=found.unit or unit,
        loose=found.loose or found.chinese or found.about or not found.unit,
        level2=level2,
        name=f"{name}|{found.lead}" if found.lead else name,
        hinted=sign,
    )
    if damaged(reading):
        return _unreadable(text)
    return Target(
        text,
        reading.operator,
        reading.value,
        reading.unit,
        reading.direction,
        kind(reading),
        confidence(reading),
    )


def _read_words(text: str, words: str) -> Target:
    han = len(HAN.findall(words))
    if re.search("[0-9]", words):
        return _words(text, Confidence.ASSUMED) if han >= 5 else _unreadable(text)
    return _words(text, _sure(not NUMBER_IN_WORDS.search(words))) if han else _unreadable(text)


def _dotted(words: str) -> str:
    """2023.07 as 2023-07, a bare 2023 as 2023年: dates only where a date is expected."""
    bare = fold(words)
    if not bare.startswith(("19", "20")):
        return bare
    if re.fullmatch(r"(?:19|20)[0-9]{2}", bare):
        return f"{bare}年"
    return re.sub(r"^((?:19|20)[0-9]{2})\.([0-9]{1,2})$", r"\1-\2", bare)


def _sure(sure: bool) -> Confidence:
    return Confidence.SURE if sure else Confidence.ASSUMED


def _words(text: str, certainty: Confidence) -> Target:
    return Target(text, None, None, "", Direction.QUALITATIVE, Kind.QUALITATIVE, certainty)


def _unreadable(text: str) -> Target:
    return Target(text, None, None, "", Direction.QUALITATIVE, Kind.UNREADABLE, Confidence.NONE)
