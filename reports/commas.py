"""Comma separated files that office programs open as they are meant: with a BOM, and no cell ever a formula (X01)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from regulation.rates import plain
from reports.sheet import printable

Value = str | Decimal | int | None

_DANGEROUS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def table(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """The file: UTF-8 with BOM, one heading row, lines ended as RFC 4180 wants them."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def cell(value: Value) -> str:
    """A number as digits; a text that a spreadsheet program would calculate gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, Decimal | int):
        return plain(Decimal(value))
    clean = printable(value)
    return f"'{clean}" if clean.lstrip(" \u3000").startswith(_DANGEROUS) else clean
