"""When reminders may sound and how often: the dated values of parameters/calendar.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, TypeVar

from regulation.parameters import read
from regulation.workdays import Workdays

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The values in force on one day. Hours are Beijing time; counts are workdays unless named otherwise."""

    morning: time
    afternoon: time
    evening: time
    closing: time  # the day's glance for the performance office
    working_from: time
    working_until: time
    first_warning: int  # workdays before the due day
    last_warning: int
    budget_office_from: int  # the how-manieth late workday starts the daily digest
    head_every: int  # workdays between two messages to a head
    department_workdays: int  # length of the dense phase after 附表2、3 are late
    weekly_weeks: int  # weekly messages after the dense phase, then silence
    stale_days: int  # calendar days after which a missed reminder is not caught up
    silent_from: tuple[int, int]  # (month, day), both ends included
    silent_until: tuple[int, int]

    def is_silent(self, day: date) -> bool:
        """Whether nobody is reminded that day, even if the arrangement of its year is still unknown."""
        return self.silent_from <= (day.month, day.day) <= self.silent_until

    def may_disturb(self, now: datetime, workdays: Workdays) -> bool:
        """Whether people are at work at that Beijing time: a workday within hours, not a silent day."""
        at_work = self.working_from <= now.time() < self.working_until
        return at_work and not self.is_silent(now.date()) and workdays.is_workday(now.date())

    def next_disturbable(self, at: datetime, workdays: Workdays) -> datetime:
        """``at`` itself when people are at work then, else the next morning they are (Beijing time)."""
        if self.may_disturb(at, workdays):
            return at
        day = at.date() if at.time() < self.working_from else at.date() + timedelta(days=1)
        while self.is_silent(day) or not workdays.is_workday(day):
            day += timedelta(days=1)
        return datetime.combine(day, self.morning, at.tzinfo)


def parse_rhythm(text: str, day: date) -> Rhythm:
    """The values in force on ``day``; a day before the first ``from`` uses the first.

    Raises ValueError naming the table whose value is missing or of the wrong kind."""
    content = tomllib.loads(text)
    hours, warnings, late, silence = (
        _in_force(content, name, day) for name in ("hours", "warnings", "late", "silence")
    )
    return Rhythm(
        morning=_value(hours, "hours.morning", time),
        afternoon=_value(hours, "hours.afternoon", time),
        evening=_value(hours, "hours.evening", time),
        closing=_value(hours, "hours.closing", time),
        working_from=_value(hours, "hours.working_from", time),
        working_until=_value(hours, "hours.working_until", time),
        first_warning=_value(warnings, "warnings.first", int),
        last_warning=_value(warnings, "warnings.last", int),
        budget_office_from=_value(late, "late.budget_office_from", int),
        head_every=_value(late, "late.head_every", int),
        department_workdays=_value(late, "late.department_workdays", int),
        weekly_weeks=_value(late, "late.weekly_weeks", int),
        stale_days=_value(late, "late.stale_days", int),
        silent_from=_month_day(silence, "silence.first"),
        silent_until=_month_day(silence, "silence.last"),
    )


@cache
def rhythm_on(day: date) -> Rhythm:
    """The shipped values in force on ``day``."""
    return parse_rhythm(read("calendar.toml"), day)


def _in_force(content: dict[str, Any], name: str, day: date) -> dict[str, Any]:
    rows = content.get(name, [])
    if not rows:
        raise ValueError(f"calendar.toml 缺 [[{name}]]")
    for row in rows:
        _value(row, f"{name}.from", date)
        _value(row, f"{name}.reference", str)
    rows = sorted(rows, key=lambda row: row["from"])
    return next((row for row in reversed(rows) if row["from"] <= day), rows[0])


def _value(row: dict[str, Any], name: str, kind: type[T]) -> T:
    value = row.get(name.partition(".")[2])
    if type(value) is not kind:
        raise ValueError(f"calendar.toml 的 {name} 应写成 {kind.__name__}，现在是 {value!r}")
    return value


def _month_day(row: dict[str, Any], name: str) -> tuple[int, int]:
    written = _value(row, name, str)
    try:
        day = date.fromisoformat(f"2000-{written}")
    except ValueError:
        raise ValueError(f"calendar.toml 的 {name} 应写成 10-01 这样，现在是 {written!r}") from None
    return day.month, day.day
