"""Who did what when: an append-only log whose rows are chained by hash (RELIABILITY A01, A02).

Audited is whatever changes a form, a person, a date or a duty, and every message delivered or given up. The queues,
sessions and card tokens are their own record and are not repeated here. Details carry ids and numbers, no names."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Text, bindparam, func, select, type_coerce

from storage.definitions import dumps
from storage.sql import Row, Statement, binds, constant, into
from storage.tables import audit, audit_head, person
from storage.transaction import Transaction
from storage.types import instant_text

GENESIS = "0" * 64
_COLUMNS = ("id", "at", "by", "action", "subject", "detail", "prev", "hash")
_head = select(audit_head.c.last_id, audit_head.c.hash).where(audit_head.c.id == 1)
_HEAD = Statement(_head)
_LOCKED_HEAD = Statement(_head.with_for_update())
_SET_HEAD = Statement(
    audit_head.update().where(audit_head.c.id == 1).values(last_id=bindparam("last"), hash=bindparam("now"))
)
_ADD = Statement(into(audit).values(**binds(*_COLUMNS)))
_stored = (audit.c.id, type_coerce(audit.c.at, Text), *(audit.c[name] for name in _COLUMNS[2:]))
_PAGE = Statement(
    select(*_stored).where(audit.c.id > bindparam("after")).order_by(audit.c.id).limit(bindparam("size"))
)
_NEWEST = Statement(
    select(*(audit.c[name] for name in _COLUMNS)).order_by(audit.c.id.desc()).limit(bindparam("size"))
)
_ROSTER = Statement(
    select(audit.c.at)
    .where(audit.c.action == constant("roster.imported"), audit.c.at <= bindparam("before"))
    .order_by(audit.c.id.desc())
    .limit(bindparam("size"))
)
_COUNT = Statement(select(func.count()).select_from(audit))
_PEOPLE = Statement(select(func.count()).select_from(person))
PAGE_ROWS = 2000


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the log."""

    id: int
    at: datetime
    by: str
    action: str
    subject: str
    detail: str
    prev: str
    hash: str


_details = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode


def detail_text(**parts: Any) -> str:
    """The details as JSON, keys in order."""
    return _details(parts)


def link(prev: str, number: int, at: str, by: str, action: str, subject: str, detail: str) -> str:
    """The hash of a row: SHA-256 over the previous hash and the row's canonical JSON; ``at`` as stored."""
    row = dumps([number, at, by, action, subject, detail])
    return sha256((prev + row).encode("utf-8", "surrogatepass")).hexdigest()


class Audit(Transaction):
    """The audit's part of a transaction."""

    def note(self, by: str, action: str, subject: str, detail: str, at: datetime) -> None:
        """A row for something that changed nothing else: a refused tap, an export, a look at others' data."""
        self.record(by, action, subject, detail_text(note=detail), at)

    def flush_audit(self) -> None:
        """Chain and write the waiting rows; called right before the commit and before the log is read."""
        if not self.waiting_audit:
            return
        last, prev = self.first(_LOCKED_HEAD) or (0, GENESIS)
        rows = []
        for at, *said in self.waiting_audit:
            last += 1
            now = link(prev, last, instant_text(at), *said)
            rows.append(dict(zip(_COLUMNS, (last, at, *said, prev, now), strict=True)))
            prev = now
        self.many(_ADD, rows)
        self.run(_SET_HEAD, last=last, now=prev)
        self.waiting_audit.clear()

    def audit_rows(self, limit: int) -> list[AuditRow]:
        """The newest rows, newest first."""
        self.flush_audit()
        return [AuditRow(*row) for row in self.all(_NEWEST, size=limit)]

    def roster_read(self, before: datetime) -> datetime | None:
        """When the roster in force at that moment was imported; None when none had been."""
        row = self.first(_ROSTER, before=before, size=1)
        return row[0] if row else None

    def audit_count(self) -> int:
        """How many rows the log has."""
        self.flush_audit()
        return int((self.first(_COUNT) or (0,))[0])

    def verify(self) -> int | None:
        """The number of the first row that was changed or is missing; None when the chain is whole."""
        self.flush_audit()
        number, prev = 0, GENESIS
        for row in self._in_order():
            number += 1
            if row[0] != number or row[6] != prev or row[7] != link(prev, *row[:6]):
                return number
            prev = row[7]
        known = self.first(_HEAD)
        if known is None:  # it is there from the first day
            return number + 1
        last, head = known
        if not number and self.first(_PEOPLE) != (0,):  # a roster never comes without a row
            return 1
        return None if (last, head) == (number, prev) else min(number, last) + (number != last)

    def _in_order(self) -> Iterable[Row]:
        after = 0
        while page := self.all(_PAGE, after=after, size=PAGE_ROWS):
            yield from page
            after = page[-1][0]
