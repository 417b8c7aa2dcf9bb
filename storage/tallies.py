"""Counts, money and names over a whole round, answered by the database in one statement each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select

from regulation.filing import FilingState
from regulation.rounds import MonitoringRound
from regulation.tallies import KnownName, ProjectMoney, UnitCount
from storage.sql import Statement, one_of
from storage.tables import department, figure, filing, outbox, project, unit
from storage.transaction import Transaction

#: states in which a form counts as filed.
DONE = (FilingState.FILED.value, FilingState.AWAITING_UNIT.value, FilingState.ACCEPTED.value)
ARRIVED = "arrived"

#: whoever was answered had said or tapped something.
_OPENED = Statement(
    select(outbox.c.recipient)
    .where(
        outbox.c.created_at >= bindparam("moment"),
        or_(outbox.c.read_at.is_not(None), outbox.c.key.like("reply:%")),
    )
    .distinct()
)
_DEPARTMENT_NAMES = Statement(select(department.c.id, department.c.name).order_by(department.c.position))
_UNIT_NAMES = Statement(
    select(unit.c.id, unit.c.name, unit.c.department_id)
    .where(unit.c.removed.is_(False))
    .order_by(unit.c.position)
)
_PROJECT_NAMES = Statement(
    select(project.c.id, project.c.name, unit.c.department_id, project.c.unit_id, project.c.filler_id)
    .join(unit, unit.c.id == project.c.unit_id)
    .where(project.c.year == bindparam("in_year"), project.c.removed.is_(False))
    .order_by(project.c.position, project.c.id)
)


def _form_of(quarter: Any) -> Any:
    return and_(
        filing.c.project_id == project.c.id, filing.c.year == project.c.year, filing.c.quarter == quarter
    )


@cache
def _counts(one_department: bool) -> Statement:
    """Grouped in the database: what comes back is as long as there are units, however many projects they have."""
    done = one_of(filing.c.state, DONE)
    asked = (
        select(
            unit.c.department_id,
            unit.c.id,
            unit.c.name,
            func.count(),
            func.coalesce(func.sum(case((done, 1), else_=0)), 0),
            func.coalesce(func.sum(case((and_(done, filing.c.late.is_(True)), 1), else_=0)), 0),
        )
        .select_from(project)
        .join(unit, unit.c.id == project.c.unit_id)
        .outerjoin(filing, _form_of(bindparam("in_quarter")))
        .where(project.c.year == bindparam("in_year"), project.c.removed.is_(False))
        .group_by(unit.c.department_id, unit.c.id, unit.c.name, unit.c.position)
        .order_by(unit.c.position, unit.c.id)
    )
    return Statement(
        asked.where(unit.c.department_id == bindparam("department")) if one_department else asked
    )


@cache
def _money(one_department: bool) -> Statement:
    latest = and_(
        figure.c.project_id == filing.c.project_id,
        figure.c.year == filing.c.year,
        figure.c.quarter == filing.c.quarter,
        figure.c.version == filing.c.version,
        or_(figure.c.key == ARRIVED, figure.c.key.like("spent%")),
    )
    asked = (
        select(
            project.c.id,
            project.c.name,
            project.c.unit_id,
            unit.c.department_id,
            project.c.filler_id,
            project.c.budget_current,
            figure.c.key,
            figure.c.value,
        )
        .select_from(project)
        .join(unit, unit.c.id == project.c.unit_id)
        .join(filing, _form_of(bindparam("in_quarter")))
        .join(figure, latest)
        .where(
            project.c.year == bindparam("in_year"),
            project.c.removed.is_(False),
            one_of(filing.c.state, DONE),
        )
        .order_by(project.c.position, project.c.id, figure.c.position)
    )
    return Statement(
        asked.where(unit.c.department_id == bindparam("department")) if one_department else asked
    )


class Tallies(Transaction):
    """The tallies' part of a transaction."""

    def opened_since(self, at: datetime) -> frozenset[str]:
        """The people who read a message or said anything since then."""
        return frozenset(row[0] for row in self.all(_OPENED, moment=at))

    def unit_counts(self, round: MonitoringRound, *, department_id: str | None = None) -> list[UnitCount]:
        """The forms of each unit that has any, in roster order."""
        given = {} if department_id is None else {"department": department_id}
        asked = _counts(department_id is not None)
        rows = self.all(asked, in_year=round.year, in_quarter=round.quarter, **given)
        return [UnitCount(*row) for row in rows]

    def money(self, round: MonitoringRound, *, department_id: str | None = None) -> list[ProjectMoney]:
        """Budget, arrived and spent of every form that is filed now, in roster order."""
        given = {} if department_id is None else {"department": department_id}
        asked = _money(department_id is not None)
        rows = self.all(asked, in_year=round.year, in_quarter=round.quarter, **given)
        said: dict[str, dict[str, Decimal]] = defaultdict(dict)
        about: dict[str, Sequence[Any]] = {}
        for *known, key, value in rows:
            about[known[0]] = known
            said[known[0]][key] = Decimal(value)
        return [_project_money(about[each], said[each]) for each in about]

    def names(self, round: MonitoringRound, *, projects: bool) -> list[KnownName]:
        """What people may name: departments, units and, when asked, the year's projects."""
        departments = [KnownName("department", i, name, i) for i, name in self.all(_DEPARTMENT_NAMES)]
        units = [KnownName("unit", i, name, department, i) for i, name, department in self.all(_UNIT_NAMES)]
        every = self.all(_PROJECT_NAMES, in_year=round.year) if projects else ()
        return [*departments, *units, *(KnownName("project", *row) for row in every)]


def _project_money(known: Sequence[Any], said: dict[str, Decimal]) -> ProjectMoney:
    project_id, name, unit_id, department_id, filler_id, budget = known
    return ProjectMoney(
        project_id, name, unit_id, department_id, filler_id, budget, said.get(ARRIVED), _spent(said)
    )


def _spent(said: dict[str, Decimal]) -> Decimal | None:
    """The one total, or the sum of the sources; a filed form has all of them."""
    if "spent" in said:
        return said["spent"]
    parts = [amount for key, amount in said.items() if key.startswith("spent.")]
    return sum(parts, Decimal(0)) if parts else None
