"""The workbook handed out: what an official sees, and that it is read back as empty."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from intake.layout import MARKER_SHEET, SHEETS
from intake.roster import read_roster
from intake.template import template, write_template
from regulation.roster import ROLE_LABELS, KeyBasis


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(BytesIO(template()))


def test_sheets_in_the_order_they_are_filled(book: Workbook) -> None:
    assert book.sheetnames == ["说明", "处室", "部门", "单位", "人员", "项目", "指标", MARKER_SHEET]
    assert book[MARKER_SHEET].sheet_state == "veryHidden"


@pytest.mark.parametrize("name", [sheet.name for sheet in SHEETS])
def test_headings_are_frozen_and_one_example_follows(book: Workbook, name: str) -> None:
    page = book[name]
    assert page.freeze_panes == "A2"
    assert page.max_row == 2
    assert str(page["A2"].value).startswith("例：")


def test_money_columns_say_their_unit(book: Workbook) -> None:
    headings = [cell.value for cell in book["项目"][1]]
    assert [one for one in headings if "万元" in str(one)] == [
        "年初预算（万元）",
        "中央（万元）",
        "省级（万元）",
        "市级（万元）",
        "区级（万元）",
        "其他（万元）",
        "调整后预算（万元）",
    ]


@pytest.mark.parametrize(
    ("sheet", "column", "formula"),
    [
        ("单位", "是否本级", '"是,否"'),
        ("人员", "职责", f'"{",".join(ROLE_LABELS.values())}"'),
        ("项目", "是否重点", '"是,否"'),
        ("项目", "重点依据", f'"{",".join(basis.value for basis in KeyBasis)}"'),
        ("项目", "单位编码", "'单位'!$A$2:$A$20000"),
    ],
)
def test_drop_down_lists(book: Workbook, sheet: str, column: str, formula: str) -> None:
    layout = next(one for one in SHEETS if one.name == sheet)
    letter = book[sheet].cell(1, layout.column(column)).column_letter
    rules = [rule for rule in book[sheet].data_validations.dataValidation if f"{letter}2" in str(rule.sqref)]
    assert [rule.formula1 for rule in rules] == [formula]
    assert all(rule.showErrorMessage for rule in rules)


def test_targets_and_codes_are_text_cells_so_that_100_percent_stays_as_typed(book: Workbook) -> None:
    page = book["指标"]
    assert page["F2"].number_format == "@"
    assert page.column_dimensions["F"].number_format == "@"


def test_hints_hang_on_the_headings(book: Workbook) -> None:
    assert "线下报送" in book["项目"]["S1"].comment.text
    assert "第九条" in book["项目"]["E1"].comment.text


def test_the_blank_template_is_refused_in_one_sentence_and_examples_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    write_template(path)
    reading = read_roster(path.read_bytes(), path.name)
    assert reading.roster is None
    assert [str(found) for found in reading.problems] == ["《部门》：一行都没有填。"]
