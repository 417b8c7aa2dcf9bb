"""What a unit reports as 已完成情况, checked against its target's unit and kind (办法 第十、十一条; DOMAIN §1.3)."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from regulation.amounts import Question
from regulation.comparisons import Comparison, read_comparison, read_embedded
from regulation.folding import clean_text, fold, shorten
from regulation.measures import Direction, Kind, Operator, Target
from regulation.moments import Moment, read_moment
from regulation.numerals import fits, plain
from regulation.problems import Problem, problem
from regulation.texts import parse_text
from regulation.units import Family, convert, countable, family, same_unit

#: A number with its unit and a few words around it; longer answers to a numeric target are refused unread (N10).
LONGEST = 200

MET, PARTLY, MISSED = "达成", "部分达成", "未达成"
#: Official and everyday ways of saying the three levels of qualitative targets (DOMAIN §3.4).
LEVELS = {
    **dict.fromkeys(
        ("达成", "已达成", "达成目标", "达成预期目标", "达成预期指标", "达到预期", "达到预期目标"), MET
    ),
    **dict.fromkeys(("已达到预期目标", "全部达成", "全部或基本达成预期指标", "完成", "已完成"), MET),
    **dict.fromkeys(
        ("部分达成", "部分达成目标", "部分达成预期指标", "部分达成预期指标并具有一定效果"), PARTLY
    ),
    **dict.fromkeys(("未达成", "没达成", "没有达成", "未达成目标", "未达到预期", "未达成预期指标"), MISSED),
    **dict.fromkeys(("未达成预期指标且效果较差", "未完成", "没完成"), MISSED),
}
_LEVEL = re.compile(
    rf"({'|'.join(sorted(LEVELS, key=len, reverse=True))})(?:[，,、。；;：:\s]+(.*))?", re.DOTALL
)
_LEVEL_ASKED = {
    "基本达成": MET,
    "基本完成": MET,
    "大部分达成": PARTLY,
    "部分完成": PARTLY,
    "尚未达成": MISSED,
}

DONE, NOT_DONE = "已完成", "未完成"
_DAY_WORDS = {
    **dict.fromkeys(
        ("已完成", "完成", "已按时完成", "按时完成", "按期完成", "已按期完成", "已办结", "已完工"), DONE
    ),
    **dict.fromkeys(("已竣工", "已交付", "提前完成", "已提前完成", "达成", "已达成"), DONE),
    **dict.fromkeys(
        ("未完成", "没完成", "没有完成", "尚未完成", "还没完成", "进行中", "正在进行", "未开始"), NOT_DONE
    ),
    **dict.fromkeys(("实施中", "正在实施", "推进中", "正在推进", "未开工", "未达成"), NOT_DONE),
}
_ISO = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_YET = re.compile("计划|预计|力争|拟|将于|未|没")

#: Words before a number that change nothing, and words that turn it round (还差12间).
_REACHED = re.compile(
    "(?:已|已经|现已|目前|累计|共计|共|实际|全年|完成|达到|达|到|为|是|做到|实现|新增|支出|使用|支付|发放|培训|建成)++:?"
)
_OTHER_WAY = re.compile("未|没|差|缺|剩|余|少|不足|计划|预计|目标|超")

#: A figure to show beside the unit; never the target itself, which would invite copying it.
_EXAMPLES = {"%": "92", "比例": "0.92"}


def parse_actual(text: str, target: Target, *, year: int | None = None) -> str | Question | Problem:
    """The canonical value of one answer, a Question when it must be read back, a Problem when it cannot be used.

    Canonical, by the target's kind (every canonical value reads back as itself):
    a target with a value — a plain decimal in the target's own unit, ``930`` (copied operators and the unit go);
    DATE — ``2026-09-15``, or 已完成 / 未完成 (``year`` completes 9月15日);
    QUALITATIVE, or FREQUENCY without a number — 达成 / 部分达成 / 未达成, perhaps followed by ``，`` and words,
    or the words themselves, which are then not judged; UNREADABLE — the words themselves."""
    if not text.strip() or not clean_text(text[: 50 * LONGEST]):
        return problem("actual.empty", target=shorten(target.text, 40))
    if target.kind is Kind.DATE:
        return _day(text, target, year)
    if target.value is None:
        return _words(text, target)
    return _number(text, target)


def attainment(actual: str) -> str | None:
    """达成, 部分达成 or 未达成 at the head of a canonical qualitative value; None when it is only words."""
    found = _LEVEL.fullmatch(actual)
    return LEVELS[found[1]] if found else None


def _words(text: str, target: Target) -> str | Question | Problem:
    words = parse_text(text, label="已完成情况", least=1)
    if isinstance(words, Problem) or target.kind is Kind.UNREADABLE:
        return words
    asked = _LEVEL_ASKED.get(words.rstrip("。"))
    if asked:
        return Question(asked, f"“{shorten(words)}”按“{asked}”记，对吗？")
    found = _LEVEL.fullmatch(words)
    if not found:
        return words
    more = (found[2] or "").strip()
    return f"{LEVELS[found[1]]}，{more}" if more else LEVELS[found[1]]


def _day(text: str, target: Target, year: int | None) -> str | Question | Problem:
    words = fold(text[:LONGEST]).rstrip("。")
    if words in _DAY_WORDS:
        return _DAY_WORDS[words]
    if words == fold(target.text).rstrip("。") and not _ISO.fullmatch(words):
        return Question(DONE, f"“{shorten(words)}”和年度目标一样，是已经完成了吗？")
    moment = read_moment(_NOT_YET.sub("", words))
    if moment and _NOT_YET.search(words):
        return Question(NOT_DONE, f"“{shorten(words)}”是还没有完成吗？")
    return _named_day(words, moment, year) if moment else _no_day(words, year)


def _named_day(words: str, moment: Moment, year: int | None) -> str | Question | Problem:
    day = moment.on(year)
    if not day:
        return _no_day(words, year)
    if moment.day and moment.sure:
        return day.isoformat()
    return Question(
        day.isoformat(), f"“{shorten(words)}”按 {day.year}年{day.month}月{day.day}日 完成记，对吗？"
    )


def _no_day(words: str, year: int | None) -> Problem:
    return problem("actual.date", shown=shorten(words), example=f"{year or 2026}年9月15日")


def _number(text: str, target: Target) -> str | Question | Problem:
    words = fold(text[: LONGEST + 1]).lstrip(":")
    found = read_comparison(words) if len(words) <= LONGEST else None
    phrase = None if found else read_embedded(words) or _reached(words)
    read = found or phrase
    if read is None or read.about or (phrase and _OTHER_WAY.search(phrase.lead)):
        return _refused("actual.number", words, target)
    ask = read.chinese or bool(phrase and not _REACHED.fullmatch(phrase.lead))
    return _measured(words, read, target, ask=ask)


def _reached(words: str) -> Comparison | None:
    """已完成36: the words go, the number stays, also without a unit."""
    lead = _REACHED.match(words)
    read = read_comparison(words[lead.end() :]) if lead else None
    return replace(read, lead=lead[0]) if read and lead else None


def _turned(read: Comparison, target: Target) -> bool:
    """低于98% against ≥98%: a sign that says something else than the number alone; a copied sign (≥266米) does not."""
    if read.operator is None or read.operator in (Operator.EQ, target.operator):
        return False
    return target.operator is None or read.operator.is_cap != target.operator.is_cap


def _measured(words: str, read: Comparison, target: Target, *, ask: bool) -> str | Question | Problem:
    value, same = _in_target_unit(read, target)
    if value is None:
        return _refused("actual.unit", words, target)
    if value < 0 and family(target.unit) is not Family.PERCENT:
        return _refused("actual.negative", words, target)
    if not fits(value) or _turned(read, target):
        return _refused("actual.number", words, target)
    if ask or not same:
        return Question(plain(value), f"{shorten(words)} = {plain(value)}{_unit(target)}，对吗？")
    slip = _percent_slip(read, value, target)
    return slip or plain(value)


def _in_target_unit(read: Comparison, target: Target) -> tuple[Decimal | None, bool]:
    """The value in the target's unit, and whether that took no decision of ours."""
    unit, wanted = same_unit(read.unit), same_unit(target.unit)
    if unit in ("", wanted) or (wanted.startswith("/") and unit.endswith(wanted)):
        return read.value, True
    if not wanted:
        ratio = unit == "%" and target.kind is Kind.LEVEL and (target.value or 0) <= 1
        return read.value / 100 if ratio else read.value, False
    if target.kind is Kind.FREQUENCY:
        return None, False
    there = convert(read.value, unit, wanted)
    if there is None and countable(unit) and countable(wanted):
        return read.value, False  # 230人 against ≥230个
    return there, False


def _percent_slip(read: Comparison, value: Decimal, target: Target) -> Question | None:
    """0.98 where 98% is expected is a spreadsheet's way of writing it: asked, never multiplied silently."""
    wanted = target.value or Decimal(0)
    slipped = same_unit(target.unit) == "%" and not read.unit and 0 < value <= 1 and wanted >= 10
    if not slipped or target.direction is not Direction.HIGHER_BETTER:
        return None
    return Question(plain(value * 100), f"{plain(value)} 是 {plain(value * 100)}% 吗？")


def _refused(code: str, words: str, target: Target) -> Problem:
    unit, usual = target.unit or "目标的单位", same_unit(target.unit)
    example = f"{_EXAMPLES.get(usual, 36)}{target.unit}"
    return problem(code, shown=shorten(words), target=shorten(target.text, 40), unit=unit, example=example)


def _unit(target: Target) -> str:
    return target.unit if family(target.unit) is Family.PERCENT or not target.unit else f" {target.unit}"
