"""Execution figures out of a file: a CSV or a workbook with one row per project, amounts in 万元."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from intake.grid import BROKEN, HOLLOW
from intake.parts import DAMAGED, MAX_FILE, TOO_BIG, Refusal, repacked, unpacked
from intake.problems import RowProblem
from intake.survey import Marks, marks
from regulation.execution import Line
from regulation.roster import SOURCE_LABELS, FundSource

PROJECT, ARRIVED, SPENT = "项目编码", "已到位资金", "已支出资金"
BY_SOURCE: Mapping[str, FundSource] = {f"{label}支出": source for source, label in SOURCE_LABELS.items()}
COLUMNS = (PROJECT, ARRIVED, SPENT, *BY_SOURCE)
HEADING_WITHIN = 10  # somebody may put a title or two above the headings
NO_HEADINGS = f"找不到表头。前 {HEADING_WITHIN} 行里要有一行写着“{PROJECT}”，以及“{ARRIVED}”或“{SPENT}”。"
TWICE = "这一列出现了两次，请删去一列。"
NOT_TEXT = "这不是文字文件，也不是 .xlsx 工作簿。请存成 CSV（UTF-8）或 .xlsx 再传。"

#: one row of the file: its number as people count it, and its cells as words
Numbered = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class FileReading:
    """The rows of a file; ``lines`` may be read further exactly when ``problems`` is empty."""

    lines: tuple[Line, ...]
    problems: tuple[RowProblem, ...] = ()


def read_figures(data: bytes, file_name: str) -> FileReading:
    """The rows as lines of a batch. Amounts stay as they were written; the batch judges them."""
    if len(data) > MAX_FILE:
        return _refused(TOO_BIG)
    if data.startswith(b"PK\x03\x04") or file_name.lower().endswith((".xlsx", ".xls", ".xlsm")):
        return _workbook(data, file_name)
    text = _decoded(data)
    if text is None:
        return _refused(NOT_TEXT)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return _refused(DAMAGED)
    return _read(file_name, list(enumerate(rows, 1)), ())


def _refused(text: str) -> FileReading:
    return FileReading((), (RowProblem("", 0, "", text),))


def _decoded(data: bytes) -> str | None:
    """UTF-8, or what Excel of a Chinese Windows saves."""
    if b"\0" in data:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _workbook(data: bytes, file_name: str) -> FileReading:
    parts = unpacked(data, file_name)
    if isinstance(parts, Refusal):
        return _refused(parts.text)
    marked = marks(parts)
    if isinstance(marked, Refusal):
        return _refused(marked.text)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(repacked(parts)))
        name = book.sheet_names[0]
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, IndexError):
        return _refused(DAMAGED)
    except BaseException as fault:  # a panic of the reader's native code is not an Exception
        if type(fault).__module__ != "pyo3_runtime":
            raise
        return _refused(DAMAGED)
    flaws = tuple(_flaws(name, marked.get(name, Marks())))
    return _read(
        name, [(number, [_words(cell) for cell in row]) for number, row in enumerate(rows, 1)], flaws
    )


def _flaws(sheet: str, marked: Marks) -> Iterator[RowProblem]:
    for places, text in ((marked.hollow, HOLLOW), (marked.errors, BROKEN)):
        for row, _ in sorted(places):
            yield RowProblem(sheet, row, "", text)


def _words(value: Any) -> str:
    """A number as digits, without the noise of binary fractions; everything else as its words."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{Decimal(format(value, '.15g')):f}"
    return str(value)


def _read(sheet: str, rows: Sequence[Numbered], flaws: tuple[RowProblem, ...]) -> FileReading:
    found = next((row for row in rows[:HEADING_WITHIN] if PROJECT in _names(row[1])), None)
    if found is None or not {ARRIVED, SPENT, *BY_SOURCE} & set(_names(found[1])):
        return FileReading((), (RowProblem(sheet, 0, "", NO_HEADINGS),))
    at, names = found[0], _names(found[1])
    twice = tuple(RowProblem(sheet, at, name, TWICE) for name in COLUMNS if names.count(name) > 1)
    if problems := (*flaws, *twice):
        return FileReading((), problems)
    filled = ((number, row) for number, row in rows if number > at and any(cell.strip() for cell in row))
    return FileReading(tuple(_line(number, dict(zip(names, row, strict=False))) for number, row in filled))


def _names(row: Sequence[str]) -> list[str]:
    """Headings without their units and the blanks and line breaks people add."""
    return [re.sub(r"[（(].*[）)]$", "", re.sub(r"\s+", "", cell)) for cell in row]


def _line(number: int, row: Mapping[str, str]) -> Line:
    by_source = {source: text for name, source in BY_SOURCE.items() if (text := row.get(name, "").strip())}
    return Line(
        number,
        row.get(PROJECT, "").strip(),
        row.get(ARRIVED, "").strip(),
        row.get(SPENT, "").strip(),
        by_source,
    )
