"""A small roster and workbooks made from it with one thing changed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook, load_workbook

from intake.export import write_roster
from intake.layout import SHEETS
from regulation.roster import (
    Department,
    Duty,
    FinanceDivision,
    FundSource,
    Indicator,
    KeyBasis,
    Person,
    Project,
    ResponsibleUnit,
    Role,
    Roster,
)

#: Rows of the exported workbook begin here; row 1 is the headings.
FIRST = 2


def small() -> Roster:
    """One department with two units, eight people and two projects; nothing to warn about."""
    return Roster(
        divisions=(FinanceDivision("C01", "教科文科"),),
        departments=(Department("D01", "区示例局", "C01"),),
        units=(
            ResponsibleUnit("U01", "D01", "区示例局本级", True),
            ResponsibleUnit("U02", "D01", "示例小学"),
        ),
        people=(
            _person("zhang", "张三", Duty(Role.FILLER, "U01"), Duty(Role.FILLER, "U02")),
            _person("li", "李四", Duty(Role.UNIT_HEAD, "U01")),
            _person("wu", "吴十", Duty(Role.UNIT_HEAD, "U02")),
            _person("wang", "王五", Duty(Role.BUDGET_OFFICE, "D01")),
            _person("zhao", "赵六", Duty(Role.DEPARTMENT_HEAD, "D01")),
            _person("qian", "钱七", Duty(Role.FINANCE_DIVISION, "C01")),
            _person("sun", "孙八", Duty(Role.PERFORMANCE_OFFICE, "*")),
            _person("zhou", "周九", Duty(Role.ADMIN, "*")),
        ),
        projects=(
            Project(
                "P1",
                2026,
                "U01",
                "zhang",
                "校舍改造",
                Decimal("300.00"),
                Decimal("320.00"),
                ((FundSource.CENTRAL, Decimal("100.00")), (FundSource.DISTRICT, Decimal("220.00"))),
                (
                    Indicator(1, "产出", "数量", "改造教室", "48间", Decimal(20), Decimal(36)),
                    Indicator(2, "产出", "质量", "验收合格率", "100%"),
                ),
                "3204-0001",
                True,
                KeyBasis.PUBLIC_CONCERN,
                date(2026, 3, 1),
                date(2026, 11, 30),
                True,
            ),
            Project(
                "P2",
                2026,
                "U02",
                "zhang",
                "设备购置",
                Decimal("12.5"),
                Decimal("12.5"),
                ((FundSource.DISTRICT, Decimal("12.5")),),
                (Indicator(1, "效果", "满意度", "师生满意度", "≥95%"),),
            ),
        ),
    )


def _person(code: str, name: str, *duties: Duty) -> Person:
    return Person(code, name, duties, (("dingtalk", f"d-{code}"), ("simulator", code)))


def changed(change: Callable[[Workbook], None], roster: Roster | None = None) -> bytes:
    """The small roster's workbook after ``change``."""
    book = load_workbook(BytesIO(write_roster(roster or small())))
    change(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The workbook as bytes."""
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def put(book: Workbook, sheet: str, row: int, column: str, value: object) -> None:
    """Write one cell by its sheet, Excel row and column name."""
    layout = next(one for one in SHEETS if one.name == sheet)
    book[sheet].cell(row, layout.column(column)).value = value  # type: ignore[assignment]


def put_format(book: Workbook, sheet: str, row: int, column: str, number_format: str) -> None:
    """Give one cell a number format."""
    layout = next(one for one in SHEETS if one.name == sheet)
    book[sheet].cell(row, layout.column(column)).number_format = number_format


def add(book: Workbook, sheet: str, **cells: object) -> int:
    """Append a row with these cells by column name, and return its Excel row."""
    row = book[sheet].max_row + 1
    for column, value in cells.items():
        put(book, sheet, row, column, value)
    return row


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one part rewritten, or added when it is not there."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in source.infolist():
            if entry.filename != name:
                new.writestr(entry, source.read(entry))
        new.writestr(name, change(source.read(name) if name in source.namelist() else b""))
    return target.getvalue()


def part_of(data: bytes, sheet: str) -> str:
    """The part that holds a sheet, as openpyxl numbers them."""
    names = load_workbook(BytesIO(data), read_only=True).sheetnames
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"
