"""A small invented district and the things that happen in it, for every test of storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from regulation.annexes import Entry
from regulation.deviation import Finding, Level
from regulation.filing import Draft, FilingAction, FilingState
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
from regulation.rounds import MonitoringRound
from storage.tx import Tx
from storage.types import SHANGHAI

Q2, Q3 = MonitoringRound(2026, 2), MonitoringRound(2026, 3)
NOW = datetime(2026, 10, 9, 9, 30, tzinfo=SHANGHAI)
LATER = NOW + timedelta(minutes=5)
HUGE = Decimal("12345678901234567.89")

PEOPLE = (
    Person("zhang", "张敏", (Duty(Role.FILLER, "u1"),), (("dingtalk", "dt-zhang"), ("wecom", "wx-zhang"))),
    Person("li", "李强", (Duty(Role.FILLER, "u1"), Duty(Role.UNIT_HEAD, "u1")), (("wecom", "wx-li"),)),
    Person("chen", "陈静", (Duty(Role.BUDGET_OFFICE, "d1"),), (("dingtalk", "dt-chen"),)),
    Person("wang", "王芳", (Duty(Role.PERFORMANCE_OFFICE, "*"), Duty(Role.ADMIN, "*"))),
    Person("gone", "赵离", (Duty(Role.FILLER, "u2"),), (("wecom", "wx-gone"),), active=False),
)
DESKS = Project(
    id="p1",
    year=2026,
    unit_id="u1",
    filler_id="zhang",
    name="课桌椅更新",
    budget_initial=HUGE,
    budget_current=Decimal("300.10"),
    sources=((FundSource.PROVINCIAL, Decimal("0.1")), (FundSource.DISTRICT, Decimal("300.00"))),
    indicators=(
        Indicator(1, "产出指标", "数量指标", "采购课桌椅", "≥2160套", Decimal("1000"), None),
        Indicator(2, "产出指标", "质量指标", "验收合格率", "≥95%"),
    ),
    code="3204-017",
    is_key=True,
    key_basis=KeyBasis.PUBLIC_CONCERN,
    starts=date(2026, 1, 1),
    ends=date(2026, 12, 31),
    has_ongoing_procurement=True,
)
PROJECTS = (
    DESKS,
    replace(DESKS, id="p2", name="操场修缮", is_key=False, key_basis=None, starts=None, ends=None),
    replace(DESKS, id="p3", name="食堂设备", unit_id="u2", filler_id="li"),
    replace(DESKS, id="p4", name="图书", unit_id="u3", filler_id="chen", indicators=()),
)
ROSTER = Roster(
    divisions=(FinanceDivision("f1", "行政政法科"), FinanceDivision("f0", "教科文科")),
    departments=(Department("d1", "区教育局", "f0"), Department("d2", "区文体局", "f0")),
    units=(
        ResponsibleUnit("u2", "d1", "区教育局本级", True),
        ResponsibleUnit("u1", "d1", "新桥小学"),
        ResponsibleUnit("u3", "d2", "图书馆"),
    ),
    people=PEOPLE,
    projects=PROJECTS,
    offline=(("u1", 2),),
)
ENTRIES = (
    ("spent", Entry("201.35", "支出201.35", "wecom:m1")),
    ("actual.1", Entry("36", "36套", "wecom:m1")),
)


def entries(**values: str) -> tuple[tuple[str, Entry], ...]:
    """Entries of these values, said in the same words."""
    return tuple((key, Entry(value, value, "wecom:m1")) for key, value in values.items())


def draft(person: str = "zhang", project: str = "p1", revision: int = 0, **values: str) -> Draft:
    """A draft of the third quarter."""
    return Draft(project, Q3, person, 0, entries(**(values or {"spent": "201.35"})), (), revision)


def file(tx: Tx, base: int = 0, project: str = "p1", **changes: object) -> int:
    """File a version of the third quarter's form."""
    given: Mapping[str, object] = {
        "base_version": base,
        "entries": ENTRIES,
        "action": FilingAction.SUBMIT if base == 0 else FilingAction.CORRECT,
        "state": FilingState.FILED,
        "late": False,
        "at": NOW,
        "by": "zhang",
        **changes,
    }
    return tx.save_figures(project, Q3, **given)  # type: ignore[arg-type]


def finding(
    code: str = "pace", level: Level = Level.YELLOW, field: str = "spent", title: str = "支出 43%"
) -> Finding:
    """A deviation."""
    return Finding(
        code,
        level,
        field,
        title,
        "支出慢于时间进度。",
        "支出÷预算",
        (("支出", "201.35万元"), ("预算", "300.10万元")),
        "20个百分点",
        "2026-01-01",
        "新北财绩",
        "第十一条",
    )
