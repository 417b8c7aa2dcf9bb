"""What will happen by itself in a district: planned reminders, messages that wait, notices that are due."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.law import Here, Law
from rehearsal import views
from storage.store import Store
from web.ports import Moment

MINUTE = timedelta(minutes=1)


def upcoming(store: Store, law: Law, now: datetime, limit: int) -> list[Moment]:
    """The next moments, soonest first."""
    with store.read() as tx:
        planned = Here(tx, law, now).upcoming(limit * 6)
        waiting = views.resends(tx.outbox_rows(200), now)
        notices = views.notices(tx.next_notice(now))
    return sorted((*views.moments(planned), *waiting, *notices), key=lambda m: m.at)[:limit]


def next_stop(store: Store, law: Law, now: datetime) -> datetime | None:
    """When the next of them is; None when nothing is planned."""
    return min((moment.at for moment in upcoming(store, law, now, 1)), default=None)


def whole_minute(moment: datetime | None) -> datetime | None:
    """The minute that begins then or next: a clock that ticks once a minute acts on it there."""
    return moment and moment + -timedelta(seconds=moment.second, microseconds=moment.microsecond) % MINUTE
