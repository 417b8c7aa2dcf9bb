"""整改: finance orders it, the department answers, finance checks and closes it (办法 第十六条; DOMAIN §4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from regulation.problems import Problem, problem
from regulation.rounds import MonitoringRound
from regulation.texts import parse_text
from regulation.workdays import Workdays

#: The 办法 sets no time for an answer; this is the default, finance may say another day (DOMAIN §1.1 第十六条).
ANSWER_WORKDAYS = 5
#: An answer is asked for again so many workdays before it is due, and every so many after.
REMIND_BEFORE, REMIND_EVERY = 1, 2


class RectificationState(StrEnum):
    """Where an order is."""

    ORDERED = "ordered"
    ANSWERED = "answered"
    CLOSED = "closed"


class RectificationAction(StrEnum):
    """What somebody does with it."""

    ANSWER = "answer"
    SEND_BACK = "send_back"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Rectification:
    """One order to a department. ``demand`` 整改要求和建议, ``answer`` 整改结果, ``conclusion`` 整改结论: the three
    fields of the national standard (is_perf_rectify, rectify_advise, rectify_epilog). ``version`` counts its steps."""

    id: str
    department_id: str
    round: MonitoringRound
    demand: str
    due: date
    ordered_by: str
    ordered_at: datetime
    state: RectificationState = RectificationState.ORDERED
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    conclusion: str = ""
    version: int = 1


#: An answer that does not do is sent back with a new day; a closed order stays closed.
TRANSITIONS: Mapping[RectificationState, Mapping[RectificationAction, RectificationState]] = {
    RectificationState.ORDERED: {
        RectificationAction.ANSWER: RectificationState.ANSWERED,
        RectificationAction.CLOSE: RectificationState.CLOSED,
    },
    RectificationState.ANSWERED: {
        RectificationAction.ANSWER: RectificationState.ANSWERED,
        RectificationAction.SEND_BACK: RectificationState.ORDERED,
        RectificationAction.CLOSE: RectificationState.CLOSED,
    },
    RectificationState.CLOSED: {},
}

RECTIFICATION_LABELS = {
    RectificationState.ORDERED: "待反馈",
    RectificationState.ANSWERED: "待复核",
    RectificationState.CLOSED: "办结",
}


def next_rectification(state: RectificationState, action: RectificationAction) -> RectificationState | None:
    """The state after that action, None when the table does not allow it."""
    return TRANSITIONS[state].get(action)


def default_due(day: date, workdays: Workdays) -> date:
    """The day an answer is due when finance names none."""
    return workdays.shift(day, ANSWER_WORKDAYS)


def parse_due(text: str, today: date, workdays: Workdays) -> date | Problem:
    """``10-30``, ``10月30日``, ``2026-10-30``; empty: the default. A day that is past or no workday is refused."""
    words = (
        text.strip()
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
        .replace("年", "-")
    )
    if not words:
        return default_due(today, workdays)
    parts = words.split("-")
    try:
        numbers = [int(part) for part in parts]
        due = date(*numbers) if len(numbers) == 3 else date(today.year, *numbers)
    except (ValueError, TypeError):
        return problem("due.unreadable", text=text.strip()[:20])
    if due <= today or not workdays.is_workday(due):
        return problem("due.not_a_workday", due=workdays.label(due))
    return due


def parse_demand(text: str) -> str | Problem:
    """整改要求和建议, at least ten characters: what is wrong and what is expected."""
    return parse_text(text, label="整改要求", least=10)


def remind_on(due: date, today: date, workdays: Workdays) -> bool:
    """Whether the department is asked again today: the workday before, the day itself, then every second workday."""
    if not workdays.is_workday(today):
        return False
    if today <= due:
        return today == due or today == workdays.shift(due, -REMIND_BEFORE)
    return (workdays.count(due, today) - 1) % REMIND_EVERY == 1
