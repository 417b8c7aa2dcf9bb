"""The workbook: the quick rendering against openpyxl's own, formulas that stay text, LibreOffice's view."""

import csv
import io
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import Phase, given, settings
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

import reports
from regulation.annexes import Annex1
from reports import annex1, xlsx
from reports.sheet import Sheet, shown
from tests.reports.sample_forms import ANY_FORM, FORMS, FORMULAS, SCHOOL, many

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")
A4 = (595, 842)
#: LibreOffice prints with our font, whatever fonts the machine has
FONTS = "<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"


def parts(package: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def canonical(name: str, xml: str) -> str:
    """The part in one spelling; openpyxl keeps merges in a set, so their order says nothing."""
    tree = ElementTree.fromstring(xml)
    if name == SHEET:
        for merges in tree.iter(f"{{{MAIN}}}mergeCells"):
            merges[:] = sorted(merges, key=lambda merge: merge.get("ref") or "")
        for number in tree.iter(f"{{{MAIN}}}v"):
            # openpyxl writes 0.008001 as 0.008000999999999999: the same number, and a number is what readers take
            number.text = repr(float(number.text or ""))
    return ElementTree.canonicalize(ElementTree.tostring(tree, encoding="unicode"))


def opened(package: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(package)).worksheets[0]


def assert_same(quick: bytes, whole: bytes) -> None:
    mine, theirs = parts(quick), parts(whole)
    assert mine.keys() == theirs.keys()
    for name in mine:
        assert canonical(name, mine[name]) == canonical(name, theirs[name]), name


def assert_read_back(package: bytes, sheet: Sheet) -> None:
    """What openpyxl reads is the sheet: values, types, merges, sizes."""
    page = opened(package)
    assert page.dimensions == sheet.area.replace("$", "")
    assert {str(merge) for merge in page.merged_cells.ranges} == {merge.ref for merge in sheet.merges}
    for number, cells in enumerate(sheet.rows, 1):
        assert page.row_dimensions[number].height == float(sheet.heights[number - 1])
        for column, cell in enumerate(cells, 1):
            found = page.cell(number, column)
            if isinstance(cell.value, Decimal):
                assert (found.data_type, Decimal(repr(found.value))) == ("n", cell.value)
            elif cell.value is not None:
                assert (found.data_type, found.value) == ("s", cell.value)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_both_renderings_are_the_same_in_every_part(form: Annex1) -> None:
    sheet = annex1.sheet(form, append_effects=True)
    quick = xlsx.write(sheet)
    assert_same(quick, xlsx.author(sheet))
    assert_read_back(quick, sheet)


def test_both_renderings_of_the_blank_form_are_the_same() -> None:
    sheet = annex1.blank()
    assert_same(xlsx.write(sheet), xlsx.author(sheet))


@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(ANY_FORM)
def test_both_renderings_of_any_form_are_the_same(form: Annex1) -> None:
    sheet = annex1.sheet(form, append_effects=True)
    quick = xlsx.write(sheet)
    assert_same(quick, xlsx.author(sheet))
    assert_read_back(quick, sheet)


def test_the_same_form_gives_the_same_bytes_and_no_clock_reading() -> None:
    sheet = annex1.sheet(SCHOOL)
    assert xlsx.write(sheet) == xlsx.write(annex1.sheet(replace(SCHOOL)))
    with zipfile.ZipFile(io.BytesIO(xlsx.write(sheet))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        moments = re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", archive.read("docProps/core.xml").decode())
    assert set(moments) == {"2026-01-01T00:00:00Z"}


@pytest.mark.parametrize("draw", [xlsx.write, xlsx.author], ids=["write", "author"])
@pytest.mark.parametrize("text", FORMULAS)
def test_x01_x02_text_never_becomes_a_formula(text: str, draw: object) -> None:
    sheet = annex1.sheet(replace(SCHOOL, project_name=text, plan=text))
    package = draw(sheet)  # type: ignore[operator]
    assert not [*ElementTree.fromstring(parts(package)[SHEET]).iter(f"{{{MAIN}}}f")]
    cell = opened(package)["B5"]
    assert (cell.data_type, cell.value) == ("s", text.replace("\r", "\n"))
    assert bool(cell.quotePrefix) is (text[0] in "=+-@\t\r\n")


def test_numbers_are_numbers_with_two_places_shown() -> None:
    page = opened(xlsx.write(annex1.sheet(SCHOOL)))
    for place, value in (("B6", 320), ("B7", 256), ("E7", 201.345)):
        assert (page[place].data_type, page[place].value, page[place].number_format) == ("n", value, "0.00")


def test_x10_paper_borders_and_type() -> None:
    page = opened(xlsx.write(annex1.sheet(many(60))))
    setup = page.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == ("portrait", 9, 1, 0)
    assert page.sheet_properties.pageSetUpPr is not None
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.print_title_rows, page.print_area) == ("$11:$11", "'附表1'!$A$1:$F$72")
    assert (page["A2"].font.sz, page["A2"].font.b, page["B8"].font.name) == (18, True, "仿宋")
    assert (page["A5"].font.sz, page["A5"].alignment.wrap_text) == (10.5, True)
    for row in page["C12:F71"]:
        for cell in row:
            sides = (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom)
            assert [side.style for side in sides] == ["thin"] * 4


def test_sheets_of_other_names_and_widths_do_not_share_a_shell() -> None:
    one = annex1.sheet(SCHOOL)
    other = replace(one, name="第二张", widths=tuple(width + 1 for width in one.widths))
    for sheet in (one, other, one):
        page = opened(xlsx.write(sheet))
        assert (page.title, page.column_dimensions["A"].width) == (sheet.name, float(sheet.widths[0]))


def office(folder: Path, package: bytes, kind: str) -> Path:
    """The workbook as LibreOffice turns it into that kind."""
    source = folder / "form.xlsx"
    source.write_bytes(package)
    command = [
        str(OFFICE),
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        kind,
    ]
    fonts = folder / "fonts.conf"
    fonts.write_text(
        FONTS.format(fonts=Path(reports.__file__).parent / "fonts", cache=folder), encoding="utf-8"
    )
    machine = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    run = [*command, "--outdir", folder, source]
    subprocess.run(run, check=True, capture_output=True, timeout=120, env=machine)
    return folder / f"form.{kind.partition(':')[0]}"


def as_csv(folder: Path, package: bytes) -> list[list[str]]:
    with office(folder, package, "csv:Text - txt - csv (StarCalc):44,34,76,1").open(
        encoding="utf-8", newline=""
    ) as file:
        return list(csv.reader(file))


@needs_office
@pytest.mark.parametrize(("name", "pages"), [("school", 1), ("twelve", 1), ("sixty", 3)])
def test_x10_libreoffice_prints_a4_one_page_wide(name: str, pages: int, tmp_path: Path) -> None:
    printed = PdfReader(office(tmp_path, xlsx.write(annex1.sheet(FORMS[name])), "pdf"))
    sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in printed.pages}
    assert (len(printed.pages), sizes) == (pages, {A4})
    assert all("完成目标可能性" in page.extract_text().replace("\n", "") for page in printed.pages)


@needs_office
def test_x02_libreoffice_shows_both_renderings_alike_and_runs_nothing(tmp_path: Path) -> None:
    sheet = annex1.sheet(replace(SCHOOL, project_name="=1+1", plan='=HYPERLINK("x","点我")'))
    (tmp_path / "quick").mkdir()
    (tmp_path / "whole").mkdir()
    quick = as_csv(tmp_path / "quick", xlsx.write(sheet))
    assert quick == as_csv(tmp_path / "whole", xlsx.author(sheet))
    assert (quick[4][1], quick[9][1]) == ("=1+1", '=HYPERLINK("x","点我")')
    assert quick == [[shown(cell) for cell in cells] for cells in sheet.rows]
