"""催办: who was pressed by whom, and when pressing somebody again is no use (UX B1, C1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

#: nobody is pressed twice within this time, however many press; and nobody whose last answer is younger.
PAUSE_BETWEEN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Nudge:
    """One person pressed once, for what they owed in a department or a unit."""

    person_id: str
    scope_id: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Chased:
    """How often somebody was pressed in a round, and the last time by whom."""

    person_id: str
    times: int
    last: datetime
    by: str


def chased(nudges: Iterable[Nudge]) -> dict[str, Chased]:
    """Person id -> how often they were pressed; ``nudges`` in order of time."""
    found: dict[str, Chased] = {}
    for nudge in nudges:
        times = found[nudge.person_id].times if nudge.person_id in found else 0
        found[nudge.person_id] = Chased(nudge.person_id, times + 1, nudge.at, nudge.by)
    return found


def just_now(then: datetime | None, at: datetime) -> bool:
    """Whether that is too recent to say anything again."""
    return then is not None and at - then < PAUSE_BETWEEN
