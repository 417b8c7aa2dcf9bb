"""Reads the district picture out of the records: counts for everybody, spending only where it may be seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from regulation.basis import Basis, UnitForm
from regulation.deadlines import RoundOverride
from regulation.filing import Filing
from regulation.rates import ratio
from regulation.reporting import BEFORE_FINANCE, Report
from regulation.roster import Department, ResponsibleUnit
from regulation.rounds import MonitoringRound
from reports.district import DistrictPicture, Line, district_picture, line
from reports.lawbook import LawBook, rules_of, unit_deadline

DISTRICT = "*"


class Owed(Protocol):
    """One form of a round."""

    @property
    def unit_id(self) -> str: ...
    @property
    def department_id(self) -> str: ...
    @property
    def filing(self) -> Filing: ...
    @property
    def answered(self) -> int: ...


class GlanceRecords(Protocol):
    """The few questions the picture asks of what is stored."""

    def departments(self) -> Sequence[Department]: ...
    def unit(self, unit_id: str) -> ResponsibleUnit: ...
    def duties(self, round: MonitoringRound, *, department_id: str | None = None) -> Sequence[Owed]: ...
    def reports(self, round: MonitoringRound) -> Sequence[Report]: ...
    def basis(self, department_id: str, round: MonitoringRound) -> Basis: ...
    def overrides(self) -> Sequence[RoundOverride]: ...


def glance(
    records: GlanceRecords,
    round: MonitoringRound,
    scope: str,
    at: datetime,
    law: LawBook,
    *,
    stamp: str = "",
) -> DistrictPicture:
    """The round at that moment: departments of the district for scope ``*``, else the units of that department."""
    due = unit_deadline(law, round, records.overrides())
    overdue = due.is_late(at)
    whole = scope == DISTRICT
    lines = _departments(records, round, overdue) if whole else _units(records, round, scope, overdue)
    return district_picture(
        round,
        tuple(lines),
        said_at=f"{at.month}月{at.day}日 {at:%H:%M}",
        due=f"{due.nominal.month}月{due.nominal.day}日",
        pace_yellow=rules_of(law, round).pace.yellow,
        stamp=stamp,
        who="部门" if whole else "单位",
    )


def spent_share(forms: Sequence[UnitForm], budget: Decimal) -> Decimal | None:
    """执行率 of these filed forms over that budget; None while nothing was filed."""
    said = [form.figures.spent for form in forms if form.figures.spent is not None]
    return ratio(sum(said, Decimal(0)), budget) if said else None


def _departments(records: GlanceRecords, round: MonitoringRound, overdue: bool) -> Iterator[Line]:
    owed = defaultdict(list)
    for duty in records.duties(round):
        owed[duty.department_id].append((duty.filing, duty.answered))
    seen = {report.department_id for report in records.reports(round) if report.state in BEFORE_FINANCE}
    for department in records.departments():
        if department.id not in owed:
            continue
        spent = None
        if department.id in seen:
            basis = records.basis(department.id, round)
            spent = spent_share(basis.forms, basis.projects_budget)
        yield line(department.name, owed[department.id], overdue=overdue, spent=spent)


def _units(
    records: GlanceRecords, round: MonitoringRound, department_id: str, overdue: bool
) -> Iterator[Line]:
    owed = defaultdict(list)
    for duty in records.duties(round, department_id=department_id):
        owed[duty.unit_id].append((duty.filing, duty.answered))
    basis = records.basis(department_id, round)
    for unit_id, filings in owed.items():
        forms = [form for form in basis.forms if form.unit.id == unit_id]
        budget = sum((form.project.budget_current for form in forms), Decimal(0))
        spent = spent_share(forms, budget)
        yield line(records.unit(unit_id).name, filings, overdue=overdue, spent=spent)
