"""The law in force as loaded once, and the world one decision looks at: law, records and the moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from bot.turn import Records
from regulation import deadlines
from regulation.deadlines import SHANGHAI, Annex, Deadline, RoundOverride
from regulation.parameters import read
from regulation.reminders import Reminder, current, next_moments, plan
from regulation.rhythm import rhythm_on
from regulation.rounds import MonitoringRound
from regulation.thresholds import Thresholds, parse_thresholds, thresholds_on
from regulation.workdays import Workdays, parse_workdays


@dataclass(frozen=True, slots=True)
class Law:
    """What does not change while the process runs. ``roll``: a last day on a rest day moves on (民法典 203)."""

    workdays: Workdays
    thresholds: tuple[Thresholds, ...]
    roll: bool = True


def shipped_law(*, roll: bool = True) -> Law:
    """The law as the package ships it: regulation/parameters."""
    return Law(parse_workdays(read("workdays.toml")), parse_thresholds(read("thresholds.toml")), roll)


@dataclass(frozen=True, slots=True)
class Here:
    """The World of one decision."""

    records: Records
    law: Law
    now: datetime

    @property
    def workdays(self) -> Workdays:
        """The holiday arrangement."""
        return self.law.workdays

    @property
    def round(self) -> MonitoringRound:
        """The round being collected, or the last one between rounds."""
        return _round_at(self.now.date(), self.law.workdays)

    @property
    def next_opening(self) -> date:
        """The day the next round opens."""
        return self.deadline(self.round.next, Annex.UNIT).opens

    @property
    def rules(self) -> Thresholds:
        """The thresholds in force on the last day of the round being collected."""
        return thresholds_on(self.law.thresholds, self.round.last_day)

    def deadline(self, round: MonitoringRound, annex: Annex) -> Deadline:
        """The dates of one clock, with finance's notice for that round when there is one."""
        notice = deadlines.override_for(tuple(self.records.overrides()), round, annex)
        return _deadline(round, annex, self.law.workdays, self.law.roll, notice)

    def disturbable(self, at: datetime) -> datetime:
        """The first moment from ``at`` on at which somebody may be told unasked: never at night or on rest days."""
        return rhythm_on(at.date()).next_disturbable(at.astimezone(SHANGHAI), self.law.workdays)

    def plan(self) -> tuple[Reminder, ...]:
        """Every reminder of the round being collected, in order of time."""
        return self.plan_of(self.round)

    def plan_of(self, round: MonitoringRound) -> tuple[Reminder, ...]:
        """Every reminder of that round, in order of time."""
        overrides = tuple(o for o in self.records.overrides() if o.round == round)
        return _plan(round, self.law.workdays, self.law.roll, overrides)

    def reminders(self) -> tuple[Reminder, ...]:
        """What of the plan is still true now."""
        return current(self.plan(), self.now, self.law.workdays)

    def upcoming(self, limit: int) -> tuple[Reminder, ...]:
        """The next planned moments of the unit clock, the next round's when this one has none left."""
        coming = _of_units(next_moments(self.plan(), self.now, len(self.plan())))
        return (coming or _of_units(self.plan_of(self.round.next)))[:limit]


def _of_units(planned: Iterable[Reminder]) -> tuple[Reminder, ...]:
    """The moments that become messages: departments do not file 附表2、3 here yet."""
    return tuple(each for each in planned if each.annex is Annex.UNIT)


@lru_cache(maxsize=4096)
def _round_at(day: date, workdays: Workdays) -> MonitoringRound:
    return deadlines.round_at(day, workdays)


@lru_cache(maxsize=256)
def _deadline(
    round: MonitoringRound, annex: Annex, workdays: Workdays, roll: bool, override: RoundOverride | None
) -> Deadline:
    return deadlines.deadline(round, annex, workdays, roll=roll, override=override)


@lru_cache(maxsize=64)
def _plan(
    round: MonitoringRound, workdays: Workdays, roll: bool, overrides: tuple[RoundOverride, ...]
) -> tuple[Reminder, ...]:
    return plan(round, workdays, roll=roll, overrides=overrides)
