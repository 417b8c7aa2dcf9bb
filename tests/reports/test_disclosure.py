"""The published package: the same bytes every time, checksums that hold, nothing that can run, nothing left out."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reports.disclosure import SUMS, Package, package
from tests.regulation.test_article_17 import NAMES, PROJECT, REPORT
from tests.reports.sample_forms import FORMULAS

HERE = Path(__file__).parent
DIRTY = replace(
    REPORT,
    projects=(
        replace(PROJECT, plan="找张敏13812345678，11月底前到货。"),
        replace(
            PROJECT, id="p2", name="</td><script>alert(1)</script>", situation="a\x00b\u202ec", indicators=()
        ),
        replace(PROJECT, id="p3", name="秘密★10年", plan="不该出现"),
    ),
)
NAME = "绩效监控信息公开_区教育局_2026年三季度"


def made(**changes: object) -> Package:
    return package(DIRTY, NAMES, **changes)  # type: ignore[arg-type]


def test_the_package_is_a_zip_of_its_files_with_their_checksums() -> None:
    whole = made()
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        assert archive.testzip() is None
        inside = {name: archive.read(name) for name in archive.namelist()}
        assert all(info.flag_bits & 0x800 or info.filename.isascii() for info in archive.infolist())
    assert inside == whole.files
    assert sorted(inside) == sorted(
        [
            f"{NAME}.csv",
            f"{NAME}.html",
            f"{NAME}.xlsx",
            SUMS,
            "绩效监控信息公开_部门整体_区教育局_2026年三季度.csv",
        ]
    )
    sums = dict(line.split("  ")[::-1] for line in inside[SUMS].decode().splitlines())
    assert sums == {name: sha256(content).hexdigest() for name, content in inside.items() if name != SUMS}
    assert whole.digest == sha256(whole.content).hexdigest()


def test_the_same_report_gives_the_same_bytes() -> None:
    assert made().content == made().content
    assert made(stamp="演练").digest != made().digest


def text_of(whole: Package) -> str:
    """Everything anybody could read in the package."""
    book = load_workbook(io.BytesIO(whole.files[f"{NAME}.xlsx"]))
    cells = [
        str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value is not None
    ]
    others = [content.decode() for name, content in whole.files.items() if not name.endswith(".xlsx")]
    return "\n".join((*cells, *others))


def test_a11_nobody_and_nothing_classified_is_in_any_file() -> None:
    said = text_of(made())
    assert [word for word in (*NAMES, "13812345678", "不该出现", "秘密★") if word in said] == []
    assert "（略）" in said
    assert [each.kind for each in made().publication.omissions] == ["姓名", "电话"]


def test_every_figure_is_in_every_file() -> None:
    whole = package(REPORT, NAMES)
    rows = list(csv.reader(io.StringIO(whole.files[f"{NAME}.csv"].decode("utf-8-sig"))))
    assert rows[1] == [
        "区教育局", "新桥小学", "校舍安全改造", "320", "256", "201.345", "62.92%",
        "改造教室完成36间。", "课桌椅招标推迟到8月。", "11月底前到货。",
        "产出", "产出数量", "改造教室数量", "48间", "36间", "确定能",
    ]  # fmt: skip
    page = load_workbook(io.BytesIO(whole.files[f"{NAME}.xlsx"]))["项目"]
    assert [page.cell(2, column).value for column in (4, 5, 6)] == [320, 256, 201.345]
    shown = whole.files[f"{NAME}.html"].decode()
    assert all(word in shown for word in ("320.00", "201.345", "62.92%", "改造教室数量", "36间"))


class Tags(HTMLParser):
    """Which elements and addresses a page has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in ("src", "href", "onload", "onclick")
        ]


def test_m09_the_page_runs_nothing_and_loads_nothing() -> None:
    tags = Tags(made().files[f"{NAME}.html"].decode())
    assert tags.seen.isdisjoint({"script", "iframe", "img", "link", "object", "form"})
    assert tags.addresses == []
    assert "url(" not in made().files[f"{NAME}.html"].decode()


@pytest.mark.parametrize("text", FORMULAS)
def test_x01_no_cell_is_a_formula(text: str) -> None:
    whole = package(replace(REPORT, projects=(replace(PROJECT, plan=text),)), ())
    page = load_workbook(io.BytesIO(whole.files[f"{NAME}.xlsx"]))["项目"]
    assert page.cell(2, 10).data_type == "s"
    (row,) = list(csv.DictReader(io.StringIO(whole.files[f"{NAME}.csv"].decode("utf-8-sig"))))
    assert not re.match(r"\s*[=+\-@]", row["改进计划"])


def test_without_a_department_report_only_projects_are_published() -> None:
    whole = package(replace(REPORT, overall=None), NAMES)
    assert len(whole.files) == 4
    assert load_workbook(io.BytesIO(whole.files[f"{NAME}.xlsx"])).sheetnames == ["项目"]
    assert "部门整体" not in whole.files[f"{NAME}.html"].decode()


def test_unknown_amounts_are_a_dash_never_zero() -> None:
    whole = package(replace(REPORT, projects=(replace(PROJECT, arrived=None, spent=None),)), NAMES)
    assert "已支出 — · 预算执行率 —" in whole.files[f"{NAME}.html"].decode()
    assert load_workbook(io.BytesIO(whole.files[f"{NAME}.xlsx"]))["项目"].cell(2, 6).value is None


def test_the_page_is_the_golden_one(golden: Callable[[Path, str], None]) -> None:
    golden(HERE / "golden" / "disclosure.html", made(stamp="演练").files[f"{NAME}.html"].decode())


def test_n17_the_published_sum_is_the_exact_one() -> None:
    """The overall total is written exactly, not summed up from rounded rows."""
    overall = replace(REPORT.overall, total=Decimal("0.005") * 3)  # type: ignore[type-var]
    whole = package(replace(REPORT, overall=overall), NAMES)
    assert load_workbook(io.BytesIO(whole.files[f"{NAME}.xlsx"]))["部门整体"]["B2"].value == 0.015
