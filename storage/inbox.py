"""The durable inbox: every delivery is stored before it is answered, and handled once (RELIABILITY P1, P3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from storage.audit import detail_text
from storage.sql import Statement, binds, constant, into, one_of
from storage.tables import inbox
from storage.transaction import Transaction

#: a delivery in one of these states has had no effect yet.
OPEN = ("new", "failed")

_ADD = Statement(
    into(inbox)
    .values(**binds("source", "key", "payload", "at"), state="new", tries=0, error="")
    .on_conflict_do_nothing(index_elements=["source", "key"])
    .returning(inbox.c.id)
)
_SEEN = Statement(
    select(inbox.c.id, inbox.c.state, inbox.c.tries)
    .where(inbox.c.source == bindparam("source"), inbox.c.key == bindparam("key"))
    .with_for_update()
)
_DONE = Statement(update(inbox).where(inbox.c.id == bindparam("row")).values(state="done"))
_FAILED = Statement(
    update(inbox)
    .where(inbox.c.id == bindparam("row"))
    .values(state=bindparam("now"), tries=inbox.c.tries + 1, error=bindparam("why"))
    .returning(inbox.c.source, inbox.c.at)
)
_RETRY = Statement(
    select(inbox.c.id, inbox.c.source, inbox.c.key, inbox.c.payload, inbox.c.at, inbox.c.tries)
    .where(one_of(inbox.c.state, OPEN))
    .order_by(inbox.c.id)
    .limit(bindparam("size"))
    .with_for_update(skip_locked=True)
)
_DELIVERY = Statement(
    select(inbox.c.payload, inbox.c.at).where(
        inbox.c.source == bindparam("source"), inbox.c.key == bindparam("key")
    )
)
_COUNTS = Statement(select(inbox.c.state, func.count()).group_by(inbox.c.state))
_DEAD = Statement(
    select(inbox.c.id, inbox.c.source, inbox.c.key, inbox.c.at, inbox.c.tries, inbox.c.error)
    .where(inbox.c.state == constant("dead"))
    .order_by(inbox.c.id.desc())
    .limit(bindparam("size"))
)
_ROWS = Statement(
    select(inbox.c.id, inbox.c.source, inbox.c.key, inbox.c.payload, inbox.c.at, inbox.c.state, inbox.c.tries)
    .order_by(inbox.c.id.desc())
    .limit(bindparam("size"))
)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A delivery as the inspector shows it."""

    id: int
    source: str
    key: str
    payload: str
    at: datetime
    state: str
    tries: int


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """A stored delivery. ``fresh``: nothing came of it so far, so it is to be handled."""

    id: int
    fresh: bool
    tries: int


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A delivery whose handling failed or was cut short."""

    id: int
    source: str
    key: str
    payload: str
    at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class DeadRow:
    """A delivery given up after too many tries (死信, T26)."""

    id: int
    source: str
    key: str
    at: datetime
    tries: int
    error: str


class Inbox(Transaction):
    """The inbox's part of a transaction."""

    def receive(self, source: str, key: str, payload: str, at: datetime) -> ReceivedRow:
        """Store a delivery once. The row stays locked until the transaction ends, so of several concurrent
        deliveries one is fresh and the others see what became of it."""
        if added := self.first(_ADD, source=source, key=key, payload=payload, at=at):
            return ReceivedRow(added[0], True, 0)
        number, state, tries = self.all(_SEEN, source=source, key=key)[0]
        return ReceivedRow(number, state in OPEN, tries)

    def handled(self, inbox_id: int) -> None:
        """Its effects are in this transaction."""
        self.run(_DONE, row=inbox_id)

    def failed(self, inbox_id: int, error: str, *, dead: bool) -> None:
        """Handling failed: to be tried again, or parked for good when ``dead``."""
        rows = self.all(_FAILED, row=inbox_id, now="dead" if dead else "failed", why=error)
        for source, at in rows if dead else ():
            self.record(source, "inbox.dead", f"inbox:{inbox_id}", detail_text(error=error[:200]), at)

    def to_retry(self, limit: int) -> list[WaitingRow]:
        """Deliveries without effect so far, oldest first; other processes skip them meanwhile."""
        return [WaitingRow(*row) for row in self.all(_RETRY, size=limit)]

    def delivery(self, source: str, key: str) -> tuple[str, datetime] | None:
        """The payload of a delivery and when it came; None when there was none of that key."""
        row = self.first(_DELIVERY, source=source, key=key)
        return (row[0], row[1]) if row else None

    def inbox_counts(self) -> dict[str, int]:
        """State -> how many."""
        return dict(self.all(_COUNTS))

    def dead_letters(self, limit: int) -> list[DeadRow]:
        """What was given up, newest first."""
        return [DeadRow(*row) for row in self.all(_DEAD, size=limit)]

    def inbox_rows(self, limit: int) -> list[InboxRow]:
        """What came in, newest first."""
        return [InboxRow(*row) for row in self.all(_ROWS, size=limit)]
