"""The law in force as loaded once, and the world one decision looks at: law, records and the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from bot.hearing import DEAF, Heard, Hearing
from bot.turn import Records
from regulation import deadlines
from regulation.deadlines import SHANGHAI, Annex, Deadline, DepartmentRule, RoundOverride
from regulation.parameters import read
from regulation.reminders import Reminder, current, mending, next_moments, plan_of_all
from regulation.rhythm import rhythm_on
from regulation.roster import Project
from regulation.rounds import MonitoringRound
from regulation.stricter import DepartmentRules, parse_department_rules
from regulation.thresholds import Thresholds, parse_thresholds, thresholds_on
from regulation.workdays import Workdays, parse_workdays

#: no department has set anything for itself.
NO_OWN_RULES = DepartmentRules()


@dataclass(frozen=True, slots=True)
class Law:
    """What does not change while the process runs. ``roll``: a last day on a rest day moves on (民法典 203).
    ``head_confirms``: a unit's head confirms a form before it is filed; the 办法 leaves that to the unit.
    ``departments``: what departments set for themselves, stricter only (第十八条)."""

    workdays: Workdays
    thresholds: tuple[Thresholds, ...]
    roll: bool = True
    head_confirms: bool = False
    departments: DepartmentRules = NO_OWN_RULES


def shipped_law(
    *, roll: bool = True, head_confirms: bool = False, thresholds_text: str = "", departments: str = ""
) -> Law:
    """The law as the package ships it (regulation/parameters), or with the district's own ``thresholds.toml`` and its
    departments' ``departments.toml``, given as texts. Raises ValueError naming what in them cannot be used."""
    workdays = parse_workdays(read("workdays.toml"))
    thresholds = parse_thresholds(thresholds_text or read("thresholds.toml"))
    rules = (
        parse_department_rules(departments, thresholds[-1], workdays, roll=roll)
        if departments
        else NO_OWN_RULES
    )
    return Law(workdays, thresholds, roll, head_confirms, rules)


@dataclass(frozen=True, slots=True)
class Here:
    """The World of one decision."""

    records: Records
    law: Law
    now: datetime
    hearing: Hearing = DEAF

    def heard(self, message: str) -> Heard | None:
        """What an entry's ``message`` was: who said it, when, in which words."""
        return self.hearing.of(self.records, message)

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
    def head_confirms(self) -> bool:
        """Whether a unit's head confirms before a form is filed."""
        return self.law.head_confirms

    def rules_of(self, round: MonitoringRound) -> Thresholds:
        """The thresholds in force on the last day of that round, whenever it is looked at."""
        return thresholds_on(self.law.thresholds, round.last_day)

    def rules_for(self, project: Project, round: MonitoringRound) -> Thresholds:
        """The thresholds a project is judged by in that round: its department may have stricter ones (第十八条)."""
        base = self.rules_of(round)
        if not self.law.departments.lines:
            return base
        department = self.records.unit(project.unit_id).department_id
        return self.law.departments.on(base, department, round.last_day)

    def deadline(self, round: MonitoringRound, annex: Annex, department_id: str = "") -> Deadline:
        """The dates of one clock, with finance's notice for that round when there is one, and inside a department
        with its own earlier day (第十八条). When 逾期 begins never depends on the department."""
        notice = deadlines.override_for(tuple(self.records.overrides()), round, annex)
        limit = _deadline(round, annex, self.law.workdays, self.law.roll, notice)
        return deadlines.inside(limit, self.law.departments.dates_of(department_id), self.law.workdays)

    def disturbable(self, at: datetime) -> datetime:
        """The first moment from ``at`` on at which somebody may be told unasked: never at night or on rest days."""
        return rhythm_on(at.date()).next_disturbable(at.astimezone(SHANGHAI), self.law.workdays)

    def plan(self) -> tuple[Reminder, ...]:
        """Every reminder of the round being collected, in order of time."""
        return self.plan_of(self.round)

    def plan_of(self, round: MonitoringRound) -> tuple[Reminder, ...]:
        """Every reminder of that round, in order of time."""
        overrides = tuple(o for o in self.records.overrides() if o.round == round)
        return _plan(round, self.law.workdays, self.law.roll, overrides, self.law.departments.dates)

    def reminders(self) -> tuple[Reminder, ...]:
        """What of the plan is still true now, and of the dates returned forms were given."""
        return current(self._planned(), self.now, self.law.workdays)

    def _planned(self) -> tuple[Reminder, ...]:
        """The plan of the round with the moments of its returned forms, in order of time."""
        dues = [back.due for back in self.records.returns(self.round) if back.due]
        if not dues:
            return self.plan()
        until = max(self.deadline(self.round, annex).late_after for annex in Annex)
        moments = mending(self.round, dues, until, self.law.workdays)
        return tuple(sorted((*self.plan(), *moments), key=lambda each: each.at))

    def upcoming(self, limit: int) -> tuple[Reminder, ...]:
        """The next planned moments of both clocks, the next round's when this one has none left."""
        coming = next_moments(self._planned(), self.now, limit)
        return coming or self.plan_of(self.round.next)[:limit]


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
    round: MonitoringRound,
    workdays: Workdays,
    roll: bool,
    overrides: tuple[RoundOverride, ...],
    rules: tuple[DepartmentRule, ...],
) -> tuple[Reminder, ...]:
    return plan_of_all(round, workdays, roll=roll, overrides=overrides, rules=rules)
