"""Forms sent back with their reasons, and who of a budget office fills for a unit and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select

from regulation.filing import FilingAction, FilingState
from regulation.returns import Return
from regulation.rounds import MonitoringRound
from storage.audit import detail_text
from storage.filings import Filings, form, form_columns, subject
from storage.sql import Statement, binds, constant, into
from storage.tables import filing, form_return, stand_in

_RETURN = Statement(
    into(form_return)
    .values(**binds("project_id", "year", "quarter", "version", "at", "by", "field", "reason", "due"))
    .on_conflict_do_nothing(index_elements=["year", "quarter", "project_id", "version"])
)
_SHOWN = (
    form_return.c.project_id,
    form_return.c.version,
    form_return.c.at,
    form_return.c.by,
    form_return.c.field,
    form_return.c.reason,
    form_return.c.due,
)
_same = and_(
    filing.c.project_id == form_return.c.project_id,
    filing.c.year == form_return.c.year,
    filing.c.quarter == form_return.c.quarter,
    filing.c.version == form_return.c.version,
)
_STANDING = Statement(
    select(*_SHOWN)
    .join(filing, _same)
    .where(
        form_return.c.year == bindparam("in_year"),
        form_return.c.quarter == bindparam("in_quarter"),
        filing.c.state == constant(FilingState.RETURNED.value),
    )
    .order_by(form_return.c.at, form_return.c.project_id)
)
_LAST = Statement(
    select(*_SHOWN)
    .where(
        form_return.c.year == bindparam("in_year"),
        form_return.c.quarter == bindparam("in_quarter"),
        form_return.c.project_id == bindparam("form"),
    )
    .order_by(form_return.c.version.desc())
    .limit(1)
)
_STAND_IN = Statement(
    into(stand_in)
    .values(**binds("project_id", "year", "quarter", "person_id", "reason", "at"))
    .on_conflict_do_nothing(index_elements=["year", "quarter", "project_id", "person_id"])
)
_STAND_INS = Statement(
    select(stand_in.c.person_id, stand_in.c.reason, stand_in.c.at)
    .where(
        stand_in.c.year == bindparam("in_year"),
        stand_in.c.quarter == bindparam("in_quarter"),
        stand_in.c.project_id == bindparam("form"),
    )
    .order_by(stand_in.c.at)
)


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody of the budget office who fills one form for its unit."""

    person_id: str
    reason: str
    at: datetime


class Returns(Filings):
    """The returns' part of a transaction."""

    def return_form(self, sent_back: Return) -> None:
        """That version is 退回, with its reason. Raises VersionConflict when another version was filed meanwhile."""
        known = self.filing(sent_back.project_id, sent_back.round)
        self.save_figures(
            sent_back.project_id,
            sent_back.round,
            base_version=sent_back.version,
            entries=(),
            action=FilingAction.RETURN,
            state=FilingState.RETURNED,
            late=known.late,
            at=sent_back.at,
            by=sent_back.by,
        )
        self.run(
            _RETURN,
            version=sent_back.version,
            at=sent_back.at,
            by=sent_back.by,
            field=sent_back.field,
            reason=sent_back.reason,
            due=sent_back.due,
            **form_columns(sent_back.project_id, sent_back.round),
        )
        detail = detail_text(field=sent_back.field, reason=sent_back.reason, due=sent_back.due)
        self.record(sent_back.by, "return.reason", sent_back.subject, detail, sent_back.at)

    def returns(self, round: MonitoringRound) -> list[Return]:
        """Why each form stands 退回 now, the oldest first."""
        rows = self.all(_STANDING, in_year=round.year, in_quarter=round.quarter)
        return [Return(project_id, round, *rest) for project_id, *rest in rows]

    def last_return(self, project_id: str, round: MonitoringRound) -> Return | None:
        """The last time the form was sent back, also when it has come again since."""
        row = self.first(_LAST, **form(project_id, round))
        return Return(row[0], round, *row[1:]) if row else None

    def stand_in(
        self, project_id: str, round: MonitoringRound, person_id: str, reason: str, at: datetime
    ) -> None:
        """This person fills the form for its unit from now on; saying so again changes nothing."""
        columns = form_columns(project_id, round)
        if self.run(_STAND_IN, person_id=person_id, reason=reason, at=at, **columns):
            detail = detail_text(reason=reason)
            self.record(person_id, "filing.stand_in", subject(project_id, round), detail, at)

    def stand_ins(self, project_id: str, round: MonitoringRound) -> list[StandIn]:
        """Who fills the form for its unit, and why."""
        return [StandIn(*row) for row in self.all(_STAND_INS, **form(project_id, round))]
