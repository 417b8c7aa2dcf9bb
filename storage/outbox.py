"""The outbox: stored with the facts it tells of, claimed under a lease, sent at least once (RELIABILITY P2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CTE, ColumnElement, bindparam, func, or_, select, update

from storage.audit import detail_text
from storage.sql import Statement, binds, constant, into
from storage.tables import outbox
from storage.transaction import Transaction

_GIVEN = ("key", "recipient", "address", "card", "token", "replaces", "created_at", "due")
_ADD = Statement(
    into(outbox)
    .values(**binds(*_GIVEN), state="waiting", tries=0, error="", reference="")
    .on_conflict_do_nothing(index_elements=["recipient", "key", "address"])
)


def _due(*conditions: ColumnElement[bool]) -> CTE:
    """LIMIT inside IN (subquery) is not guaranteed by PostgreSQL's planner; a materialized CTE is."""
    return (
        select(outbox.c.id)
        .where(
            outbox.c.state == constant("waiting"),
            outbox.c.due <= bindparam("now"),
            or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("now")),
            *conditions,
        )
        .order_by(outbox.c.due, outbox.c.id)
        .limit(bindparam("size"))
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")
    )


_TAKEN = ("due", "id", "key", "recipient", "address", "card", "token", "replaces", "tries")
_take = update(outbox).values(lease_until=bindparam("until"), tries=outbox.c.tries + 1)


def _claiming(due: CTE) -> Statement:
    taken = _take.where(outbox.c.id.in_(select(due.c.id)))
    return Statement(taken.returning(*(outbox.c[name] for name in _TAKEN)))


_CLAIM = _claiming(_due())
_CLAIM_SAME = _claiming(_due(outbox.c.token == bindparam("token")))
_CLAIM_ONE = Statement(
    _take.where(
        outbox.c.recipient == bindparam("recipient"),
        outbox.c.key == bindparam("key"),
        outbox.c.address == constant(""),
        outbox.c.state == constant("waiting"),
        outbox.c.lease_until.is_(None),
    ).returning(*(outbox.c[name] for name in _TAKEN))
)
_UNCLAIM = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.state == constant("waiting"))
    .values(lease_until=None, tries=outbox.c.tries - 1, due=bindparam("now"))
)
_OPENED = Statement(
    update(outbox)
    .where(
        outbox.c.reference == bindparam("reference"),
        outbox.c.recipient == bindparam("recipient"),
        outbox.c.read_at.is_(None),
    )
    .values(read_at=bindparam("at"))
)
_ADDRESSED = Statement(
    select(outbox.c.id).where(
        outbox.c.recipient == bindparam("recipient"), outbox.c.token == bindparam("token")
    )
)
_CALLED = Statement(
    select(outbox.c.reference).where(
        outbox.c.recipient == bindparam("recipient"),
        outbox.c.token == bindparam("token"),
        outbox.c.state == constant("sent"),
    )
)


def _end(state: str, *given: str) -> Statement:
    return Statement(
        update(outbox)
        .where(outbox.c.id == bindparam("row"))
        .values(state=state, lease_until=None, **binds(*given))
        .returning(outbox.c.key, outbox.c.recipient)
    )


_SENT = _end("sent", "sent_at", "reference")
_RETRY = _end("waiting", "due", "error")
_PARK = _end("parked", "error")
_OVERTAKEN = _end("withdrawn")
_BEHIND = Statement(
    select(outbox.c.key)
    .where(
        outbox.c.recipient == bindparam("person"),
        outbox.c.state == constant("waiting"),
        outbox.c.id > bindparam("row"),
    )
    .order_by(outbox.c.id)
)
_RELEASE = Statement(
    update(outbox).where(outbox.c.state == bindparam("was")).values(state="waiting", due=bindparam("now"))
)
_FREE = Statement(
    update(outbox)
    .where(outbox.c.state == "waiting", outbox.c.lease_until.is_not(None))
    .values(lease_until=None)
)
_COUNTS = Statement(select(outbox.c.state, func.count()).group_by(outbox.c.state))
_SHOWN = ("id", "key", "recipient", "address", "state", "created_at", "due", "tries", "error", "sent_at")
_ROWS = Statement(
    select(*(outbox.c[name] for name in _SHOWN)).order_by(outbox.c.id.desc()).limit(bindparam("size"))
)
_TOLD = Statement(
    select(*(outbox.c[name] for name in _TAKEN))
    .where(outbox.c.state == constant("sent"), outbox.c.id > bindparam("after"))
    .order_by(outbox.c.id)
)
_NEXT = Statement(select(func.min(outbox.c.due)).where(outbox.c.state == constant("waiting")))
_LAST = Statement(
    select(func.max(outbox.c.created_at)).where(
        outbox.c.recipient == bindparam("person"),
        func.substr(outbox.c.key, 1, func.length(bindparam("prefix", type_=outbox.c.key.type)))
        == bindparam("prefix", type_=outbox.c.key.type),
    )
)


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """A claimed message. ``tries`` counts this one."""

    id: int
    key: str
    recipient: str
    address: str
    card: str
    token: str
    replaces: str
    tries: int


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message as the administrator's page shows it, without its content."""

    id: int
    key: str
    recipient: str
    address: str
    state: str
    created_at: datetime
    due: datetime
    tries: int
    error: str
    sent_at: datetime | None


class Outbox(Transaction):
    """The outbox's part of a transaction."""

    def enqueue(
        self,
        key: str,
        recipient: str,
        card: str,
        token: str,
        replaces: str,
        due: datetime,
        *,
        address: str = "",
    ) -> bool:
        """Send this at ``due``; False when the same key was queued for the same recipient before."""
        given = (key, recipient, address, card, token, replaces, due, due)
        return self.run(_ADD, **dict(zip(_GIVEN, given, strict=True))) == 1

    def claim(self, now: datetime, limit: int, lease_seconds: int) -> list[OutgoingRow]:
        """Take what is due, oldest first, for ``lease_seconds``; a lease that ran out is taken again."""
        until = now + timedelta(seconds=lease_seconds)
        return [OutgoingRow(*row[1:]) for row in sorted(self.all(_CLAIM, now=now, size=limit, until=until))]

    def sent(self, outbox_id: int, at: datetime, reference: str) -> None:
        """The platform took it and calls it ``reference``."""
        for key, recipient in self.all(_SENT, row=outbox_id, sent_at=at, reference=reference):
            self.record("system", "message.sent", key, detail_text(to=recipient), at)

    def retry(self, outbox_id: int, at: datetime, error: str) -> None:
        """Try again at ``at``."""
        self.run(_RETRY, row=outbox_id, due=at, error=error)

    def park(self, outbox_id: int, at: datetime, error: str) -> None:
        """Give it up until somebody presses 重发."""
        for key, recipient in self.all(_PARK, row=outbox_id, error=error):
            self.record("system", "message.parked", key, detail_text(to=recipient, error=error[:200]), at)

    def waiting_behind(self, outbox_id: int, person_id: str) -> list[str]:
        """The keys of what waits for the same person and was made later."""
        return [key for (key,) in self.all(_BEHIND, row=outbox_id, person=person_id)]

    def overtaken(self, outbox_id: int, at: datetime) -> None:
        """It is not sent any more: something newer says what holds now."""
        for key, recipient in self.all(_OVERTAKEN, row=outbox_id):
            self.record("system", "message.overtaken", key, detail_text(to=recipient), at)

    def claim_same(self, token: str, now: datetime, limit: int, lease_seconds: int) -> list[OutgoingRow]:
        """Take more rows of the announcement with that token, as :meth:`claim` does."""
        until = now + timedelta(seconds=lease_seconds)
        rows = self.all(_CLAIM_SAME, token=token, now=now, size=limit, until=until)
        return [OutgoingRow(*row[1:]) for row in sorted(rows)]

    def claim_reply(self, key: str, recipient: str, now: datetime, lease_seconds: int) -> OutgoingRow | None:
        """Take the one message under that key, if nobody has: it goes out as part of a platform's own answer."""
        until = now + timedelta(seconds=lease_seconds)
        row = self.first(_CLAIM_ONE, key=key, recipient=recipient, until=until)
        return OutgoingRow(*row[1:]) if row else None

    def release_claim(self, outbox_id: int, now: datetime) -> None:
        """It did not go that way: it waits again, as if nobody had tried."""
        self.run(_UNCLAIM, row=outbox_id, now=now)

    def mark_read(self, reference: str, recipients: Sequence[str], at: datetime) -> int:
        """Those people have opened what the platform calls ``reference``; how many had not before."""
        return sum(self.run(_OPENED, reference=reference, recipient=each, at=at) for each in recipients)

    def addressed(self, token: str, person_id: str) -> bool:
        """Whether a card with that token was sent to that person."""
        return self.first(_ADDRESSED, token=token, recipient=person_id) is not None

    def called(self, token: str, person_id: str) -> str:
        """What the platform calls the message with that token to that person; '' when none was sent."""
        row = self.first(_CALLED, token=token, recipient=person_id)
        return str(row[0]) if row else ""

    def free_claims(self) -> int:
        """Every claim is given up, its message waits for the next one; how many. For a process that has just begun
        and holds the instance lock, so that whoever claimed them is dead."""
        return self.run(_FREE)

    def release(self, state: str, now: datetime, by: str) -> int:
        """Put every ``parked`` or ``held`` message back into the queue; how many."""
        count = self.run(_RELEASE, was=state, now=now)
        self.record(by, "message.released", state, detail_text(count=count), now)
        return count

    def outbox_counts(self) -> dict[str, int]:
        """State -> how many."""
        return dict(self.all(_COUNTS))

    def outbox_rows(self, limit: int) -> list[OutboxRow]:
        """The newest messages, newest first."""
        return [OutboxRow(*row) for row in self.all(_ROWS, size=limit)]

    def told(self, after: int) -> list[OutgoingRow]:
        """What was sent of the messages with a higher id, in the order they were made."""
        return [OutgoingRow(*row[1:]) for row in self.all(_TOLD, after=after)]

    def next_due(self) -> datetime | None:
        """When the earliest waiting message is due."""
        found: datetime | None = self.all(_NEXT)[0][0]
        return found

    def last_sent(self, person_id: str, key_prefix: str) -> datetime | None:
        """When a message of that key prefix was last queued for the person."""
        found: datetime | None = self.all(_LAST, person=person_id, prefix=key_prefix)[0][0]
        return found
