"""The workbook a 附表1 can be answered in: everything known is printed and locked, one column is open."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from regulation import worksheet as layout
from regulation.annex1 import FieldKind
from regulation.roster import LIKELIHOOD_LABELS, Project
from regulation.rounds import MonitoringRound

WIDTHS = (8, 40, 18, 12, 24, 8)
_THIN = Side(style="thin", color="999999")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_OPEN = PatternFill("solid", fgColor="FFF7E0")


@dataclass(frozen=True, slots=True)
class Blank:
    """One form to be answered in a workbook."""

    project: Project
    unit: str
    round: MonitoringRound
    lines: tuple[layout.Line, ...]


def answers_workbook(blank: Blank) -> bytes:
    """An xlsx whose 本季填写 column is to be filled and sent back."""
    project, round = blank.project, blank.round
    book = Workbook()
    page = book.worksheets[0]
    page.title = layout.SHEET
    for row, text in (
        (layout.TITLE_ROW, f"{project.name}　附表1填报表"),
        (layout.ABOUT_ROW, f"{blank.unit}　{round.label}　单位：万元"),
        (layout.HINT_ROW, layout.hint(blank.lines)),
        (layout.MARKER_ROW, layout.marker(project.id, round)),
    ):
        _text(page, row, 1, text)
    page.cell(layout.TITLE_ROW, 1).font = Font(name="宋体", size=14, bold=True)
    page.row_dimensions[layout.MARKER_ROW].hidden = True
    for column, heading in enumerate(layout.HEADINGS, 1):
        _text(page, layout.HEADING_ROW, column, heading).font = Font(name="宋体", bold=True)
    choices = DataValidation("list", formula1=f'"{",".join(LIKELIHOOD_LABELS.values())}"', allow_blank=True)
    page.add_data_validation(choices)
    for row, line in enumerate(blank.lines, layout.HEADING_ROW + 1):
        _line(page, row, line)
        if line.kind is FieldKind.LIKELIHOOD:
            choices.add(page.cell(row, layout.ANSWER))
    _set_up(page)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def _line(page: Worksheet, row: int, line: layout.Line) -> None:
    shown = (line.short, line.label, line.target, line.last, "", line.unit)
    for column, text in enumerate(shown, 1):
        _text(page, row, column, text).border = _BOX
    answer = page.cell(row, layout.ANSWER)
    answer.border = _BOX
    answer.protection = Protection(locked=False)
    answer.fill = _OPEN
    answer.number_format = "@"
    _text(page, row, layout.KEY, line.key)


def _text(page: Worksheet, row: int, column: int, text: str) -> Any:
    """Never a formula, whatever it begins with (X01)."""
    cell = page.cell(row, column, text or None)
    cell.data_type = "s" if text else "n"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    cell.alignment = Alignment(wrap_text=column in (2, layout.ANSWER), vertical="center")
    return cell


def _set_up(page: Worksheet) -> None:
    for column, width in zip("ABCDEF", WIDTHS, strict=True):
        page.column_dimensions[column].width = width
    page.column_dimensions["G"].hidden = True
    page.freeze_panes = f"A{layout.HEADING_ROW + 1}"
    page.protection.sheet = True
    page.protection.formatRows = False
    page.protection.formatColumns = False
    page.page_setup.orientation = "portrait"
    page.page_setup.fitToHeight = 0
