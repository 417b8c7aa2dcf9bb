"""Money as a clerk types it, read exactly or asked about; never guessed (RELIABILITY N01–N12)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from regulation.folding import clean_text as clean_text
from regulation.folding import fold, shorten
from regulation.numerals import Fault, fits, plain, read_chinese, read_digits
from regulation.problems import Problem, problem
from regulation.texts import parse_text as parse_text

#: Longer than any amount with its unit; refused before it is looked at (N10).
LONGEST = 200

#: Unit as written -> what one of it is in 万元, longest first. Only 万元 and 万 are taken without asking (N07).
UNITS: tuple[tuple[str, Decimal], ...] = (
    ("百万元", Decimal(100)),
    ("千万元", Decimal(1000)),
    ("万元", Decimal(1)),
    ("千元", Decimal("0.1")),
    ("百元", Decimal("0.01")),
    ("亿元", Decimal(10000)),
    ("百万", Decimal(100)),
    ("千万", Decimal(1000)),
    ("万", Decimal(1)),
    ("亿", Decimal(10000)),
    ("元", Decimal("0.0001")),
    ("块", Decimal("0.0001")),
    ("W", Decimal(1)),
    ("w", Decimal(1)),
)
TAKEN = ("万元", "万", "")

#: What people write for "there was none"; it is not a number and never becomes 0 by itself (N09).
NOTHING = frozenset(
    {"/", "\\", "-", "--", "—", "——", "无", "没有", "暂无", "不详", "未知", "空", "N/A", "n/a"}
)

#: Words that make a number inexact: 约50, 50左右, 三成, 12多, 10-12 (N06).
VAGUE = re.compile(r"约|大概|差不多|左右|上下|多|余|近|几|若干|半|[成折]$|[0-9]\s*[~至到-]\s*[0-9]")

#: One reading, but not how numbers are written: ``.5``, ``12。5``.
CARELESS = re.compile(r"([0-9]{0,9})[.。]([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Question:
    """A reading that must be confirmed by the person before it counts. ``proposed`` is canonical (str)."""

    proposed: str
    text: str  # one Chinese sentence ending in ？


def parse_amount(text: str, *, negative: bool = False) -> Decimal | Question | Problem:
    """An amount in 万元; asks when the text carries another unit or Chinese numerals.

    ``negative`` allows amounts below 0 (the 调减 switch). Decimals keep the digits as written; ``-0`` is 0."""
    if len(text) > LONGEST:
        return problem("amount.long")
    words = fold(text).rstrip("。 ")
    if not words:
        return problem("amount.empty")
    if words in NOTHING:
        return problem("amount.none", shown=words)
    number, unit, factor = _split(words)
    read = read_digits(number)
    if isinstance(read, Fault):
        return _asked(words, number, factor) or _refused(words, read)
    return _taken(
        words,
        read * factor if read else Decimal(0),
        ask=_is_doubtful(number, unit, read, negative),
        negative=negative,
    )


def format_wan(value: Decimal) -> str:
    """An amount in 万元 as shown everywhere: thousands, two decimals, rounded half up (N17, N18)."""
    shown = value.quantize(Decimal("0.01"), ROUND_HALF_UP, Context(prec=60))
    return format(shown if shown else abs(shown), ",.2f")


def exact_wan(value: Decimal) -> str:
    """An amount in 万元 with every digit it has: thousands, at least two decimals (38.766462, 1,234.50)."""
    whole, _, fraction = plain(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{Decimal(digits):,f}.{fraction.ljust(2, '0')}"


def _split(words: str) -> tuple[str, str, Decimal]:
    for unit, factor in UNITS:
        if words.endswith(unit):
            return words[: -len(unit)].rstrip(), unit, factor
    return words, "", Decimal(1)


def _is_doubtful(number: str, unit: str, read: Decimal, negative: bool) -> bool:
    more = number.startswith("+") and not negative  # "12 more" or "12 in all"?
    return more or (unit not in TAKEN and bool(read))  # 0 is 0 in any unit


def _taken(words: str, value: Decimal, *, ask: bool, negative: bool) -> Decimal | Question | Problem:
    if value < 0 and not negative:
        return problem("amount.negative")
    if ask:
        return _question(words, value)
    return value if fits(value) else problem("amount.long")


def _question(words: str, value: Decimal) -> Question | Problem:
    if not fits(value):
        return problem("amount.long")
    return Question(plain(value), f"{shorten(words)} = {_wan(value)} 万元，对吗？")


def _asked(words: str, number: str, factor: Decimal) -> Question | Problem | None:
    """Careless forms and Chinese numerals have one reading, which is read back to the person."""
    careless = CARELESS.fullmatch(number)
    if careless:
        return _question(words, Decimal(f"{careless[1] or '0'}.{careless[2]}") * factor)
    whole = re.sub(r"(?<=[元圆万萬])[整正]$", "", words)
    bare = re.sub(r"[元圆]$", "", whole)
    value = read_chinese(bare)
    if value is None:
        number, _, factor = _split(whole)  # 一点三亿: the fraction belongs to the scale
        fraction = read_chinese(number)
        return None if fraction is None else _question(words, fraction * factor)
    if bare != whole or re.search("[万萬亿億]", bare):
        return _question(words, value / 10000)
    return _bare_numeral(words, value)


def _bare_numeral(words: str, value: Decimal) -> Question | Problem:
    """一百二十 alone: 万元 is what the field wants, 元 is what people say; both are named."""
    if not fits(value):
        return problem("amount.long")
    return Question(
        plain(value), f"{shorten(words)} 按 {_wan(value)} 万元记（不是 {_wan(value)} 元），对吗？"
    )


def _refused(words: str, fault: Fault) -> Problem:
    shown = shorten(words)
    if fault is Fault.LONG:
        return problem("amount.long")
    if fault is Fault.GROUPS:
        return problem("amount.groups", shown=shown)
    if isinstance(read_digits(words.rstrip("%‰ ")), Decimal):
        return problem("amount.percent", shown=shown)
    return problem("amount.vague" if VAGUE.search(words) else "amount.unreadable", shown=shown)


def _wan(value: Decimal) -> str:
    whole, dot, fraction = plain(value).partition(".")
    return f"{Decimal(whole):,f}{dot}{fraction}"
