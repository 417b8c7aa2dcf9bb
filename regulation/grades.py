"""How one reported indicator stands against its target: by kind, exactly, and without words (办法 第十一条 目标比较法).

Only counts that grow over the year are ever held against time; a rate, a price or a satisfaction is held against the
target itself, because half a year is no excuse for 90% where 95% was promised (DOMAIN §3.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import lru_cache

from regulation.findings import Level
from regulation.rates import Pace, usable
from regulation.roster import AttainmentLikelihood, Indicator
from regulation.rounds import MonitoringRound
from regulation.targets import Confidence, Direction, Kind, Operator, Target, due_in, parse_target
from regulation.thresholds import Thresholds

ZERO = Decimal(0)


class Grade(Enum):
    """Where an indicator stands: the level of its finding (None: nothing to say), the 完成目标可能性 it suggests."""

    OVER = (Level.INFO, AttainmentLikelihood.CERTAIN, "over")
    MET = (None, AttainmentLikelihood.CERTAIN, "met")
    ON_PACE = (None, AttainmentLikelihood.CERTAIN, "on pace")
    OPEN = (None, AttainmentLikelihood.LIKELY, "slightly behind, or not yet due")
    YELLOW = (Level.YELLOW, AttainmentLikelihood.UNLIKELY, "behind")
    RED = (Level.RED, AttainmentLikelihood.UNLIKELY, "far behind")
    LOST = (Level.RED, AttainmentLikelihood.IMPOSSIBLE, "cannot be met any more")

    def __init__(self, level: Level | None, likelihood: AttainmentLikelihood, meaning: str) -> None:
        self.level = level
        self.likelihood = likelihood
        self.meaning = meaning


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator with its reported value, and what it is judged by."""

    indicator: Indicator
    target: Target
    actual: str
    value: Decimal | None  # the actual as a number, None when it is not one
    round: MonitoringRound
    pace: Pace
    rules: Thresholds
    on: date

    @property
    def stage(self) -> Decimal | None:
        """The planned value for the end of this quarter, when the plan gives one."""
        planned = self.indicator.stage_q2 if self.round.quarter == 2 else self.indicator.stage_q3
        return planned if usable(planned) else None

    @property
    def due(self) -> date | None:
        """The day a dated target must be done; a text without a year means the round's own budget year."""
        return due_in(self.target, self.round.year)

    @property
    def higher_better(self) -> bool:
        """Whether more is better (正向)."""
        return self.target.direction is not Direction.LOWER_BETTER


def target_of(indicator: Indicator) -> Target:
    """The read target of an indicator, read once for the whole district."""
    return _read(indicator.target_text, indicator.level2, indicator.name)


#: 6,000 projects have 72,000 targets and are judged again at every summary; a read target takes about half a kilobyte.
_read = lru_cache(maxsize=1 << 17)(parse_target)


def number(text: str) -> Decimal | None:
    """The number a canonical actual stands for; None for words."""
    try:
        value = Decimal(text)
    except (InvalidOperation, ValueError):
        return None
    return value if usable(value) else None


def grade(row: Row) -> Grade | None:
    """Where the indicator stands; None when only a person can judge. A reading that is only assumed never counts
    for more than YELLOW."""
    target = row.target
    if target.confidence is Confidence.NONE:
        return _words(row)
    found = GRADERS[target.kind](row)
    read = (
        row.value is not None or target.kind is Kind.DATE
    )  # words like 未达成 are the person's own judgement
    return Grade.YELLOW if read and found in _SEVERE and target.confidence is Confidence.ASSUMED else found


_SEVERE = (Grade.RED, Grade.LOST)


def reach(row: Row) -> tuple[Decimal, Decimal]:
    """Done and expected by now, both multiplied by the planned months so that nothing is divided."""
    done, goal = row.value or ZERO, row.target.value or ZERO
    if row.stage is not None:
        return done, row.stage
    return done * row.pace.planned, goal * row.pace.elapsed


def in_time(row: Row) -> bool:
    """Whether the row is a count that grows with time and can be held against it."""
    target = row.target
    return (
        target.kind is Kind.CUMULATIVE
        and row.value is not None
        and target.value is not None
        and target.value > 0
        and usable(target.value)
        and target.confidence is not Confidence.NONE
        and row.higher_better
    )


def _cumulative(row: Row) -> Grade | None:
    done, goal = row.value, row.target.value
    if not in_time(row) or done is None or goal is None:
        return _bounded(row)
    if done >= goal:
        return Grade.OVER if done >= goal * row.rules.over.value else Grade.MET
    reached, expected = reach(row)
    if expected <= 0:
        return Grade.OPEN
    for line, found in ((row.rules.quantity.red, Grade.RED), (row.rules.quantity.yellow, Grade.YELLOW)):
        if reached < expected * line:
            return found
    return Grade.ON_PACE if reached >= expected else Grade.OPEN


def _bounded(row: Row) -> Grade | None:
    """A count that is not to grow: a zero target by itself (R6), a 反向 one as a cap, the rest as a level."""
    return _level(row) if row.higher_better else _cap(row)


def _level(row: Row) -> Grade | None:
    done, goal = row.value, row.target.value
    if done is None or goal is None or not usable(goal):
        return _words(row)
    if goal == 0 and row.target.operator in (Operator.EQ, None):
        return Grade.MET if done == 0 else Grade.RED
    gap = goal - done if row.higher_better else done - goal
    if gap < 0 or (gap == 0 and row.target.operator not in (Operator.GT, Operator.LT)):
        return Grade.MET
    if gap > abs(goal) * row.rules.level.red:
        return Grade.RED
    return Grade.YELLOW if gap >= abs(goal) * row.rules.level.yellow else Grade.OPEN


def _cap(row: Row) -> Grade | None:
    done, cap = row.value, row.target.value
    if done is None or cap is None or not usable(cap):
        return _words(row)
    if done > cap or (done == cap and cap and row.target.operator is Operator.LT):
        return Grade.LOST
    if cap > 0 and done > cap * row.rules.cap.yellow:
        return Grade.RED if done > cap * row.rules.cap.red else Grade.YELLOW
    return Grade.MET


def _date(row: Row) -> Grade | None:
    done, due = _done(row), row.due
    if done is None or due is None:
        return Grade.MET if done else None
    if isinstance(done, date):
        return Grade.MET if done <= due else Grade.LOST
    if done:
        return Grade.MET
    left = (due - row.on).days
    if left < 0:
        return Grade.LOST
    return Grade.YELLOW if left <= row.rules.due_days.value else Grade.OPEN


def _done(row: Row) -> date | bool | None:
    """The day it was done, or whether it was; None for words nobody can read. A day still to come is a promise."""
    if row.actual.startswith(("已完成", "达成")):
        return True
    if row.actual.startswith(("未完成", "未达成", "部分达成")):
        return False
    day = iso_day(row.actual)
    return None if day is None else day if day <= row.on else False


def iso_day(text: str) -> date | None:
    """``2026-09-10`` as a date; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _words(row: Row) -> Grade | None:
    return next((found for word, found in WORDS.items() if row.actual.startswith(word)), None)


#: the three qualitative values a person may choose (R5).
WORDS: Mapping[str, Grade] = {"达成": Grade.MET, "部分达成": Grade.YELLOW, "未达成": Grade.RED}

GRADERS: Mapping[Kind, Callable[[Row], Grade | None]] = {
    Kind.CUMULATIVE: _cumulative,
    Kind.LEVEL: _level,
    Kind.CAP: _cap,
    Kind.DATE: _date,
    Kind.FREQUENCY: _words,
    Kind.QUALITATIVE: _words,
    Kind.UNREADABLE: _words,
}
