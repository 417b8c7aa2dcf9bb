"""Counts and names over a whole round, answered by the database in one statement each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, or_, select

from storage.sql import Statement
from storage.tables import outbox
from storage.transaction import Transaction

#: whoever was answered had said or tapped something.
_OPENED = Statement(
    select(outbox.c.recipient)
    .where(
        outbox.c.created_at >= bindparam("moment"),
        or_(outbox.c.read_at.is_not(None), outbox.c.key.like("reply:%")),
    )
    .distinct()
)


class Tallies(Transaction):
    """The tallies' part of a transaction."""

    def opened_since(self, at: datetime) -> frozenset[str]:
        """The people who read a message or said anything since then."""
        return frozenset(row[0] for row in self.all(_OPENED, moment=at))
