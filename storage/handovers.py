"""Open questions whether a colleague takes a project: a row while nobody has answered, history in the audit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, Text, bindparam, delete, select

from regulation.handovers import HandOverAsk, HandOverEnd
from regulation.rounds import MonitoringRound
from storage.columns import column, form_columns, table
from storage.errors import LostRace
from storage.sql import Statement, binds, into
from storage.tables import project
from storage.transaction import Transaction
from storage.types import Instant

handover_ask = table(
    "handover_ask",
    *form_columns(),
    column("giver_id", Text, ForeignKey("person.id")),
    column("taker_id", Text, ForeignKey("person.id")),
    column("at", Instant),
    PrimaryKeyConstraint("project_id", "taker_id"),
    Index(None, "year", "quarter"),
    clustered=True,
)
_KEY = ("project_id", "year", "quarter", "giver_id", "taker_id")
_ADD = Statement(into(handover_ask).values(**binds(*_KEY, "at")))
_same = (handover_ask.c.project_id == bindparam("row"), handover_ask.c.taker_id == bindparam("who"))
_CLOSE = Statement(delete(handover_ask).where(*_same))
_CLOSE_ALL = Statement(delete(handover_ask).where(handover_ask.c.project_id == bindparam("row")))
_OPEN = Statement(
    select(*(handover_ask.c[name] for name in (*_KEY, "at")))
    .join(project, project.c.id == handover_ask.c.project_id)
    .where(
        handover_ask.c.year == bindparam("in_year"),
        handover_ask.c.quarter == bindparam("in_quarter"),
        project.c.filler_id == handover_ask.c.giver_id,
    )
    .order_by(handover_ask.c.at, handover_ask.c.project_id, handover_ask.c.taker_id)
)


class HandOvers(Transaction):
    """The open questions' part of a transaction."""

    def ask_hand_over(self, ask: HandOverAsk) -> None:
        """The question is open; asked twice it is one, the later."""
        self.run(_CLOSE, row=ask.project_id, who=ask.taker_id)
        key = (ask.project_id, ask.round.year, ask.round.quarter, ask.giver_id, ask.taker_id)
        self.run(_ADD, at=ask.at, **dict(zip(_KEY, key, strict=True)))
        self.record(ask.giver_id, "handover.ask", _subject(ask), ask.taker_id, ask.at)

    def end_hand_over(self, ask: HandOverAsk, end: HandOverEnd, at: datetime, by: str) -> None:
        """Declined or taken back. Raises LostRace when somebody else answered first."""
        if not self.run(_CLOSE, row=ask.project_id, who=ask.taker_id):
            raise LostRace(f"handover of {ask.project_id}")
        other = ask.giver_id if by == ask.taker_id else ask.taker_id
        self.record(by, f"handover.{end.value}", _subject(ask), other, at)

    def drop_hand_overs(self, project_id: str) -> None:
        """The project has changed hands: nothing about it is open any more."""
        self.run(_CLOSE_ALL, row=project_id)

    def hand_over_asks(self, round: MonitoringRound) -> list[HandOverAsk]:
        """What is open in a round, oldest first; not what the asker could not give any more."""
        rows = self.all(_OPEN, in_year=round.year, in_quarter=round.quarter)
        return [HandOverAsk(row[0], round, row[3], row[4], row[5]) for row in rows]


def _subject(ask: HandOverAsk) -> str:
    return f"{ask.round.code}:{ask.project_id}"
