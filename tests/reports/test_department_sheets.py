"""附表2 and 附表3 as sheets: the official layout cell by cell, goldens of filled forms, hints beside numbers."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import annex2, annex3, xlsx
from reports.sheet import STYLES, Sheet, shown
from tests.reports.sample_departments import (
    DEPARTMENT,
    LONG_DEPARTMENT,
    LONG_PARK,
    NOTHING,
    PARK,
    UNKNOWN,
)
from tests.reports.test_annex1_sheet import filled, merges, written
from tests.reports.test_xlsx import A4, as_csv, assert_same, needs_office, office, opened

HERE = Path(__file__).parent
LAYOUTS = {n: json.loads((HERE / f"annex{n}_layout.json").read_text(encoding="utf-8")) for n in (2, 3)}
BLANKS = {2: annex2.blank(), 3: annex3.blank()}
SIZES = {2: (20, 5), 3: (24, 6)}


def unwrapped(text: str) -> str:
    """Without what only says where a printed line breaks; the indent of 附表3 and the period's gaps stay."""
    if text.startswith(("（  ", "    ")):
        return text
    return re.sub(r"\s+", "", text)


def seen(sheet: Sheet) -> dict[str, str]:
    return {place: unwrapped(text) for place, text in filled(sheet).items()}


@pytest.mark.parametrize("n", [2, 3])
def test_x10_the_blank_form_is_the_official_one_cell_by_cell(n: int) -> None:
    sheet, layout = BLANKS[n], LAYOUTS[n]
    assert seen(sheet) == {place: unwrapped(text) for place, text in layout["cells"].items()}
    assert merges(sheet) == set(layout["merges"])
    assert (len(sheet.rows), len(sheet.widths)) == SIZES[n]


@pytest.mark.parametrize(("n", "sheet"), [(2, annex2.sheet(NOTHING)), (3, annex3.sheet(UNKNOWN))])
def test_x10_without_rows_the_placeholders_stay_in_their_places(n: int, sheet: Sheet) -> None:
    official = {place: unwrapped(text) for place, text in LAYOUTS[n]["cells"].items()}
    changed = {place for place, text in official.items() if seen(sheet).get(place) != text}
    assert changed == ({"A3"} if n == 2 else {"A3", "E4"})
    assert merges(sheet) == set(LAYOUTS[n]["merges"])


FORMS = {
    "annex2": annex2.sheet(DEPARTMENT),
    "annex2_nothing": annex2.sheet(NOTHING),
    "annex2_long": annex2.sheet(LONG_DEPARTMENT, stamp="演练"),
    "annex3": annex3.sheet(PARK),
    "annex3_unknown": annex3.sheet(UNKNOWN),
    "annex3_long": annex3.sheet(LONG_PARK, stamp="演练"),
}


@pytest.mark.parametrize("name", FORMS)
def test_x10_filled_forms(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(HERE / "golden" / f"{name}.txt", written(FORMS[name]))


@pytest.mark.parametrize("name", FORMS)
def test_the_quick_rendering_is_openpyxls(name: str) -> None:
    assert_same(xlsx.write(FORMS[name]), xlsx.author(FORMS[name]))


def test_the_printed_hints_stay_in_front_of_true_numbers() -> None:
    sheet = annex3.sheet(PARK)
    budget, spent = sheet.rows[3][4:]
    assert (budget.value, shown(budget)) == (Decimal("5372.5833"), "（预算数）5372.58")
    assert (spent.value, shown(spent)) == (Decimal("4772.58"), "（执行数）4772.58")
    assert STYLES[budget.style].number == '"（预算数）"0.00'
    page = opened(xlsx.write(sheet))
    assert (page["E4"].value, page["E4"].number_format) == (5372.5833, '"（预算数）"0.00')
    assert [shown(cells[4]) for cells in sheet.rows[4:8]] == ["1800.00", "0.00", "2192.58", "1380.00"]


def test_what_no_unit_has_said_is_empty_never_zero() -> None:
    sheet = annex3.sheet(UNKNOWN)
    assert shown(sheet.rows[3][5]) == "（执行数）"
    assert [cells[5].value for cells in sheet.rows[4:8]] == [None] * 4


def test_rows_replace_the_placeholders_and_stretch_the_merges() -> None:
    sheet = annex2.sheet(DEPARTMENT)
    assert {"A14:A16"} <= merges(sheet)
    assert [shown(cells[1]) for cells in sheet.rows[13:17]] == [
        "校舍安全改造",
        "智慧校园一期建设及运维保障",
        "课后服务全覆盖",
        "家长满意度",
    ]
    many = replace(DEPARTMENT, works=DEPARTMENT.works * 20)
    assert {"A14:A73"} <= merges(annex2.sheet(many))


def test_several_indicators_of_one_kind_share_its_cell() -> None:
    down = {ref for ref in merges(annex3.sheet(PARK)) if ref[0] == ref.split(":")[1][0]}
    assert down == {"A13:A15", "B13:B15", "A16:A21", "B16:B17", "A22:A24", "B22:B23"}


def test_x01_a_text_that_looks_like_a_formula_stays_text() -> None:
    page = opened(xlsx.write(annex2.sheet(LONG_DEPARTMENT)))
    cells = [cell for row in page.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", True)]


@pytest.mark.parametrize("name", ["annex2", "annex2_nothing", "annex3", "annex3_unknown"])
def test_a_usual_form_fits_one_a4_page(name: str) -> None:
    sheet = FORMS[name]
    assert sum(sheet.heights) <= Decimal(842) - 72 * (sheet.page.top + sheet.page.bottom)
    assert len(sheet.widths) in (5, 6)
    assert 85 <= sum(sheet.widths) <= 95


@needs_office
@pytest.mark.parametrize(
    ("name", "pages"), [("annex2", 1), ("annex2_nothing", 1), ("annex3", 1), ("annex3_unknown", 1)]
)
def test_x10_libreoffice_prints_a4_one_page_wide(name: str, pages: int, tmp_path: Path) -> None:
    printed = PdfReader(office(tmp_path, xlsx.write(FORMS[name]), "pdf"))
    sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in printed.pages}
    assert (len(printed.pages), sizes) == (pages, {A4})
    assert "###" not in "".join(page.extract_text() for page in printed.pages)


@needs_office
def test_libreoffice_shows_the_hints_and_every_cell_as_we_do(tmp_path: Path) -> None:
    sheet = FORMS["annex3"]
    assert as_csv(tmp_path, xlsx.write(sheet)) == [[shown(cell) for cell in cells] for cells in sheet.rows]
