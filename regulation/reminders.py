"""The reminder plan of a round as one table, and what of it is still true at a moment (DOMAIN §1.2, §4)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from operator import attrgetter

from regulation.deadlines import (
    SHANGHAI,
    Annex,
    DepartmentRule,
    RoundOverride,
    closes,
    deadline,
    in_shanghai,
    inside,
    override_for,
)
from regulation.occasions import OCCASIONS, Audience, Clock, Occasion, Row
from regulation.rhythm import Rhythm, rhythm_on
from regulation.rounds import MonitoringRound
from regulation.workdays import Workdays

__all__ = [
    "Audience",
    "Occasion",
    "Reminder",
    "current",
    "mending",
    "mending_days",
    "next_moments",
    "plan",
    "plan_of_all",
]

#: who hears at a department's own moments; finance and the administrator keep the district's.
INSIDE = (Audience.FILLER, Audience.UNIT_HEAD, Audience.BUDGET_OFFICE, Audience.DEPARTMENT_HEAD)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One planned moment for one audience. ``days_late`` counts calendar days after ``late_after``.

    ``target`` and ``late_after`` are the dates the counts refer to; None where there is no deadline.
    ``department`` is the one whose own earlier dates it goes by (第十八条), ``apart`` those that have such dates and
    are not spoken to at the district's moments."""

    round: MonitoringRound
    annex: Annex
    occasion: Occasion
    audience: Audience
    at: datetime
    workdays_left: int
    days_late: int = 0
    target: date | None = None
    late_after: date | None = None
    department: str = ""
    apart: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Stable identity: the same moment is never acted on twice."""
        return (
            f"{self.round.code}:{self.annex}:{self.audience}:{self.occasion}:{self.at:%Y%m%d%H%M}{self.whose}"
        )

    @property
    def whose(self) -> str:
        """``:d01`` where the moment is one department's own, for keys; empty at the district's."""
        return f":{self.department}" if self.department else ""

    def concerns(self, department_id: str) -> bool:
        """Whether that department is spoken to at this moment."""
        return department_id == self.department if self.department else department_id not in self.apart

    def as_of(self, day: date, workdays: Workdays) -> Reminder:
        """The same reminder with its counts true on ``day``: one caught up later must not miscount."""
        if self.target is None or self.late_after is None:
            return self
        left = workdays.count(day + timedelta(days=1), self.target)
        return replace(self, workdays_left=left, days_late=max(0, (day - self.late_after).days))


def plan(
    round: MonitoringRound,
    workdays: Workdays,
    *,
    roll: bool = True,
    overrides: tuple[RoundOverride, ...] = (),
    rules: tuple[DepartmentRule, ...] = (),
    rhythm: Rhythm | None = None,
) -> tuple[Reminder, ...]:
    """Every reminder of the round, in order of time: none on a rest day or outside working hours.

    ``rules`` are one department's earlier dates (第十八条); one that a notice has overtaken no longer counts. Its
    office may begin to consolidate the workday after its own date for the units.
    ``rhythm`` defaults to the shipped values in force when the quarter ends."""
    rhythm = rhythm or rhythm_on(round.last_day)
    legal = {
        annex: deadline(round, annex, workdays, roll=roll, override=override_for(overrides, round, annex))
        for annex in Annex
    }
    limits = {annex: inside(limit, rules, workdays) for annex, limit in legal.items()}
    unit, department = limits[Annex.UNIT], limits[Annex.DEPARTMENT]
    clocks = {
        Annex.UNIT: Clock(
            unit, unit.opens, closes(round, workdays, roll=roll, overrides=overrides), workdays, rhythm
        ),
        Annex.DEPARTMENT: Clock(
            department,
            workdays.shift(unit.target if unit.overall else unit.late_after, 1),
            workdays.shift(department.late_after, rhythm.department_workdays),
            workdays,
            rhythm,
        ),
    }
    planned = (
        _reminder(row, clocks[row.annex], day) for row in OCCASIONS for day in row.days(clocks[row.annex])
    )
    heard = [reminder for reminder in planned if not rhythm.is_silent(reminder.at.date())]
    return tuple(sorted(_one_a_day(heard, workdays), key=attrgetter("at")))


def plan_of_all(
    round: MonitoringRound,
    workdays: Workdays,
    *,
    roll: bool = True,
    overrides: tuple[RoundOverride, ...] = (),
    rules: tuple[DepartmentRule, ...] = (),
) -> tuple[Reminder, ...]:
    """The district's plan together with the own moments of every department that set earlier dates in ``rules``."""
    here = tuple(rule for rule in rules if rule.round == round)
    apart = frozenset(rule.department_id for rule in here)
    planned = [replace(each, apart=apart) for each in plan(round, workdays, roll=roll, overrides=overrides)]
    for department in sorted(apart):
        own = tuple(rule for rule in here if rule.department_id == department)
        planned += [
            replace(each, department=department)
            for each in plan(round, workdays, roll=roll, overrides=overrides, rules=own)
            if each.audience in INSIDE
        ]
    return tuple(sorted(planned, key=attrgetter("at")))


def mending_days(due: date, until: date, workdays: Workdays) -> tuple[date, ...]:
    """When somebody hears of a form sent back until ``due``: the workday before, the day itself, and every workday
    while it is past, until the forms close; a week where they have closed already."""
    last = max(until, due + timedelta(days=7))
    past = (due + timedelta(days=n) for n in range(1, (last - due).days + 1))
    before = (workdays.shift(due, -1), workdays.on_or_before(due))
    return tuple(dict.fromkeys((*before, *(day for day in past if workdays.is_workday(day)))))


def mending(
    round: MonitoringRound,
    dues: Iterable[date],
    until: date,
    workdays: Workdays,
    rhythm: Rhythm | None = None,
) -> tuple[Reminder, ...]:
    """The moments at which the fillers of returned forms hear of their dates: one a day, whatever the number."""
    rhythm = rhythm or rhythm_on(round.last_day)
    days = sorted({day for due in dues for day in mending_days(due, until, workdays)})
    return tuple(
        Reminder(
            round,
            Annex.UNIT,
            Occasion.MEND,
            Audience.MENDER,
            datetime.combine(day, rhythm.morning, SHANGHAI),
            0,
        )
        for day in days
        if not rhythm.is_silent(day)
    )


def current(
    reminders: tuple[Reminder, ...], now: datetime, workdays: Workdays, rhythm: Rhythm | None = None
) -> tuple[Reminder, ...]:
    """What is still true now: per annex, audience and department of its own dates the latest reminder at or before
    ``now``, with its counts as of today, all earlier ones collapsed into it; empty on rest days and outside working
    hours.

    One left over from an earlier day waits when the same audience hears the next one later today, and is
    dropped after ``stale_days``. ``reminders`` are in order of time. ValueError for a naive ``now``."""
    now = in_shanghai(now)
    today = now.date()
    rhythm = rhythm or rhythm_on(today)
    if not rhythm.may_disturb(now, workdays):
        return ()
    passed = bisect_right(reminders, now, key=attrgetter("at"))
    coming = {
        (each.annex, each.audience, each.department)
        for each in takewhile(lambda each: each.at.date() == today, reminders[passed:])
    }
    oldest = now - timedelta(days=rhythm.stale_days)
    latest: dict[tuple[Annex, Audience, str], Reminder] = {}
    for each in takewhile(lambda each: each.at >= oldest, reversed(reminders[:passed])):
        latest.setdefault((each.annex, each.audience, each.department), each)
    return tuple(
        each.as_of(today, workdays)
        for whom, each in reversed(latest.items())
        if each.at.date() == today or whom not in coming
    )


def next_moments(reminders: tuple[Reminder, ...], now: datetime, limit: int) -> tuple[Reminder, ...]:
    """The next ``limit`` planned reminders after ``now``, in order of time."""
    passed = bisect_right(reminders, in_shanghai(now), key=attrgetter("at"))
    return reminders[passed : passed + limit]


def _reminder(row: Row, clock: Clock, day: date) -> Reminder:
    at = datetime.combine(day, getattr(clock.rhythm, row.hour), SHANGHAI)
    limit = clock.limit
    bare = Reminder(limit.round, row.annex, row.occasion, row.audience, at, 0)
    if row.occasion is Occasion.CALENDAR:
        return bare
    past = row.occasion is Occasion.PAST_OWN
    target = clock.workdays.on_or_before(limit.last) if past else limit.target
    return replace(bare, target=target, late_after=limit.late_after).as_of(day, clock.workdays)


def _one_a_day(reminders: list[Reminder], workdays: Workdays) -> Iterable[Reminder]:
    """A department head hears at most one message a day (UX §4.3): where both clocks would speak, the one
    about units moves to the next workday."""
    head = Audience.DEPARTMENT_HEAD
    taken = {(each.audience, each.at) for each in reminders if each.annex is Annex.DEPARTMENT}
    for each in reminders:
        if each.audience is head and each.annex is Annex.UNIT and (head, each.at) in taken:
            day = workdays.shift(each.at.date(), 1)
            yield replace(each, at=datetime.combine(day, each.at.timetz())).as_of(day, workdays)
        else:
            yield each
