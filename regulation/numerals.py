"""One number, in digits or Chinese numerals, exactly as written; anything else is a named fault (N01–N06, N10)."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from functools import cache

from cn2an.cn2an import Cn2An


class Fault(StrEnum):
    """Why a word is not a number."""

    GROUPS = "groups"  # 12,34
    LONG = "long"  # more digits than any figure has
    UNREADABLE = "unreadable"


#: No figure of a district has more; checked on the characters, before any arithmetic (N10).
WHOLE_DIGITS, FRACTION_DIGITS = 15, 8

DIGITS = re.compile(r"([+-]?)([0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
ALMOST_GROUPS = re.compile(r"[+-]?[0-9][0-9,]*,[0-9,]*(?:\.[0-9]*)?")

NUMERAL = "零〇一二三四五六七八九十百千万亿两廿壹贰叁肆伍陆柒捌玖拾佰仟萬億"
CHINESE = re.compile(f"([{NUMERAL}]{{1,24}})(?:点([{NUMERAL}]{{1,8}}))?")
FRACTIONS = dict(zip("零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789", strict=True))

#: Spoken forms the strict reader refuses although there is only one way to read them.
SPOKEN = (
    (re.compile("两(?=[百千万亿])"), "二"),
    (re.compile("^两$"), "二"),
    (re.compile("〇"), "零"),
    (re.compile("(?<=[万亿])零(?=[一二三四五六七八九]千)"), ""),
)


def read_digits(word: str) -> Decimal | Fault:
    """``1,234.5`` -> Decimal; no exponents, no underscores, no other scripts' digits. ``-0`` is 0."""
    if len(word) > 2 * (WHOLE_DIGITS + FRACTION_DIGITS):
        return Fault.LONG if re.fullmatch(r"[+-]?[0-9,.]+", word) else Fault.UNREADABLE
    found = DIGITS.fullmatch(word)
    if not found:
        return Fault.GROUPS if ALMOST_GROUPS.fullmatch(word) else Fault.UNREADABLE
    sign, whole, fraction = found[1], found[2].replace(",", ""), found[3] or ""
    if len(whole) > WHOLE_DIGITS or len(fraction) > FRACTION_DIGITS:
        return Fault.LONG
    value = Decimal(f"{whole}.{fraction}" if fraction else whole)
    return -value if sign == "-" and value else value


def read_chinese(word: str) -> Decimal | None:
    """``一百二十万`` -> 1200000, ``十二点五`` -> 12.5; None unless the whole word is one well-formed numeral."""
    found = CHINESE.fullmatch(word)
    if not found:
        return None
    whole, fraction = _whole(found[1]), _fraction(found[2] or "")
    return None if whole is None or fraction is None else whole + fraction


def fits(value: Decimal, *, whole: int = 9, fraction: int = 6) -> bool:
    """Whether a figure has no more digits than the forms can carry (N10)."""
    exponent = value.as_tuple().exponent
    return abs(value) < 10**whole and isinstance(exponent, int) and exponent >= -fraction


def plain(value: Decimal) -> str:
    """The canonical text of a number: no exponent, no thousands, no trailing zeros, no ``-0``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@cache
def _reader() -> Cn2An:
    return Cn2An()


def _whole(word: str) -> Decimal | None:
    for pattern, said in SPOKEN:
        word = pattern.sub(said, word)
    try:
        return Decimal(int(_reader().cn2an(word, "strict")))
    except ValueError:
        return None


def _fraction(word: str) -> Decimal | None:
    digits = "".join(FRACTIONS.get(numeral, "") for numeral in word)
    if len(digits) != len(word):
        return None
    return Decimal(f"0.{digits}") if digits else Decimal(0)
