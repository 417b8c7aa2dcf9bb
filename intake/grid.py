"""The rows of a roster workbook as cells under their headings, or the plain reason why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from intake.layout import EXAMPLE, MARKER, MARKER_SHEET, SHEETS, VERSION, Sheet
from intake.parts import DAMAGED, Refusal, repacked, unpacked
from intake.problems import RowProblem
from intake.survey import Marks, Place, marks

HEADING_WITHIN = 10  # somebody may put a title or two above the headings
READ = frozenset({MARKER_SHEET, *(sheet.name for sheet in SHEETS)})

Raw = str | float | int | bool | date | time | timedelta


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value ('' when empty), what is wrong with it, and whether it is shown as a percentage."""

    value: Raw = ""
    flaw: str = ""
    percent: bool = False

    @property
    def empty(self) -> bool:
        """Nothing there, not even a flaw."""
        return not self.flaw and (
            self.value == "" or (isinstance(self.value, str) and not self.value.strip())
        )


EMPTY = Cell()
HOLLOW = "公式还没有算出结果。请在 Excel 或 WPS 里打开保存一次，或直接写上数。"
BROKEN = "这一格是错误值（如 #REF!）。请直接写上内容。"


@dataclass(slots=True)
class Row:
    """One row by column name. What is found wrong is noted here, so that every mistake is told at once."""

    sheet: str
    number: int
    cells: Mapping[str, Cell] = field(default_factory=dict)
    faults: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)

    def cell(self, column: str) -> Cell:
        """The cell in that column."""
        return self.cells.get(column, EMPTY)

    def fault(self, column: str, text: str) -> None:
        """Note a mistake that stops the import."""
        self.faults.append(RowProblem(self.sheet, self.number, column, text))

    def warn(self, column: str, text: str) -> None:
        """Note something odd that does not stop the import."""
        self.warnings.append(RowProblem(self.sheet, self.number, column, text))


@dataclass(frozen=True, slots=True)
class Grid:
    """Every sheet's rows without examples and blanks, and what was wrong with the sheets themselves."""

    rows: Mapping[str, tuple[Row, ...]]
    faults: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()


def grid(data: bytes, file_name: str) -> Grid | Refusal:
    """The workbook's rows; a Refusal when the file as a whole cannot be used."""
    parts = unpacked(data, file_name)
    if isinstance(parts, Refusal):
        return parts
    marked = marks(parts)
    if isinstance(marked, Refusal):
        return marked
    book = _book(repacked(parts))
    if book is None:
        return Refusal(DAMAGED)
    return _wrong_template(book) or _grid(book, marked)


def _book(data: bytes) -> dict[str, CalamineSheet] | None:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        return {name: book.get_sheet_by_name(name) for name in book.sheet_names if name in READ}
    except CalamineError:
        return None
    except BaseException as fault:  # a panic of the reader's native code is not an Exception
        if type(fault).__module__ != "pyo3_runtime":
            raise
        return None


def _wrong_template(book: dict[str, CalamineSheet]) -> Refusal | None:
    """X06: only a workbook made from our template, of this version, is read."""
    first = book[MARKER_SHEET].to_python(skip_empty_area=False, nrows=1) if MARKER_SHEET in book else []
    name, version = (*(first[0] if first else ()), "", "")[:2]
    if name != MARKER:
        return Refusal("这不是名册模板做的工作簿。请下载模板，把内容粘贴进去再传。")
    if version != VERSION:
        return Refusal("名册模板的版本不对。请下载新模板，把内容粘贴进去再传。")
    return None


def _grid(book: dict[str, CalamineSheet], marked: dict[str, Marks]) -> Grid:
    rows: dict[str, tuple[Row, ...]] = {}
    faults: list[RowProblem] = []
    warnings: list[RowProblem] = []
    for sheet in SHEETS:
        if sheet.name not in book:
            faults.append(RowProblem(sheet.name, 0, "", "缺少这张表。请从模板里补回来，表名不要改。"))
            continue
        columns, at = _headings(sheet, book[sheet.name])
        problems = _wrong_headings(sheet, columns, at)
        faults.extend(problems)
        if not problems:
            warnings.extend(_unknown(sheet, columns, at))
            faults.extend(_merged(sheet, book[sheet.name], at))
            cells = _cells(book[sheet.name], marked.get(sheet.name, Marks()), columns, at)
            rows[sheet.name] = tuple(
                Row(sheet.name, number, row) for number, row in cells if _counts(sheet, row)
            )
    return Grid(rows, tuple(faults), tuple(warnings))


def _headings(sheet: Sheet, page: CalamineSheet) -> tuple[tuple[str, ...], int]:
    """The names in the heading row and its 1-based number; nothing and 0 when there is none."""
    first = sheet.columns[0].name
    for number, row in enumerate(page.to_python(skip_empty_area=False, nrows=HEADING_WITHIN), 1):
        names = tuple(_name(value) for value in row)
        if first in names:
            return names, number
    return (), 0


def _name(value: Raw) -> str:
    """A heading without its unit and without the blanks and line breaks people add."""
    return re.sub(r"[（(].*[）)]$", "", re.sub(r"\s+", "", str(value)))


def _key(name: str) -> str:
    return re.sub(r"\s+", "", name)


def _wrong_headings(sheet: Sheet, names: tuple[str, ...], at: int) -> list[RowProblem]:
    if not at:
        return [RowProblem(sheet.name, 0, "", f"找不到表头。表头第一格应是“{sheet.columns[0].name}”。")]
    found: list[RowProblem] = []
    for column in sheet.columns:
        count = names.count(_key(column.name))
        if count != 1 and not (count == 0 and column.may_lack):
            text = "这一列出现了两次，请删去一列。" if count else "缺少这一列。请从模板里补回来，表头不要改。"
            found.append(RowProblem(sheet.name, at, column.name, text))
    return found


def _unknown(sheet: Sheet, names: tuple[str, ...], at: int) -> list[RowProblem]:
    known = {_key(column.name) for column in sheet.columns}
    return [
        RowProblem(sheet.name, at, name[:20], "模板里没有这一列，没有读。")
        for name in names
        if name and name not in known
    ]


def _merged(sheet: Sheet, page: CalamineSheet, at: int) -> list[RowProblem]:
    return [
        RowProblem(sheet.name, top + 1, "", "有合并单元格。请取消合并，每一行都写全。")
        for (top, _), (bottom, _) in page.merged_cell_ranges or ()
        if bottom + 1 > at
    ]


def _cells(
    page: CalamineSheet, marked: Marks, names: tuple[str, ...], at: int
) -> Iterator[tuple[int, dict[str, Cell]]]:
    spelled = {_key(column.name): column.name for sheet in SHEETS for column in sheet.columns}
    for number, row in enumerate(page.to_python(skip_empty_area=False), 1):
        if number > at:
            yield (
                number,
                {
                    spelled[name]: _cell(value, marked, (number, column))
                    for column, (name, value) in enumerate(zip(names, row, strict=False), 1)
                    if name in spelled
                },
            )


def _cell(value: Raw, marked: Marks, at: Place) -> Cell:
    if at in marked.hollow:
        return Cell("", HOLLOW)
    if at in marked.errors:
        return Cell("", BROKEN)
    return Cell(value, "", at in marked.percent)


def _counts(sheet: Sheet, row: Mapping[str, Cell]) -> bool:
    """Whether the row holds anything and is not an example."""
    first = row.get(sheet.columns[0].name, EMPTY)
    return not str(first.value).startswith(EXAMPLE) and not _blank(row.values())


def _blank(cells: Iterable[Cell]) -> bool:
    return all(cell.empty for cell in cells)
