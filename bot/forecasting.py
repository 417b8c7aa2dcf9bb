"""How many messages a round will take: who is told when, and how many still owe by then; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.reminding import SPEAKERS
from regulation.reminders import Audience, Occasion, Reminder
from regulation.roster import Role, Roster

#: percent of those who fill in that still owe at each occasion: an estimate, on the high side.
STILL_OWING = {
    Occasion.OPEN: 100,
    Occasion.THREE_LEFT: 70,
    Occasion.ONE_LEFT: 45,
    Occasion.DUE_MORNING: 30,
    Occasion.DUE_AFTERNOON: 20,
    Occasion.PAST_OWN: 15,
    Occasion.LATE: 8,
}
#: a card tapped or a form sent, for each 附表1: open, send, correct, confirm.
TAPS = 4


@dataclass(frozen=True, slots=True)
class Moment:
    """One reminder: to how many people at most, and how many it is likely to reach."""

    at: datetime
    occasion: Occasion
    audience: Audience
    most: int
    likely: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What a round asks of a platform. ``alerts``: one to each unit head for each form, at most."""

    moments: tuple[Moment, ...]
    forms: int
    people: int

    @property
    def taps(self) -> int:
        """How often cards are tapped."""
        return self.forms * TAPS


def demand(roster: Roster, reminders: Iterable[Reminder]) -> Demand:
    """The messages of a round's reminders for that roster."""
    spoken = [r for r in reminders if (r.annex, r.audience) in SPEAKERS]
    moments = tuple(_moment(r, _audience(roster, r.audience)) for r in spoken)
    return Demand(moments, len(roster.projects), len([p for p in roster.people if p.active]))


def _audience(roster: Roster, audience: Audience) -> int:
    if audience is Audience.FILLER:
        return len({project.filler_id for project in roster.projects})
    role = Role(audience.value)  # the two share their values
    return sum(any(duty.role is role for duty in person.duties) for person in roster.people if person.active)


def _moment(reminder: Reminder, people: int) -> Moment:
    share = STILL_OWING.get(reminder.occasion, 100)
    return Moment(reminder.at, reminder.occasion, reminder.audience, people, -(-people * share // 100))
