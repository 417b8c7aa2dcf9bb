"""Notices to many: the text, who it was meant for, and how far it got with each; read off the outbox, so it survives
every restart (RELIABILITY T04, T13, T22)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from regulation.notices import Audience, Condition, Notice, NoticeState, Outcome, Result
from regulation.roster import Role
from storage.audit import detail_text
from storage.notice_tables import notice, notice_recipient
from storage.sql import Row, Statement, binds, constant, into
from storage.tables import identity, outbox, person
from storage.transaction import Transaction

_COLUMNS = (
    "id",
    "author_id",
    "role",
    "scope_id",
    "title",
    "text",
    "audience",
    "state",
    "due",
    "any_hour",
    "agreed_by",
    "wake",
    "at",
)
_shown = tuple(notice.c[name] for name in _COLUMNS)
_put = into(notice).values(**binds(*_COLUMNS))
_PUT = Statement(
    _put.on_conflict_do_update(
        index_elements=["id"], set_={name: _put.excluded[name] for name in _COLUMNS if name != "id"}
    )
)
_ONE = Statement(select(*_shown).where(notice.c.id == bindparam("row")))
_OWN = Statement(
    select(*_shown)
    .where(notice.c.author_id == bindparam("author"))
    .order_by(notice.c.at.desc(), notice.c.id)
    .limit(bindparam("size"))
)
_SINCE = Statement(
    select(*_shown)
    .where(notice.c.at >= bindparam("moment"), notice.c.state != constant("draft"))
    .order_by(notice.c.at.desc(), notice.c.id)
)
_key: ColumnElement[str] = constant("notice:") + notice.c.id
_sending = exists().where(
    notice_recipient.c.notice_id == notice.c.id,
    outbox.c.recipient == notice_recipient.c.person_id,
    outbox.c.key == _key,
    outbox.c.state == constant("waiting"),
)
_DUE = Statement(
    select(*_shown)
    .where(
        notice.c.wake.is_not(None),
        notice.c.wake <= bindparam("moment"),
        or_(notice.c.state != constant("sending"), ~_sending),
    )
    .order_by(notice.c.wake, notice.c.id)
)
_NEXT = Statement(
    select(func.min(notice.c.wake)).where(notice.c.wake > bindparam("moment"), notice.c.wake.is_not(None))
)

_MEANT = Statement(
    select(notice_recipient.c.person_id)
    .where(notice_recipient.c.notice_id == bindparam("row"))
    .order_by(notice_recipient.c.position)
)
_FORGET = Statement(delete(notice_recipient).where(notice_recipient.c.notice_id == bindparam("row")))
_MEAN = Statement(into(notice_recipient).values(**binds("notice_id", "person_id", "position")))
_RECEIVE = Statement(
    update(notice_recipient)
    .where(
        notice_recipient.c.notice_id == bindparam("row"),
        notice_recipient.c.person_id == bindparam("who"),
        notice_recipient.c.received_at.is_(None),
    )
    .values(received_at=bindparam("moment"))
)
_UNANSWERED = Statement(
    select(notice_recipient.c.notice_id)
    .join(notice, notice.c.id == notice_recipient.c.notice_id)
    .join(
        outbox,
        and_(
            outbox.c.recipient == notice_recipient.c.person_id,
            outbox.c.key == _key,
            outbox.c.state == constant("sent"),
        ),
    )
    .where(
        notice_recipient.c.person_id == bindparam("who"),
        notice_recipient.c.received_at.is_(None),
        notice.c.state != constant("recalled"),
    )
    .order_by(outbox.c.sent_at.desc())
)
_mine = and_(outbox.c.recipient == notice_recipient.c.person_id, outbox.c.key == bindparam("key"))
#: the notice or a later reminder of it was opened
_prefix = bindparam("prefix", type_=outbox.c.key.type)
_opened = exists().where(
    outbox.c.recipient == notice_recipient.c.person_id,
    func.substr(outbox.c.key, 1, func.length(_prefix)) == _prefix,
    outbox.c.read_at.is_not(None),
)
_account = exists().where(identity.c.person_id == notice_recipient.c.person_id)
_OUTCOMES = Statement(
    select(
        notice_recipient.c.person_id,
        person.c.name,
        case((and_(_account, person.c.active), "account"), else_=""),
        outbox.c.state,
        outbox.c.error,
        outbox.c.token,
        notice_recipient.c.received_at,
        case((_opened.correlate(notice_recipient), "read"), else_=""),
    )
    .join(person, person.c.id == notice_recipient.c.person_id)
    .outerjoin(outbox, _mine)
    .where(notice_recipient.c.notice_id == bindparam("row"))
    .order_by(notice_recipient.c.position)
)
_meant = select(notice_recipient.c.person_id).where(notice_recipient.c.notice_id == bindparam("row"))
_rows = (outbox.c.recipient.in_(_meant), outbox.c.key == bindparam("key"), outbox.c.address == constant(""))
_AGAIN = Statement(
    update(outbox)
    .where(*_rows, outbox.c.state == constant("parked"))
    .values(state="waiting", tries=0, due=bindparam("moment"))
)
_WITHDRAW = Statement(
    update(outbox)
    .where(*_rows, outbox.c.state == constant("waiting"), outbox.c.lease_until.is_(None))
    .values(state="withdrawn")
)

NO_ACCOUNT = "没有可用账号"
NEWLY_BOUND = "账号是后来绑定的，可以重发"


def _audience_text(audience: Audience) -> str:
    parts = [[role.value for role in audience.roles], audience.condition.value, list(audience.scopes)]
    return json.dumps(parts, ensure_ascii=False)


def _audience(text: str) -> Audience:
    roles, condition, scopes = json.loads(text)
    return Audience(tuple(map(Role, roles)), Condition(condition), tuple(scopes))


def _notice(row: Row) -> Notice:
    given = dict(zip(_COLUMNS, row, strict=True))
    return Notice(
        **{
            **given,
            "role": Role(given["role"]),
            "audience": _audience(given["audience"]),
            "state": NoticeState(given["state"]),
        }
    )


def _outcome(row: Row) -> Outcome:
    """Whoever had no account when it went has no outbox row: failed from the first moment, with the reason."""
    person_id, name, account, state, error, token, received, opened = row
    if received:
        return Outcome(person_id, name, Result.RECEIVED, token=token or "")
    if state is None:
        return Outcome(person_id, name, Result.FAILED, NEWLY_BOUND if account else NO_ACCOUNT)
    result = Result.READ if opened and state == "sent" else _RESULTS.get(state, Result.WAITING)
    return Outcome(person_id, name, result, error if result is Result.FAILED else "", token)


_RESULTS = {"sent": Result.DELIVERED, "parked": Result.FAILED, "withdrawn": Result.WITHDRAWN}


class Notices(Transaction):
    """The notices' part of a transaction."""

    def save_notice(self, written: Notice, action: str, at: datetime, by: str) -> None:
        """Keep the notice as it is now."""
        given = {name: getattr(written, name) for name in _COLUMNS}
        given |= {
            "role": written.role.value,
            "state": written.state.value,
            "audience": _audience_text(written.audience),
            "at": written.at or at,
        }
        self.run(_PUT, **given)
        self.record(by, f"notice.{action}", written.subject, detail_text(state=written.state.value), at)

    def notice(self, notice_id: str) -> Notice | None:
        """One notice; None for an unknown id."""
        row = self.first(_ONE, row=notice_id)
        return _notice(row) if row else None

    def notices_of(self, author_id: str, limit: int) -> list[Notice]:
        """What this person wrote, newest first."""
        return [_notice(row) for row in self.all(_OWN, author=author_id, size=limit)]

    def notices_since(self, at: datetime) -> list[Notice]:
        """What left somebody's desk since then, newest first."""
        return [_notice(row) for row in self.all(_SINCE, moment=at)]

    def notices_due(self, now: datetime) -> list[Notice]:
        """Those the clock must look at: their hour has come, nobody agreed in time, or the last message is out."""
        return [_notice(row) for row in self.all(_DUE, moment=now)]

    def next_notice(self, now: datetime) -> datetime | None:
        """The next moment at which one of them must be looked at."""
        found: datetime | None = self.all(_NEXT, moment=now)[0][0]
        return found

    def address_notice(self, notice_id: str, people: Sequence[str], at: datetime, by: str) -> None:
        """Exactly these people are meant."""
        self.run(_FORGET, row=notice_id)
        self.many(
            _MEAN,
            (
                {"notice_id": notice_id, "person_id": person_id, "position": n}
                for n, person_id in enumerate(people)
            ),
        )
        self.record(by, "notice.addressed", f"notice:{notice_id}", detail_text(people=len(people)), at)

    def notice_meant(self, notice_id: str) -> list[str]:
        """Who is meant, in the order given."""
        return [row[0] for row in self.all(_MEANT, row=notice_id)]

    def receive_notice(self, notice_id: str, person_id: str, at: datetime) -> bool:
        """That person pressed 收到; False when they had before, or were never meant."""
        if not self.run(_RECEIVE, row=notice_id, who=person_id, moment=at):
            return False
        self.record(person_id, "notice.received", f"notice:{notice_id}", detail_text(), at)
        return True

    def unanswered_notice(self, person_id: str) -> str:
        """The last notice that reached this person and that they have not answered with 收到; '' for none."""
        row = self.first(_UNANSWERED, who=person_id)
        return row[0] if row else ""

    def notice_outcomes(self, notice_id: str) -> list[Outcome]:
        """How far it got with each, in the order given."""
        key = f"notice:{notice_id}"
        return [_outcome(row) for row in self.all(_OUTCOMES, row=notice_id, key=key, prefix=key)]

    def resend_notice(self, notice_id: str, at: datetime, by: str) -> int:
        """Offer the messages that were given up once more; whoever got it is not touched (T22). How many."""
        count = self.run(_AGAIN, row=notice_id, key=f"notice:{notice_id}", moment=at)
        self.record(by, "notice.resent", f"notice:{notice_id}", detail_text(count=count), at)
        return count

    def withdraw_notice(self, notice_id: str, at: datetime, by: str) -> int:
        """What has not gone out yet never will; how many."""
        count = self.run(_WITHDRAW, row=notice_id, key=f"notice:{notice_id}")
        self.record(by, "notice.withdrawn", f"notice:{notice_id}", detail_text(count=count), at)
        return count
