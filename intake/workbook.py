"""A roster workbook drawn with openpyxl from the layout table; text is never a formula (X01, X02)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import IO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from intake.layout import EXAMPLE, MARKER, MARKER_SHEET, SHEETS, VERSION, Column, Kind, Sheet, Value

EXCEL_DAY_0 = date(1899, 12, 30)
LAST_ROW = 20_000  # how far down the lists and checks reach; the reader's limit
MONEY_FORMAT = "#,##0.00####"
TEXT_FORMAT = "@"
DATE_FORMAT = "yyyy-mm-dd"

HEADING_FONT = Font(name="宋体", size=11, bold=True)
BODY_FONT = Font(name="宋体", size=11)
EXAMPLE_FONT = Font(name="宋体", size=11, italic=True, color="808080")
HEADING_FILL = PatternFill("solid", fgColor="DDE7F0")
THIN = Side(style="thin", color="B0B8C0")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)

GUIDE = (
    "名册工作簿",
    "这本工作簿告诉系统：有哪些部门和单位，谁经办，有哪些项目，绩效目标是什么。",
    "一、按表的顺序填：处室、部门、单位、人员、项目、指标。后面的表用编码指向前面的表。",
    f"二、每张表第 2 行灰色的是样例，以“{EXAMPLE}”开头，不会读入，可以留着。从第 3 行起填。",
    "三、金额都是万元。项目的五个来源填调整后的预算，加起来就是附表1 的预算总额。",
    "四、年度目标照批复一字不改，连同符号和单位。系统原样打印。",
    "五、涉密项目不要写进来，只在《单位》写个数，线下报送。",
    "六、表名、表头不要改，不要合并单元格。",
    "七、要么全部读入，要么一行也不读。有错会告诉您哪张表、第几行、哪一列。",
)


def blank(rows: Mapping[str, Iterable[Sequence[Value]]]) -> Workbook:
    """A workbook with those rows below the headings, by sheet name and in column order."""
    book = Workbook()
    guide = book.worksheets[0]
    guide.title = "说明"
    _guide(guide)
    for sheet in SHEETS:
        _draw(book.create_sheet(sheet.name), sheet, rows.get(sheet.name, ()))
    _mark(book.create_sheet(MARKER_SHEET))
    return book


def save(book: Workbook, target: IO[bytes]) -> None:
    """Write the workbook."""
    book.save(target)


def _guide(page: Worksheet) -> None:
    page.column_dimensions["A"].width = 90
    for at, line in enumerate(GUIDE, 1):
        cell = page.cell(at, 1, line)
        cell.font = HEADING_FONT if at == 1 else BODY_FONT
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _mark(page: Worksheet) -> None:
    page.append((MARKER, VERSION))
    page.sheet_state = "veryHidden"


def _draw(page: Worksheet, sheet: Sheet, rows: Iterable[Sequence[Value]]) -> None:
    page.freeze_panes = "A2"
    for at, column in enumerate(sheet.columns, 1):
        _heading(page.cell(1, at), column)
        whole_column = page.column_dimensions[get_column_letter(at)]
        whole_column.width = column.width
        whole_column.number_format = _format(column)
        _validate(page, column, get_column_letter(at))
    for number, values in enumerate(rows, 2):
        font = EXAMPLE_FONT if str(values[0]).startswith(EXAMPLE) else BODY_FONT
        for at, (column, value) in enumerate(zip(sheet.columns, values, strict=True), 1):
            _put(page.cell(number, at), column, value, font)


def _heading(cell: Cell | MergedCell, column: Column) -> None:
    cell.value = column.heading
    cell.font, cell.fill, cell.border = HEADING_FONT, HEADING_FILL, BOX
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    if column.hint:
        cell.comment = Comment(column.hint, "绩监通", width=260, height=90)


def _put(cell: Cell | MergedCell, column: Column, value: Value, font: Font) -> None:
    cell.font, cell.number_format = font, _format(column)
    if isinstance(value, str):
        if value:
            _literal(cell, value)
    else:
        cell.value = value


def _literal(cell: Cell | MergedCell, words: str) -> None:
    """Put words so that no office program ever takes them for a formula or an escape."""
    safe = ILLEGAL_CHARACTERS_RE.sub("", words)
    cell.value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", safe)
    cell.data_type = "s"
    cell.quotePrefix = words[:1] in "=+-@\t"


def _format(column: Column) -> str:
    match column.kind:
        case Kind.MONEY:
            return MONEY_FORMAT
        case Kind.DATE:
            return DATE_FORMAT
        case Kind.WHOLE | Kind.NUMBER:
            return "General"
        case _:
            return TEXT_FORMAT


def _validate(page: Worksheet, column: Column, letter: str) -> None:
    rule = _rule(column)
    if rule:
        rule.add(f"{letter}2:{letter}{LAST_ROW}")
        page.add_data_validation(rule)


def _rule(column: Column) -> DataValidation | None:
    if column.refers:
        return _list(f"'{column.refers}'!$A$2:$A${LAST_ROW}", column, strict=False)
    match column.kind:
        case Kind.CHOICE | Kind.SUGGESTION:
            return _list(f'"{",".join(column.choices)}"', column, strict=column.kind is Kind.CHOICE)
        case Kind.MONEY | Kind.NUMBER:
            rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
            return _firm(rule, "只写数，不能小于 0。")
        case Kind.WHOLE if column.name == "年度":
            return _firm(
                DataValidation(type="whole", formula1="2000", formula2="2099"), "写四位数的年份，如 2026。"
            )
        case Kind.WHOLE:
            return _firm(
                DataValidation(type="whole", formula1="0", formula2="999"), "写 0 到 999 之间的整数。"
            )
        case Kind.DATE:
            low, high = (str((day - EXCEL_DAY_0).days) for day in (date(2000, 1, 1), date(2100, 12, 31)))
            return _firm(
                DataValidation(type="date", formula1=low, formula2=high), "写成日期，如 2026-03-01。"
            )
        case _:
            return None


def _list(formula: str, column: Column, *, strict: bool) -> DataValidation:
    rule = DataValidation(type="list", formula1=formula)
    if strict:
        return _firm(rule, "请从下拉列表里选。")
    _firm(rule, f"列表里没有这个{column.name}，请核对。").errorStyle = "warning"
    return rule


def _firm(rule: DataValidation, error: str) -> DataValidation:
    rule.allow_blank, rule.showErrorMessage = True, True
    rule.errorStyle, rule.error = "stop", error
    return rule
