"""附表2, 附表3 and the district pictures out of the stored story: frozen versions, drafts, who may see spending."""

import io
from datetime import datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from bot.cards.card import Attachment
from regulation.annexes import Entry
from regulation.basis import key_projects
from regulation.reporting import ReportAction, ReportState
from rehearsal.stage import Stage
from reports.district import Square
from reports.glance import glance
from reports.lawbook import moment_of, number_of, shipped
from reports.render import KINDS, Renderer
from tests.bot.office import FINE, Q3, Office, moment
from tests.reports.test_pictures import size


@pytest.fixture
def office(open_story):
    opened = Office(open_story())
    opened.file("zhangmin", FINE)
    yield opened
    opened.close()


def file_report(stage: Stage, department: str) -> int:
    with stage.store.begin() as tx:
        basis = tx.basis(department, Q3)
        typed = (("total", Entry("5000", "5000", "m1")),)
        common = {"late": False, "at": moment("10-12 09:00"), "by": "liqiang"}
        version = tx.save_report(
            department, Q3, base_version=0, was=ReportState.NOT_STARTED, basis=basis, entries=typed,
            action=ReportAction.SUBMIT, state=ReportState.AWAITING_HEAD, **common,
        )  # fmt: skip
        return tx.save_report(
            department, Q3, base_version=version, was=ReportState.AWAITING_HEAD, basis=None, entries=(),
            action=ReportAction.APPROVE, state=ReportState.FILED, **common,
        )  # fmt: skip


def department_of(office: Office, project: str = "p001") -> str:
    with office.stage.store.read() as tx:
        return tx.unit(tx.project(project).unit_id).department_id


def cells(office: Office, kind: str, subject: str, version: int = 0) -> dict[str, object]:
    with office.stage.store.read() as tx:
        made = Renderer(stamp="演练").render(Attachment(kind, subject, version, "x"), tx)
    page = load_workbook(io.BytesIO(made)).worksheets[0]
    return {cell.coordinate: cell.value for row in page.iter_rows() for cell in row if cell.value is not None}


def test_annex2_of_a_draft_and_of_a_frozen_version(office: Office) -> None:
    department = department_of(office)
    draft = cells(office, "annex2.xlsx", f"2026Q3:{department}")
    version = file_report(office.stage, department)
    frozen = cells(office, "annex2.xlsx", f"2026Q3:{department}", version)
    assert draft["E1"] == frozen["E1"] == "演练"
    assert (frozen["B9"], frozen["D4"]) == ("资金到位率", 5000)
    assert frozen["A3"] == "（2026年度三季度）"
    assert str(frozen["D10"]).endswith("%")
    office.say("zhangmin", "更正")
    office.say("zhangmin", "支出1")
    office.say("zhangmin", "确认提交")
    assert cells(office, "annex2.xlsx", f"2026Q3:{department}", version) == frozen


def test_annex3_of_a_key_project(office: Office) -> None:
    with office.stage.store.read() as tx:
        key = next(
            key_project
            for department in tx.departments()
            for key_project in key_projects(tx.basis(department.id, Q3).projects)
        )
    seen = cells(office, "annex3.xlsx", f"2026Q3:{key.id}")
    assert (seen["B4"], seen["C13"]) == (key.name, "资金到位率")
    assert isinstance(seen["E4"], int | float)


@pytest.mark.parametrize("kind", ["annex2.xlsx", "annex3.xlsx", "annex3.png"])
def test_an_unknown_subject_is_said(office: Office, kind: str) -> None:
    with pytest.raises(LookupError):
        cells(office, kind, "2026Q3:nobody")


def test_a_project_that_is_no_key_project_has_no_annex3(office: Office) -> None:
    with office.stage.store.read() as tx:
        plain = next(project for project in tx.projects(2026) if not project.is_key)
    with pytest.raises(LookupError, match="不是重点项目"):
        cells(office, "annex3.xlsx", f"2026Q3:{plain.id}")


@pytest.mark.parametrize("kind", ["district.png", "strip.png"])
@pytest.mark.parametrize("scope", ["*", "department"])
def test_the_pictures_of_a_moment(office: Office, kind: str, scope: str) -> None:
    subject = f"2026Q3:{department_of(office) if scope != '*' else '*'}"
    with office.stage.store.read() as tx:
        made = Renderer(law=office.stage.law).render(Attachment(kind, subject, 202610130900, "x"), tx)
    assert size(made)[0] == 1080


def seen_at(office: Office, at: datetime, scope: str = "*"):
    with office.stage.store.read() as tx:
        return glance(tx, Q3, scope, at, shipped())


def test_every_project_of_the_round_is_a_square_and_late_only_after_the_last_day(office: Office) -> None:
    with office.stage.store.read() as tx:
        owed = len(tx.duties(Q3))
    on_time = seen_at(office, moment("10-10 23:59"))
    late = seen_at(office, moment("10-11 00:00"))
    assert on_time.owed == late.owed == owed
    assert (on_time.count(Square.DONE), on_time.count(Square.OVERDUE)) == (1, 0)
    assert late.count(Square.OVERDUE) == owed - 1
    assert on_time.subtitle == "截至 10月10日 23:59 · 应于10月10日前报部门"


def test_finance_sees_spending_only_after_the_department_filed(office: Office) -> None:
    assert {line.spent for line in seen_at(office, moment("10-12 09:00")).lines} == {None}
    department = department_of(office)
    file_report(office.stage, department)
    spent = [line.spent for line in seen_at(office, moment("10-12 09:00")).lines if line.spent is not None]
    assert len(spent) == 1
    assert 0 < spent[0] < 1


def test_a_department_sees_its_own_units_spending(office: Office) -> None:
    own = seen_at(office, moment("10-09 09:00"), department_of(office))
    assert own.who == "单位"
    (known,) = [line for line in own.lines if line.spent is not None]
    assert known.spent == Decimal(240) / Decimal(320)


def test_a_moment_is_a_number_and_back() -> None:
    at = moment("10-12 09:05")
    assert number_of(at) == 202610120905
    assert moment_of(number_of(at)) == at
    with pytest.raises(ValueError, match=r"\d"):
        moment_of(5)


def test_every_kind_can_be_read_and_drawn() -> None:
    assert sorted(KINDS) == sorted(
        [f"annex{n}.{suffix}" for n in (1, 2, 3) for suffix in ("xlsx", "png")]
        + ["answers.xlsx", "deviation.png", "disclosure.zip", "district.png", "release.zip"]
        + ["results.xlsx", "strip.png"]
    )
