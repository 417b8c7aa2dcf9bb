"""On which days of a round who is told why, as one table (DOMAIN §1.2, §4; pace in calendar.toml)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from regulation.deadlines import Annex, Deadline
from regulation.rhythm import Rhythm
from regulation.workdays import Workdays

WEEK = timedelta(days=7)


class Audience(StrEnum):
    """Who hears a reminder; resolved to people by the roster. The values are those of roster.Role."""

    FILLER = "filler"
    UNIT_HEAD = "unit_head"
    BUDGET_OFFICE = "budget_office"
    DEPARTMENT_HEAD = "department_head"
    FINANCE_DIVISION = "finance_division"
    PERFORMANCE_OFFICE = "performance_office"
    ADMIN = "admin"
    MENDER = "mender"  # whoever fills a form sent back with a date of its own; no duty of the roster


class Occasion(StrEnum):
    """Why a reminder goes out."""

    OPEN = "open"
    THREE_LEFT = "three_left"
    ONE_LEFT = "one_left"
    DUE_MORNING = "due_morning"
    DUE_AFTERNOON = "due_afternoon"
    PAST_OWN = "past_own"  # the department's own earlier date is over, the district's is not (第十八条)
    LATE = "late"
    COLLECTED = "collected"  # budget office: who has filed and who has not
    MEND = "mend"  # a returned form's own date is near or past
    GLANCE = "glance"  # performance office: the whole district at the end of the day (UX §4.4)
    CALENDAR = "calendar"  # administrator: next year's holiday arrangement is missing


@dataclass(frozen=True, slots=True)
class Clock:
    """What the day rules of the table may look at. ``until`` ends the dense chasing of the late."""

    limit: Deadline
    starts: date
    until: date
    workdays: Workdays
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plan: on which days, at which hour of the rhythm, who is told why."""

    annex: Annex
    audience: Audience
    occasion: Occasion
    days: Callable[[Clock], Iterable[date]]
    hour: str = "morning"


def start(clock: Clock) -> Iterable[date]:
    """The day the work begins: the round opens, or the workday after the units were due."""
    return (clock.starts,)


def first_warning(clock: Clock) -> Iterable[date]:
    """Some workdays before the due day, unless the opening message is as late as that."""
    return _after_start(clock, clock.rhythm.first_warning)


def last_warning(clock: Clock) -> Iterable[date]:
    """The workday before the due day, under the same condition."""
    return _after_start(clock, clock.rhythm.last_warning)


def due_day(clock: Clock) -> Iterable[date]:
    """The due day, or the last workday before it when it is a rest day."""
    return (clock.limit.target,)


def past_own_day(clock: Clock) -> Iterable[date]:
    """Every workday after a department's own date up to the district's day."""
    limit = clock.limit
    return [
        day
        for day in _workdays(clock, limit.target + timedelta(days=1))
        if limit.overall and day <= limit.overall
    ]


def from_due_day(clock: Clock) -> Iterable[date]:
    """Every workday from the due day until the forms close."""
    return _workdays(clock, clock.limit.target)


def every_workday(clock: Clock) -> Iterable[date]:
    """Every workday from the opening of the round until the forms close."""
    return _workdays(clock, clock.starts)


def late_daily(clock: Clock) -> Iterable[date]:
    """Every workday while late until the forms close, then weekly, then silence."""
    return (*_late(clock), *_weekly(clock))


def late_digest(clock: Clock) -> Iterable[date]:
    """As :func:`late_daily`, but not before the second late workday: the first is the unit's own."""
    return (*_late(clock)[clock.rhythm.budget_office_from - 1 :], *_weekly(clock))


def late_spaced(clock: Clock) -> Iterable[date]:
    """The first late workday and every second one after it, then weekly: for heads and finance."""
    return (*_late(clock)[:: clock.rhythm.head_every], *_weekly(clock))


def arrangement_missing(clock: Clock) -> Iterable[date]:
    """The first workday of December, when next year's holidays are not here (C05)."""
    year = clock.limit.round.year
    if clock.limit.round.quarter == 3 and year + 1 not in clock.workdays.known:
        return (clock.workdays.on_or_after(date(year, 12, 1)),)
    return ()


#: The plan (DOMAIN §1.2 Reminder plan, §4 table). Messages go only to those who still owe; the bot knows who.
OCCASIONS: tuple[Row, ...] = (
    Row(Annex.UNIT, Audience.FILLER, Occasion.OPEN, start),
    Row(Annex.UNIT, Audience.FILLER, Occasion.THREE_LEFT, first_warning),
    Row(Annex.UNIT, Audience.FILLER, Occasion.ONE_LEFT, last_warning),
    Row(Annex.UNIT, Audience.FILLER, Occasion.DUE_MORNING, due_day),
    Row(Annex.UNIT, Audience.FILLER, Occasion.DUE_AFTERNOON, due_day, "afternoon"),
    Row(Annex.UNIT, Audience.FILLER, Occasion.PAST_OWN, past_own_day),
    Row(Annex.UNIT, Audience.FILLER, Occasion.LATE, late_daily),
    Row(Annex.UNIT, Audience.UNIT_HEAD, Occasion.LATE, late_daily),
    Row(Annex.UNIT, Audience.BUDGET_OFFICE, Occasion.COLLECTED, from_due_day, "evening"),
    Row(Annex.UNIT, Audience.BUDGET_OFFICE, Occasion.LATE, late_digest),
    Row(Annex.UNIT, Audience.DEPARTMENT_HEAD, Occasion.LATE, late_spaced),
    Row(Annex.UNIT, Audience.PERFORMANCE_OFFICE, Occasion.GLANCE, every_workday, "closing"),
    Row(Annex.UNIT, Audience.ADMIN, Occasion.CALENDAR, arrangement_missing),
    Row(Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.OPEN, start),
    Row(Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.THREE_LEFT, first_warning),
    Row(Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.ONE_LEFT, last_warning),
    Row(Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.DUE_MORNING, due_day),
    Row(Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.DUE_AFTERNOON, due_day, "afternoon"),
    Row(Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.PAST_OWN, past_own_day),
    Row(Annex.DEPARTMENT, Audience.BUDGET_OFFICE, Occasion.LATE, late_daily),
    Row(Annex.DEPARTMENT, Audience.DEPARTMENT_HEAD, Occasion.LATE, late_spaced),
    Row(Annex.DEPARTMENT, Audience.FINANCE_DIVISION, Occasion.LATE, late_spaced),
)


def _after_start(clock: Clock, count: int) -> Iterable[date]:
    day = clock.workdays.shift(clock.limit.target, -count)
    return (day,) if day > clock.starts else ()


def _workdays(clock: Clock, first: date) -> tuple[date, ...]:
    days = (first + timedelta(days=n) for n in range((clock.until - first).days + 1))
    return tuple(day for day in days if clock.workdays.is_workday(day))


def _late(clock: Clock) -> tuple[date, ...]:
    return _workdays(clock, clock.limit.late_after + timedelta(days=1))


def _weekly(clock: Clock) -> Iterable[date]:
    """The first workday of each of the weeks after ``until``; a week without one is skipped."""
    monday = clock.until - timedelta(days=clock.until.weekday())
    for n in range(1, clock.rhythm.weekly_weeks + 1):
        day = clock.workdays.on_or_after(monday + n * WEEK)
        if day < monday + (n + 1) * WEEK:
            yield day
