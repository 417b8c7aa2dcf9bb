"""A notice to many: whom it is for, its life from draft to sent, and when a second person must agree (第七、八条)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zlib import crc32

from regulation.roster import Role

#: From so many recipients on a second person of the same duty must agree; our own rule, the 办法 has none.
SECOND_PERSON_FROM = 50
#: How long that second person has before the author is told that nothing was sent.
SECOND_PERSON_WITHIN = timedelta(hours=24)
#: A similar notice of somebody else within this time is pointed out before sending (F06).
SIMILAR_WITHIN = timedelta(minutes=30)


class Condition(StrEnum):
    """Where the forms of those meant are."""

    ALL = "all"
    OWING = "owing"
    LATE = "late"
    RETURNED = "returned"
    UNOPENED = "unopened"
    FILED = "filed"


CONDITION_LABELS = {
    Condition.ALL: "全部",
    Condition.OWING: "未报",
    Condition.LATE: "逾期",
    Condition.RETURNED: "退回",
    Condition.UNOPENED: "未打开",
    Condition.FILED: "已报",
}


@dataclass(frozen=True, slots=True)
class Audience:
    """Holders of these duties whose forms fulfil the condition; ``scopes`` are ids of departments (finance) or units
    (a budget office), empty for all the author answers for."""

    roles: tuple[Role, ...]
    condition: Condition = Condition.ALL
    scopes: tuple[str, ...] = ()


class NoticeState(StrEnum):
    """Where a notice is."""

    DRAFT = "draft"
    AWAITING = "awaiting"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    EXPIRED = "expired"
    RECALLED = "recalled"


STATE_LABELS = {
    NoticeState.DRAFT: "还没发",
    NoticeState.AWAITING: "等第二人确认",
    NoticeState.SCHEDULED: "定时待发",
    NoticeState.SENDING: "正在发",
    NoticeState.SENT: "已发完",
    NoticeState.DROPPED: "不发了",
    NoticeState.EXPIRED: "没人确认，没有发",
    NoticeState.RECALLED: "已撤回",
}


class NoticeAction(StrEnum):
    """What somebody, or the clock, does to a notice."""

    EDIT = "edit"
    ASK = "ask"
    AGREE = "agree"
    REFUSE = "refuse"
    SCHEDULE = "schedule"
    SEND = "send"
    FINISH = "finish"
    RESEND = "resend"
    DROP = "drop"
    EXPIRE = "expire"
    RECALL = "recall"


_S, _A = NoticeState, NoticeAction
#: state -> action -> state after it; what is not listed is not allowed. A notice that went out never becomes a draft
#: again: who got it is on record, so a second text is a second notice.
TRANSITIONS: Mapping[NoticeState, Mapping[NoticeAction, NoticeState]] = {
    _S.DRAFT: {
        _A.EDIT: _S.DRAFT,
        _A.ASK: _S.AWAITING,
        _A.SCHEDULE: _S.SCHEDULED,
        _A.SEND: _S.SENDING,
        _A.DROP: _S.DROPPED,
    },
    _S.AWAITING: {
        _A.SCHEDULE: _S.SCHEDULED,
        _A.SEND: _S.SENDING,
        _A.REFUSE: _S.DRAFT,
        _A.DROP: _S.DROPPED,
        _A.EXPIRE: _S.EXPIRED,
    },
    _S.EXPIRED: {_A.EDIT: _S.DRAFT, _A.ASK: _S.AWAITING, _A.DROP: _S.DROPPED},
    _S.SCHEDULED: {_A.SEND: _S.SENDING, _A.DROP: _S.DROPPED},
    _S.SENDING: {_A.FINISH: _S.SENT, _A.RESEND: _S.SENDING, _A.RECALL: _S.RECALLED},
    _S.SENT: {_A.RESEND: _S.SENDING, _A.RECALL: _S.RECALLED},
    _S.DROPPED: {},
    _S.RECALLED: {},
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. ``role`` and ``scope_id`` are the duty its author writes as; ``due`` the wished moment (None: at
    once), ``any_hour`` also at night; ``wake`` when the clock must look at it next, None when never."""

    id: str
    author_id: str
    role: Role
    scope_id: str
    title: str
    text: str
    audience: Audience
    state: NoticeState = NoticeState.DRAFT
    due: datetime | None = None
    any_hour: bool = False
    agreed_by: str = ""
    wake: datetime | None = None
    at: datetime | None = None

    @property
    def key(self) -> str:
        """The outbox key of its message: nobody gets the same notice under two keys."""
        return f"notice:{self.id}"

    @property
    def stamp(self) -> int:
        """Changes when anything its author saw on the preview changes: an older card no longer counts."""
        due = self.due.astimezone(UTC).isoformat() if self.due else ""
        shown = (self.title, self.text, self.audience, due, self.any_hour, self.role, self.scope_id)
        return crc32(repr(shown).encode("utf-8", "surrogatepass")) & 0x7FFFFFFF

    @property
    def subject(self) -> str:
        """How cards and the audit log name it."""
        return f"notice:{self.id}"


def next_state(state: NoticeState, action: NoticeAction) -> NoticeState | None:
    """The state after that action, None when the table does not allow it."""
    return TRANSITIONS[state].get(action)


#: states in which a notice is on its way or has arrived.
UNDER_WAY = (NoticeState.AWAITING, NoticeState.SCHEDULED, NoticeState.SENDING, NoticeState.SENT)


class Result(StrEnum):
    """How far a notice got with one person; the later ones include the earlier."""

    WAITING = "waiting"
    DELIVERED = "delivered"  # the platform took it for this person
    READ = "read"
    RECEIVED = "received"  # the person pressed 收到
    FAILED = "failed"
    WITHDRAWN = "withdrawn"  # recalled before it went


RESULT_LABELS = {
    Result.FAILED: "失败",
    Result.WAITING: "待发",
    Result.DELIVERED: "没读",
    Result.READ: "读了没回",
    Result.RECEIVED: "收到",
    Result.WITHDRAWN: "没发",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One recipient of a notice and how far it got; ``reason`` says why it failed, ``token`` names the card there."""

    person_id: str
    name: str
    result: Result
    reason: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """The panel's numbers: everybody it was meant for, and how many of them it got how far with."""

    meant: int
    delivered: int
    read: int
    received: int
    failed: int
    waiting: int


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """已发、送达、已读、收到、失败: whoever pressed 收到 has read it, whoever read it got it."""
    count = Counter(each.result for each in outcomes)
    received = count[Result.RECEIVED]
    read = received + count[Result.READ]
    return Tally(
        meant=count.total(),
        delivered=read + count[Result.DELIVERED],
        read=read,
        received=received,
        failed=count[Result.FAILED],
        waiting=count[Result.WAITING],
    )
