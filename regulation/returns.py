"""Sending a unit's 附表1 back: what must be said, by when it is to come again, and when it then counts as late.

The 办法 has no return procedure (DOMAIN §1.1 on 第十六条): a department needs one to guide its units (第八条(二)), and
may only set dates inside its own (第十三条, 第十八条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from regulation.deadlines import Deadline, in_shanghai
from regulation.filing import Filing
from regulation.problems import Problem, problem
from regulation.rounds import MonitoringRound
from regulation.workdays import Workdays

#: workdays a unit gets by default, and once the department's own date has passed (DOMAIN §1.1, 第十六条).
USUAL, AFTER_THE_END = 3, 5
LEAST_REASON, MOST_REASON = 4, 300
#: how many days a card offers: what WeCom's list takes.
OFFERED = 10


@dataclass(frozen=True, slots=True)
class Return:
    """One version sent back. ``field`` is a key of the form, ``""`` the whole of it; ``due`` is None when it never
    left the unit (its head sent it back), the unit's own deadline then stands."""

    project_id: str
    round: MonitoringRound
    version: int
    at: datetime
    by: str
    field: str
    reason: str
    due: date | None = None

    @property
    def subject(self) -> str:
        """``2026Q3:p017``."""
        return f"{self.round.code}:{self.project_id}"


def latest_due(department: Deadline, today: date, workdays: Workdays) -> date:
    """The last day a returned form may be asked for: the department's own date, and once that has passed a few
    workdays, because somebody above asked for more."""
    if today < department.nominal:
        return department.nominal
    return workdays.shift(today, AFTER_THE_END)


def days_offered(department: Deadline, today: date, workdays: Workdays) -> tuple[date, ...]:
    """The workdays to choose from, the nearest first; today when nothing else is left."""
    last = latest_due(department, today, workdays)
    days = (today + timedelta(days=n) for n in range(1, (last - today).days + 1))
    return tuple(day for day in days if workdays.is_workday(day))[:OFFERED] or (last,)


def usual_due(department: Deadline, today: date, workdays: Workdays) -> date:
    """What is chosen when nobody chooses: three workdays, or as many as are left."""
    return days_offered(department, today, workdays)[:USUAL][-1]


def refused(
    reason: str, due: date | None, department: Deadline, today: date, workdays: Workdays
) -> Problem | None:
    """Why a form cannot be sent back like that, or None."""
    if len(reason) < LEAST_REASON:
        return problem("return.no_reason", least=LEAST_REASON)
    if len(reason) > MOST_REASON:
        return problem("text.long", label="退回原因", count=len(reason), most=MOST_REASON)
    if due is None:
        return None
    last = latest_due(department, today, workdays)
    if not today <= due <= last:
        return problem("return.bad_date", due=workdays.label(due), last=workdays.label(last))
    return None


def is_late(present: Filing, sent_back: Return | None, limit: Deadline, at: datetime) -> bool:
    """Whether a form that reaches the department at ``at`` is 逾期.

    A returned form was judged when it first came; it becomes late only by missing the date it was given. One that
    never reached the department, or was taken back by the unit, is judged by the unit's deadline."""
    if sent_back is not None and sent_back.due is not None:
        return present.late or in_shanghai(at).date() > sent_back.due
    return limit.is_late(at)
