"""A round leaving the system: 300 projects in one zip, a summary, the national fields; no cell a formula."""

import csv
import io
import re
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from regulation.basis import key_projects
from regulation.roster import AttainmentLikelihood
from reports import commas, national, summary
from reports.lawbook import shipped
from reports.writing import Scope, form_files, pack, write_forms, write_zip
from storage.store import Store
from tests.reports.filled_district import AT, Q3, filled
from tests.reports.sample_forms import FORMULAS


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Three departments, 30 units, 300 projects."""
    made = filled(tmp_path_factory.mktemp("district") / "jixiao.sqlite", 30, projects=10)
    yield made
    made.close()


def test_x11_three_hundred_projects_in_one_zip(store: Store, tmp_path: Path) -> None:
    with store.read() as tx:
        count = write_zip(tx, Scope(Q3), tmp_path / "三季度.zip")
        departments = tx.departments()
        keys = sum(len(key_projects(tx.basis(each.id, Q3).projects)) for each in departments)
    with zipfile.ZipFile(tmp_path / "三季度.zip") as archive:
        names = archive.namelist()
        rows = list(csv.DictReader(io.StringIO(archive.read("清单.csv").decode("utf-8-sig"))))
        first = load_workbook(io.BytesIO(archive.read(names[0]))).worksheets[0]
    assert count == 300 + len(departments) + keys == len(rows) == len(names) - 1
    assert len(set(names)) == len(names)
    assert {row["文件"] for row in rows} == set(names) - {"清单.csv"}
    assert {row["表"] for row in rows} == {"附表1", "附表2", "附表3"}
    assert first["A2"].value == "项目预算绩效运行监控表"


def test_the_same_round_gives_the_same_zip(store: Store) -> None:
    made = []
    for _ in range(2):
        raw = io.BytesIO()
        with store.read() as tx:
            pack(form_files(tx, Scope(Q3, department_id="d001")), raw)
        made.append(raw.getvalue())
    assert made[0] == made[1]


def test_one_department_and_one_unit(store: Store, tmp_path: Path) -> None:
    with store.read() as tx:
        own = list(form_files(tx, Scope(Q3, department_id="d002")))
        unit = list(form_files(tx, Scope(Q3, unit_id="u0002")))
        written = write_forms(tx, Scope(Q3, unit_id="u0002"), tmp_path)
    assert {form.folder for form in own} == {own[0].folder}
    assert sum(form.said[4] == "附表1" for form in own) == 100
    assert [form.said[4] for form in unit] == ["附表1"] * 10
    assert sorted(path.relative_to(tmp_path).as_posix() for path in written) == sorted(
        form.path for form in unit
    )


def test_memory_does_not_grow_with_the_forms(store: Store, tmp_path: Path) -> None:
    def peak(scope: Scope, path: Path) -> int:
        with store.read() as tx, path.open("wb") as file:
            pack(form_files(tx, scope), file)  # once to fill the caches
            tracemalloc.start()
            pack(form_files(tx, scope), file)
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return found

    one = peak(Scope(Q3, department_id="d001"), tmp_path / "one")
    three = peak(Scope(Q3), tmp_path / "three")
    assert three < one * 1.5, "three departments take hardly more than the largest of them"


def test_the_summary_has_every_department_project_and_deviation(store: Store) -> None:
    with store.read() as tx:
        found = tx.findings(Q3)
        made = summary.summary(tx, Q3, AT, stamp="演练")
        again = summary.summary(tx, Q3, AT, stamp="演练")
    assert made == again
    book = load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["总览", "部门", "项目", "偏离"]
    rows = list(book["部门"].iter_rows(min_row=2, values_only=True))
    assert [row[1:6] for row in rows] == [(100, 100, 0, 0, 0)] * 3
    assert {row[6] for row in rows} == {"已报送财政"}
    for row in rows:
        assert row[11] == pytest.approx(row[9] / row[7])
        assert row[12] == 0.75
    assert book["项目"].max_row == 301
    assert book["偏离"].max_row == len(found) + 1
    assert sum(row[13] + row[14] for row in rows) == sum(each.finding.level.value != "info" for each in found)
    assert book["总览"]["A1"].value == "演练 2026年三季度 区级部门预算绩效运行监控汇总"
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)


def test_the_charts_stand_on_the_front_page(store: Store) -> None:
    with store.read() as tx:
        made = summary.summary(tx, Q3, AT)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        charts = [
            archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")
        ]
    assert len(charts) == 2
    assert any("部门!$L$2:$L$4" in chart.replace("'", "") for chart in charts)


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_national_fields(store: Store) -> None:
    with store.read() as tx:
        rows, (task,) = table(national.info(tx, Q3)), table(national.task(tx, Q3, shipped()))
        indicators = sum(len(project.indicators) for project in tx.projects(2026))
    assert len(rows) == indicators
    assert task == {
        "fiscal_year": "2026",
        "task_name": "2026年三季度预算绩效运行监控",
        "task_start_date": task["task_start_date"],
        "task_end_date": "20261020",
    }
    assert {row["likelihood"] for row in rows} == {"确定能", "有可能", "完全不可能"}
    assert {row["is_perf_rectify"] for row in rows} == {"0"}
    assert all(re.fullmatch(r"\d+(\.\d+)?", row["pro_bgt_comp"]) for row in rows)
    assert all(row["est_perf_annual"] == row["kpi_target"] == "" for row in rows)


def test_the_four_likelihoods_become_the_three_of_the_ministry() -> None:
    assert set(national.LIKELIHOODS) == set(AttainmentLikelihood)
    assert set(national.LIKELIHOODS.values()) == {"确定能", "有可能", "完全不可能"}


@pytest.mark.parametrize("text", [*FORMULAS, "　=1+1", " =1", "＝1+1"])
def test_x01_no_cell_of_a_csv_can_be_a_formula(text: str) -> None:
    ((seen,),) = list(csv.reader(io.StringIO(commas.table(("甲",), [(text,)]).decode("utf-8-sig"))))[1:]
    assert not seen.lstrip().startswith(("=", "+", "-", "@", "\t", "＝"))


def test_a_number_stays_a_number_also_below_zero() -> None:
    from decimal import Decimal

    assert commas.cell(Decimal("-3.50")) == "-3.5"
    assert commas.cell(Decimal("1E+3")) == "1000"
    assert commas.cell(None) == ""
