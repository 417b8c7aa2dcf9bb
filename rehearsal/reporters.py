"""What budget offices and department heads do in a rehearsed year: on time, late, never, sent back, recalled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from regulation.deadlines import Annex, deadline
from regulation.roster import Department, Role, Roster
from regulation.rounds import MonitoringRound
from regulation.workdays import Workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Way(StrEnum):
    """How a department reports."""

    PROMPT = "prompt"
    LATE = "late"
    NEVER = "never"
    RETURNED = "returned"  # the head sends it back once
    RECALLED = "recalled"  # taken back from finance once, and filed again
    TWICE = "twice"  # every delivery three times


WEIGHTS = {Way.PROMPT: 50, Way.LATE: 12, Way.NEVER: 6, Way.RETURNED: 14, Way.RECALLED: 10, Way.TWICE: 8}
#: who does what, in order: (part, who, what). ``tap:`` names the action of a button.
HAND_UP = (("open", "office", "汇总"), ("fill", "office", ""), ("submit", "office", "报负责人审"))
AGREE = (("agree", "head", "tap:report_approve"),)
SCRIPTS: dict[Way, tuple[tuple[str, str, str], ...]] = {
    Way.PROMPT: (*HAND_UP, *AGREE),
    Way.LATE: (*HAND_UP, *AGREE),
    Way.TWICE: (*HAND_UP, *AGREE),
    Way.RETURNED: (
        *HAND_UP,
        ("back", "head", "tap:report_back"),
        ("why", "head", "采购数请再核对"),
        ("sure", "head", "tap:report_back_sure"),
        ("mend", "office", "采购执行=310"),
        ("again", "office", "报负责人审"),
        *AGREE,
    ),
    Way.RECALLED: (
        *HAND_UP,
        *AGREE,
        ("recall", "office", "tap:report_withdraw"),
        ("mend", "office", "汇总"),
        ("again", "office", "报负责人审"),
        ("agree2", "head", "tap:report_approve"),
    ),
}


@dataclass(frozen=True, slots=True)
class Reporting:
    """One department reporting in one round."""

    number: int
    at: datetime
    round: MonitoringRound
    department_id: str
    office: str
    head: str
    way: Way
    line: str

    def script(self) -> Iterator[tuple[str, str, str]]:
        """(part, who, what) in order; ``what`` is a line, or ``tap:`` and an action."""
        people = {"office": self.office, "head": self.head}
        for part, who, what in SCRIPTS[self.way]:
            yield part, people[who], what or self.line


def reportings(roster: Roster, year: int, seed: int, workdays: Workdays) -> list[Reporting]:
    """The year's reports in order of time; a department without an office or a head does none."""
    random = Random(f"{seed}:{year}:reports")
    planned = [
        one
        for quarter in (2, 3)
        for department in roster.departments
        if (one := _of(roster, department, MonitoringRound(year, quarter), random, workdays))
    ]
    planned.sort(key=lambda one: (one.at, one.department_id))
    return [
        Reporting(n, o.at, o.round, o.department_id, o.office, o.head, o.way, o.line)
        for n, o in enumerate(planned)
    ]


def _of(
    roster: Roster, department: Department, round: MonitoringRound, random: Random, workdays: Workdays
) -> Reporting | None:
    way = random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    office, head = (
        _holder(roster, role, department.id) for role in (Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD)
    )
    if way is Way.NEVER or not office or not head:
        return None
    due = deadline(round, Annex.DEPARTMENT, workdays)
    day = workdays.shift(due.late_after, random.randint(1, 4)) if way is Way.LATE else due.target
    at = datetime.combine(day, time(9, 31), SHANGHAI) + timedelta(seconds=random.randint(0, 20_000))
    return Reporting(0, at, round, department.id, office, head, way, _line(roster, department.id))


def _holder(roster: Roster, role: Role, scope: str) -> str:
    return next((p.id for p in roster.people if p.active and p.has(role, scope)), "")


def _line(roster: Roster, department_id: str) -> str:
    units = {u.id for u in roster.units if u.department_id == department_id}
    budget = sum((p.budget_current for p in roster.projects if p.unit_id in units), Decimal(0))
    return (
        f"总额={budget * 3:.2f} 资产计划=120 资产完成=90 采购计划=400 采购执行=310.5 "
        "工作情况：各项重点工作按年度计划推进。 偏离：个别项目招标偏晚。 改进：第四季度加快支付。"
    )
