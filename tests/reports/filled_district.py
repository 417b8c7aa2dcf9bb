"""A generated district of any size in a database, every 附表1 filed and every department's report with finance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random

from intake.demo.districts import district
from regulation.annexes import Entry, FieldKind, fields
from regulation.deadlines import SHANGHAI
from regulation.deviation import judge
from regulation.fields import reported
from regulation.filing import FilingAction, FilingState
from regulation.grades import target_of
from regulation.reporting import ReportAction, ReportState
from regulation.roster import LIKELIHOOD_LABELS, Project
from regulation.rounds import MonitoringRound
from reports.lawbook import rules_of, shipped
from storage.store import Store
from storage.tx import Tx

Q3 = MonitoringRound(2026, 3)
AT = datetime(2026, 10, 12, 9, tzinfo=SHANGHAI)
REASON = "因上半年招标流标一次，供货合同到八月下旬才签订，后续到货安排相应推迟。"


def filled(path: Path, units: int, *, projects: int, seed: int = 1) -> Store:
    """A store with ``units`` units of exactly ``projects`` projects each, the third quarter filed and judged."""
    roster = district(units, seed, 2026, projects_per_unit=(projects, projects))
    store = Store(f"sqlite:///{path}")
    store.migrate()
    with store.begin() as tx:
        tx.import_roster(roster, AT, "operator")
    chance = Random(seed)
    for at in range(0, len(roster.projects), 500):
        with store.begin() as tx:
            for project in roster.projects[at : at + 500]:
                _file(tx, project, chance)
    with store.begin() as tx:
        for department in roster.departments:
            _report(tx, department.id)
    return store


def _file(tx: Tx, project: Project, chance: Random) -> None:
    entries = tuple(_entries(project, chance))
    version = tx.save_figures(
        project.id,
        Q3,
        base_version=0,
        entries=entries,
        action=FilingAction.SUBMIT,
        state=FilingState.FILED,
        late=False,
        at=AT,
        by=project.filler_id,
    )
    figures = reported(project, dict(entries))
    found = judge(project, Q3, figures, rules_of(shipped(), Q3), AT.date())
    tx.raise_findings(project.id, Q3, version, found, AT, project.filler_id)


def _entries(project: Project, chance: Random) -> Iterator[tuple[str, Entry]]:
    done = Decimal(chance.randint(20, 100)) / 100
    money = {
        "arrived": project.budget_current,
        "spent": (project.budget_current * done).quantize(Decimal("0.0001")),
    }
    money |= {
        f"spent.{source.value}": (amount * done).quantize(Decimal("0.0001"))
        for source, amount in project.sources
    }
    for field in fields(project):
        if field.kind is FieldKind.MONEY:
            value = str(money[field.key])
        elif field.kind is FieldKind.LIKELIHOOD:
            value = chance.choice(tuple(LIKELIHOOD_LABELS)).value
        elif field.kind is FieldKind.ACTUAL and field.indicator:
            goal = target_of(field.indicator).value
            value = str((goal * done).quantize(Decimal("0.1"))) if goal is not None else "部分达成"
        else:
            value = REASON
        yield field.key, Entry(value, value, "m1")


def _report(tx: Tx, department: str) -> None:
    typed = (("total", Entry("99999", "99999", "m1")),)
    common = {"late": False, "at": AT, "by": "operator"}
    version = tx.save_report(
        department, Q3, base_version=0, was=ReportState.NOT_STARTED, entries=typed, basis=tx.basis(department, Q3),
        action=ReportAction.SUBMIT, state=ReportState.AWAITING_HEAD, **common,
    )  # fmt: skip
    tx.save_report(
        department, Q3, base_version=version, was=ReportState.AWAITING_HEAD, entries=(), basis=None,
        action=ReportAction.APPROVE, state=ReportState.FILED, **common,
    )  # fmt: skip
