"""The ledger of 催办: whom, when, at whose wish; only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from regulation.chasing import Nudge
from regulation.rounds import MonitoringRound
from storage.audit import detail_text
from storage.sql import Statement, binds, into
from storage.tables import draft, nudge, outbox
from storage.transaction import Transaction

_ADD = Statement(into(nudge).values(**binds("year", "quarter", "person_id", "scope_id", "by", "at")))
_ROUND = Statement(
    select(nudge.c.person_id, nudge.c.scope_id, nudge.c.by, nudge.c.at)
    .where(nudge.c.year == bindparam("in_year"), nudge.c.quarter == bindparam("in_quarter"))
    .order_by(nudge.c.id)
)
_TYPED = Statement(
    select(draft.c.person_id, func.max(draft.c.updated_at))
    .where(draft.c.year == bindparam("in_year"), draft.c.quarter == bindparam("in_quarter"))
    .group_by(draft.c.person_id)
)
_KIND = outbox.c.key.type
_READ = Statement(
    select(outbox.c.id)
    .where(
        outbox.c.recipient == bindparam("person"),
        func.substr(outbox.c.key, 1, func.length(bindparam("prefix", type_=_KIND)))
        == bindparam("prefix", type_=_KIND),
        outbox.c.read_at.is_not(None),
    )
    .limit(1)
)


class Nudges(Transaction):
    """The ledger's part of a transaction."""

    def nudge(
        self, round: MonitoringRound, scope_id: str, people: Sequence[str], at: datetime, by: str
    ) -> None:
        """These people were pressed."""
        row = {"year": round.year, "quarter": round.quarter, "scope_id": scope_id, "by": by, "at": at}
        self.many(_ADD, ({**row, "person_id": person} for person in people))
        self.record(by, "nudge", f"{round.code}:{scope_id}", detail_text(people=list(people)), at)

    def nudges(self, round: MonitoringRound) -> list[Nudge]:
        """Everybody pressed in a round, in order of time."""
        rows = self.all(_ROUND, in_year=round.year, in_quarter=round.quarter)
        return [Nudge(*row) for row in rows]

    def typed(self, round: MonitoringRound) -> dict[str, datetime]:
        """Person id -> when they last changed a draft of the round that is still open."""
        return dict(self.all(_TYPED, in_year=round.year, in_quarter=round.quarter))

    def was_read(self, person_id: str, key_prefix: str) -> bool:
        """Whether the platform said that somebody opened a message of that key prefix."""
        return self.first(_READ, person=person_id, prefix=key_prefix) is not None
