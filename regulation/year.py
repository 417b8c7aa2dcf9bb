"""A whole year of deadlines and reminders, printed for a person to read or as data (``jixiao calendar``)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from unicodedata import east_asian_width

from regulation.deadlines import Annex, Deadline, RoundOverride, closes, deadline, override_for
from regulation.reminders import Audience, Occasion, Reminder, plan
from regulation.roster import ROLE_LABELS, Role
from regulation.rounds import NUMERALS, MonitoringRound
from regulation.workdays import Workdays


def describe_year(
    year: int, workdays: Workdays, *, roll: bool = True, overrides: tuple[RoundOverride, ...] = ()
) -> str:
    """The year as text: both deadlines of each round with their reasons, then every reminder, a line each."""
    notice = workdays.notice(year) or f"{year}年的安排还没有录入，以下日期按周末推算，录入后以录入的为准"
    lines = [f"{year}年绩效监控日程", f"节假日安排：{notice}", "提醒只发给还没办的人，报送以后不再提醒。"]
    for round in _rounds(year):
        lines += ["", f"【{round.label}】"]
        for limit in _limits(round, workdays, roll, overrides):
            lines += _deadline_lines(limit, workdays)
        last = closes(round, workdays, roll=roll, overrides=overrides)
        lines += [f"单位自己更正：最晚{workdays.label(last)}，之后由预算科退回。", "提醒"]
        lines += _reminder_lines(plan(round, workdays, roll=roll, overrides=overrides), workdays)
    return "\n".join(lines) + "\n"


def describe_year_json(
    year: int, workdays: Workdays, *, roll: bool = True, overrides: tuple[RoundOverride, ...] = ()
) -> dict[str, Any]:
    """The year as JSON-ready data; dates are ISO, reminder times carry +08:00."""
    return {
        "year": year,
        "estimated": year not in workdays.known,
        "notice": workdays.notice(year),
        "rounds": [
            {
                "round": round.code,
                "label": round.label,
                "closes": closes(round, workdays, roll=roll, overrides=overrides).isoformat(),
                "deadlines": [
                    _deadline_data(limit, workdays) for limit in _limits(round, workdays, roll, overrides)
                ],
                "reminders": [
                    _reminder_data(each) for each in plan(round, workdays, roll=roll, overrides=overrides)
                ],
            }
            for round in _rounds(year)
        ],
    }


def why(reminder: Reminder) -> str:
    """The reason of one reminder in a few words: ``附表1还剩3个工作日``."""
    forms, left, late = reminder.annex.label, reminder.workdays_left, reminder.days_late
    begin = "开始填报" if reminder.annex is Annex.UNIT else "开始汇总"
    return {
        Occasion.OPEN: f"{forms}{begin}，还剩{left}个工作日",
        Occasion.THREE_LEFT: f"{forms}还剩{left}个工作日",
        Occasion.ONE_LEFT: f"{forms}还剩{left}个工作日",
        Occasion.DUE_MORNING: f"{forms}请今天报送",
        Occasion.DUE_AFTERNOON: f"{forms}请今天报送，再提醒一次",
        Occasion.PAST_OWN: f"{forms}过了本部门定的日期",
        Occasion.LATE: f"{forms}逾期{late}天",
        Occasion.MEND: f"退回的{forms}快到期限",
        Occasion.COLLECTED: f"{forms}收齐情况，有变化才发",
        Occasion.GLANCE: "全区附表1 情况，有变化才发",
        Occasion.CALENDAR: f"{reminder.round.year + 1}年节假日安排还没有录入",
    }[reminder.occasion]


def audience_label(audience: Audience) -> str:
    """经办人, 预算科, …: the name of the duty that is told."""
    return "退回的经办人" if audience is Audience.MENDER else ROLE_LABELS[Role(audience.value)]


def _rounds(year: int) -> tuple[MonitoringRound, ...]:
    return tuple(MonitoringRound(year, quarter) for quarter in sorted(NUMERALS))


def _limits(
    round: MonitoringRound, workdays: Workdays, roll: bool, overrides: tuple[RoundOverride, ...]
) -> tuple[Deadline, ...]:
    return tuple(
        deadline(round, annex, workdays, roll=roll, override=override_for(overrides, round, annex))
        for annex in Annex
    )


def _deadline_lines(limit: Deadline, workdays: Workdays) -> list[str]:
    left = limit.workdays_left(limit.opens, workdays)
    head = (
        f"{limit.annex.label}：{workdays.label(limit.nominal)}截止，"
        f"{workdays.label(limit.opens)}开始，当天之后还有{left}个工作日。"
    )
    return [head, *(f"  · {sentence}" for sentence in limit.explanation)]


def _reminder_lines(reminders: Iterable[Reminder], workdays: Workdays) -> list[str]:
    lines = []
    for (at, _, reason), group in groupby(reminders, key=lambda each: (each.at, each.annex, why(each))):
        people = "、".join(audience_label(each.audience) for each in group)
        day = _padded(workdays.label(at.date()), 26)
        lines.append(f"  {day}{at:%H:%M}  {_padded(reason, 42)}{people}")
    return lines


def _padded(text: str, columns: int) -> str:
    """``text`` with blanks up to ``columns``; a Chinese character takes two."""
    taken = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * (columns - taken)


def _deadline_data(limit: Deadline, workdays: Workdays) -> dict[str, Any]:
    return {
        "annex": limit.annex.value,
        "forms": limit.annex.label,
        "opens": limit.opens.isoformat(),
        "nominal": limit.nominal.isoformat(),
        "target": limit.target.isoformat(),
        "late_after": limit.late_after.isoformat(),
        "workdays_after_opening": limit.workdays_left(limit.opens, workdays),
        "estimated": limit.estimated,
        "notice_no": limit.notice_no,
        "explanation": list(limit.explanation),
    }


def _reminder_data(reminder: Reminder) -> dict[str, Any]:
    return {
        "at": reminder.at.isoformat(),
        "annex": reminder.annex.value,
        "audience": reminder.audience.value,
        "occasion": reminder.occasion.value,
        "workdays_left": reminder.workdays_left,
        "days_late": reminder.days_late,
        "why": why(reminder),
        "key": reminder.key,
    }
