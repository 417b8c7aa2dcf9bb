"""Which forms a round asks of whom, and how far each is: one query whatever the filters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from regulation.filing import Filing, FilingState
from regulation.rounds import MonitoringRound
from storage.filings import STATE, read_filing
from storage.sql import Row, Statement, one_of
from storage.tables import draft, filing, project, unit
from storage.transaction import Transaction

#: states in which the unit still owes its form.
OWING = (FilingState.NOT_STARTED.value, FilingState.DRAFT.value, FilingState.RETURNED.value)


@dataclass(frozen=True, slots=True)
class RoundDuty:
    """One form owed or filed in a round, with where it belongs."""

    project_id: str
    project_name: str
    unit_id: str
    department_id: str
    filler_id: str
    filing: Filing
    answered: int


@cache
def _duties(filler: bool, unit_: bool, department_: bool, owing: bool) -> Statement:
    """One query per combination of filters, built once."""
    year: Any = bindparam("in_year")
    quarter: Any = bindparam("in_quarter")
    same_form = and_(
        filing.c.project_id == project.c.id, filing.c.year == project.c.year, filing.c.quarter == quarter
    )
    own_draft = and_(
        draft.c.project_id == project.c.id,
        draft.c.year == project.c.year,
        draft.c.quarter == quarter,
        draft.c.person_id == project.c.filler_id,
    )
    asked = (
        select(
            project.c.id,
            project.c.name,
            project.c.unit_id,
            unit.c.department_id,
            project.c.filler_id,
            *STATE,
            func.coalesce(draft.c.answered, 0),
        )
        .join(unit, unit.c.id == project.c.unit_id)
        .outerjoin(filing, same_form)
        .outerjoin(draft, own_draft)
        .where(project.c.year == year, project.c.removed.is_(False))
        .order_by(project.c.position, project.c.id)
    )
    for wanted, condition in (
        (filler, project.c.filler_id == bindparam("filler")),
        (unit_, project.c.unit_id == bindparam("unit")),
        (department_, unit.c.department_id == bindparam("department")),
        (owing, or_(filing.c.state.is_(None), one_of(filing.c.state, OWING))),
    ):
        asked = asked.where(condition) if wanted else asked
    return Statement(asked)


def _duty(round: MonitoringRound, row: Row) -> RoundDuty:
    filed = read_filing(row[0], round, row[5:10]) if row[5] else Filing(row[0], round)
    project_id, name, unit_id, department_id, filler_id = row[:5]
    return RoundDuty(project_id, name, unit_id, department_id, filler_id, filed, row[10])


class Duties(Transaction):
    """The duties' part of a transaction."""

    def duties(
        self,
        round: MonitoringRound,
        *,
        filler_id: str | None = None,
        unit_id: str | None = None,
        department_id: str | None = None,
        owing_only: bool = False,
    ) -> list[RoundDuty]:
        """The forms of a round, in roster order; ``owing_only`` leaves 未开始、草稿、退回."""
        filters = {"filler": filler_id, "unit": unit_id, "department": department_id}
        given = {name: value for name, value in filters.items() if value is not None}
        asked = _duties(filler_id is not None, unit_id is not None, department_id is not None, owing_only)
        rows = self.all(asked, in_year=round.year, in_quarter=round.quarter, **given)
        return [_duty(round, row) for row in rows]
