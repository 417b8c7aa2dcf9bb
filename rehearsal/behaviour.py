"""Who does what when in a rehearsed year: prompt, late, never, wrong first, twice, out of order; all from one seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from regulation.annexes import FieldKind, fields
from regulation.deadlines import Annex, deadline
from regulation.roster import FundSource, Indicator, Project, Roster
from regulation.rounds import MonitoringRound
from regulation.targets import Kind, parse_target
from regulation.workdays import Workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Manner(StrEnum):
    """How somebody files."""

    PROMPT = "prompt"
    LATE = "late"
    NEVER = "never"
    WRONG = "wrong"  # an unreadable answer first, then a good one
    TWICE = "twice"  # every delivery three times
    DISORDER = "disorder"  # the confirmation arrives before the answers
    CORRECTS = "corrects"  # files, then corrects two days later
    BUSY = "busy"  # says 在办 first


WEIGHTS = {
    Manner.PROMPT: 50,
    Manner.LATE: 12,
    Manner.NEVER: 4,
    Manner.WRONG: 10,
    Manner.TWICE: 8,
    Manner.DISORDER: 6,
    Manner.CORRECTS: 6,
    Manner.BUSY: 4,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does: file (or correct) one project's form in a manner, by page or by line."""

    number: int
    at: datetime
    round: MonitoringRound
    project: Project
    manner: Manner
    by_page: bool
    correction: bool
    answers: tuple[tuple[str, str], ...]
    by: str = ""  # who does it: the filler, who stands in for them, or who took the project
    returned: bool = False  # after the budget office sent it back


def steps(roster: Roster, year: int, seed: int, workdays: Workdays) -> list[Step]:
    """The year's steps in order of time."""
    random = Random(f"{seed}:{year}")
    planned = [
        step
        for quarter in (2, 3)
        for project in roster.projects
        for step in _of_project(project, MonitoringRound(year, quarter), random, workdays)
    ]
    planned.sort(key=lambda step: (step.at, step.project.id))
    return [
        Step(n, s.at, s.round, s.project, s.manner, s.by_page, s.correction, s.answers)
        for n, s in enumerate(planned)
    ]


def _of_project(
    project: Project, round: MonitoringRound, random: Random, workdays: Workdays
) -> Iterator[Step]:
    manner = random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    if manner is Manner.NEVER:
        return
    due = deadline(round, Annex.UNIT, workdays)
    if manner is Manner.LATE:
        day = workdays.shift(due.late_after, random.randint(1, 6))
    else:
        left = max(workdays.count(due.opens, due.target) - 1, 0)
        day = workdays.shift(due.opens, random.randint(0, left))
    at = datetime.combine(day, time(9, 1), SHANGHAI) + timedelta(seconds=random.randint(0, 28_000))
    by_page = random.random() < 0.5
    pace = random.choice((0.15, 0.6, 0.9, 1.0, 1.1))
    answers = _answers(project, round, Decimal(str(pace)), random)
    yield Step(0, at, round, project, manner, by_page, False, answers)
    if manner is Manner.CORRECTS:
        later = datetime.combine(workdays.shift(day, 2), time(10, 0), SHANGHAI)
        corrected = _answers(project, round, Decimal("1.0"), random)
        yield Step(0, later, round, project, manner, by_page, True, corrected)


def _answers(
    project: Project, round: MonitoringRound, pace: Decimal, random: Random
) -> tuple[tuple[str, str], ...]:
    """What they type, by field key: figures at about that pace, and every text that might be asked."""
    progress = round.time_progress * pace
    budget = project.budget_current
    answers = [("arrived", f"{budget * min(progress + Decimal('0.1'), Decimal(1)):.2f}")]
    sources = dict(project.sources)
    for known in fields(project):
        if known.kind is FieldKind.MONEY and known.key.startswith("spent"):
            part = budget if known.key == "spent" else sources[_source(known.key, project)]
            answers.append((known.key, f"{part * progress:.2f}"))
        elif known.kind is FieldKind.ACTUAL and known.indicator:
            answers.append((known.key, _actual(known.indicator, progress)))
        elif known.kind is FieldKind.LIKELIHOOD:
            answers.append((known.key, random.choice(("确定能", "可能性大", "可能性小"))))
    answers += [
        ("reason", "招标晚，设备未到货"),
        ("plan", "十一月底前到货安装"),
        ("note", "数字已和台账核对"),
    ]
    return tuple(answers)


def _source(key: str, project: Project) -> FundSource:
    return next(source for source, _ in project.sources if source.value == key.partition(".")[2])


def _actual(indicator: Indicator, progress: Decimal) -> str:
    target = parse_target(indicator.target_text, indicator.level2, indicator.name)
    if target.value is None:
        return "未完成" if target.kind is Kind.DATE else "达成"
    if target.kind is Kind.CUMULATIVE:
        return f"{target.value * progress:.0f}"
    return str(target.value)
