"""One cell read as what its column takes; mistakes are noted on the row, nothing is guessed (N01–N12)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar

from intake.grid import Cell, Row
from intake.layout import NO, YES
from regulation.amounts import Question, parse_amount
from regulation.folding import clean_text, fold, shorten
from regulation.problems import Problem

Choice = TypeVar("Choice")

CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
NAME_LIMIT = 100
TEXT_LIMIT = 300
#: What Excel keeps exactly; more digits are the noise of its binary fractions (0.1+0.2).
EXCEL_DIGITS = ".15g"

DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?|\s*月)?")

EMPTY_FAULT = "没有填。"


def text(row: Row, column: str, limit: int = NAME_LIMIT, *, required: bool = True) -> str:
    """The words in the cell as the person sees them; a number shown as 95% stays ``95%``."""
    cell = row.cell(column)
    if _unusable(row, column, cell, required=required):
        return ""
    words = _words(cell)
    if len(words) > limit:
        row.fault(column, f"太长了，有 {len(words)} 个字。请改到 {limit} 个字以内。")
    return words[:limit]


def code(row: Row, column: str, *, required: bool = True) -> str:
    """A code that other rows refer to."""
    words = text(row, column, 200, required=required)
    if words and not CODE.fullmatch(words):
        row.fault(column, "编码只能用字母、数字、点、横线和下划线，不超过 40 个。")
        return ""
    return words


def unspaced(row: Row, column: str) -> str:
    """Somebody else's number or name for something: any visible characters, no blanks."""
    words = text(row, column, 128, required=False)
    if re.search(r"\s", words):
        row.fault(column, "账号里不能有空格。")
        return ""
    return words


def account(row: Row, column: str) -> str:
    """A user id on a platform: any visible characters, no blanks, and nothing the platforms take for several people
    or for everybody (``a|b``, ``a,b``, ``@all``)."""
    words = unspaced(row, column)
    if words.startswith("@") or re.search(r"[|,，;；]", words):
        row.fault(column, "一格只写一个人的账号：不能以 @ 开头，不能有 | 、逗号、分号。")
        return ""
    return words


def money(row: Row, column: str, *, required: bool = False) -> Decimal | None:
    """An amount in 万元 ≥ 0, None when empty or wrong (an empty cell is never 0, N09)."""
    cell = row.cell(column)
    if _unusable(row, column, cell, required=required):
        return None
    if not isinstance(cell.value, str | int | float) or isinstance(cell.value, bool) or cell.percent:
        row.fault(column, "这里要写金额，单位万元，如 320.00。")
        return None
    return _amount(row, column, _digits(cell.value))


def number(row: Row, column: str) -> Decimal | None:
    """A plain number ≥ 0 such as a planned stage value; ``95%`` counts as 95."""
    cell = row.cell(column)
    if _unusable(row, column, cell, required=False):
        return None
    words = _words(cell).removesuffix("%").removesuffix("％")
    read = parse_amount(words) if isinstance(cell.value, str | int | float) else None
    if not isinstance(read, Decimal) or read < 0:
        row.fault(column, "只写一个数，不带单位，如 36。")
        return None
    return read


def whole(row: Row, column: str, low: int, high: int, *, required: bool = True) -> int | None:
    """A whole number between ``low`` and ``high``."""
    cell = row.cell(column)
    if _unusable(row, column, cell, required=required):
        return None
    words = fold(_words(cell))
    if not re.fullmatch(r"[0-9]{1,6}", words) or not low <= int(words) <= high:
        row.fault(column, f"要写 {low} 到 {high} 之间的整数。")
        return None
    return int(words)


def flag(row: Row, column: str, *, empty: bool = False) -> bool:
    """是 or 否; ``empty`` when nothing is written."""
    cell = row.cell(column)
    if isinstance(cell.value, bool):
        return cell.value
    return {YES: True, NO: False}.get(choice(row, column, {YES: YES, NO: NO}) or "", empty)


def choice(row: Row, column: str, choices: Mapping[str, Choice], *, required: bool = False) -> Choice | None:
    """One of the listed words."""
    words = text(row, column, 200, required=required)
    if words and words not in choices:
        row.fault(column, f"只能填：{'、'.join(choices)}。")
    return choices.get(words)


def day(row: Row, column: str, *, last: bool = False) -> date | None:
    """A date; a month without a day means its first day, or its last when ``last``."""
    cell = row.cell(column)
    if _unusable(row, column, cell, required=False):
        return None
    if isinstance(cell.value, date):
        return cell.value.date() if isinstance(cell.value, datetime) else cell.value
    found = DATE.fullmatch(fold(_words(cell))) if isinstance(cell.value, str) else None
    read = _date(int(found[1]), int(found[2]), found[3], last=last) if found else None
    if read is None:
        row.fault(column, "看不出日期。请写成 2026-03-01。")
    return read


def _date(year: int, month: int, day_of_month: str | None, *, last: bool) -> date | None:
    if not (2000 <= year <= 2100 and 1 <= month <= 12):
        return None
    end = calendar.monthrange(year, month)[1]
    number_of_day = int(day_of_month) if day_of_month else (end if last else 1)
    return date(year, month, number_of_day) if 1 <= number_of_day <= end else None


def _unusable(row: Row, column: str, cell: Cell, *, required: bool) -> bool:
    """Whether there is nothing to read; says so on the row when there should be."""
    if cell.flaw:
        row.fault(column, cell.flaw)
    elif cell.empty and required:
        row.fault(column, EMPTY_FAULT)
    return bool(cell.flaw) or cell.empty


def _words(cell: Cell) -> str:
    match cell.value:
        case str(words):
            return clean_text(words)
        case bool(yes):
            return YES if yes else NO
        case int() | float():
            return _digits(cell.value * 100) + "%" if cell.percent else _digits(cell.value)
        case date() as on:
            return f"{on.year}年{on.month}月{on.day}日"
        case time() | timedelta():
            return str(cell.value)


def _digits(value: str | float) -> str:
    """A cell's number as Excel shows it: Excel keeps 15 digits, a binary fraction has more."""
    if isinstance(value, str):
        return clean_text(value)
    plain = Decimal(format(value, EXCEL_DIGITS))
    return format(plain.to_integral_value() if plain == plain.to_integral_value() else plain, "f")


def _amount(row: Row, column: str, words: str) -> Decimal | None:
    read = parse_amount(words)
    match read:
        case Problem():
            row.fault(column, read.text)
        case Question():
            row.fault(column, f"这一列单位是万元，只写数字。“{shorten(words)}”是不是 {read.proposed}？")
        case Decimal() if read < 0:
            row.fault(column, "不能小于 0。")
        case Decimal():
            return read
    return None
