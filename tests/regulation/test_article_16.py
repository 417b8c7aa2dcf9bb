"""第十六条　财政部门审核分析监控结果，研判问题和风险，督促有关部门改进管理。

本文件核对：整改通知怎样发出、反馈、复核、办结，反馈期限怎样算，偏离怎样从新发现走到办结。
"""

from datetime import date

import pytest

from regulation.parameters import read
from regulation.problems import Problem
from regulation.rectifying import (
    RectificationAction,
    RectificationState,
    default_due,
    next_rectification,
    parse_demand,
    parse_due,
    remind_on,
)
from regulation.reporting import ReportAction, ReportState, next_report_state
from regulation.tracking import Stage, StageAction, next_stage
from regulation.workdays import parse_workdays

WORKDAYS = parse_workdays(read("workdays.toml"))
TODAY = date(2026, 10, 21)  # 周三

S, A = RectificationState, RectificationAction


def test_finance_may_accept_return_or_order_rectification() -> None:
    """报来的附表2、3，财政可以通过、退回、发整改通知；通过以后发现问题，还可以再打开。"""
    for action, after in (
        (ReportAction.ACCEPT, ReportState.APPROVED),
        (ReportAction.RETURN, ReportState.RETURNED),
        (ReportAction.RECTIFY, ReportState.RECTIFYING),
    ):
        assert next_report_state(ReportState.FILED, action) is after
    assert next_report_state(ReportState.DRAFT, ReportAction.ACCEPT) is None, "没报的不能审"


@pytest.mark.parametrize(
    ("state", "action", "after"),
    [
        (S.ORDERED, A.ANSWER, S.ANSWERED),
        (S.ANSWERED, A.ANSWER, S.ANSWERED),
        (S.ANSWERED, A.SEND_BACK, S.ORDERED),
        (S.ANSWERED, A.CLOSE, S.CLOSED),
        (S.ORDERED, A.CLOSE, S.CLOSED),
        (S.ORDERED, A.SEND_BACK, None),
        (S.CLOSED, A.ANSWER, None),
    ],
)
def test_an_order_is_answered_checked_and_closed(state, action, after) -> None:  # type: ignore[no-untyped-def]
    assert next_rectification(state, action) is after


def test_five_workdays_unless_finance_says_otherwise() -> None:
    """办法没有写期限，默认5个工作日：10月21日（周三）发，28日（周三）前反馈。"""
    assert default_due(TODAY, WORKDAYS) == date(2026, 10, 28)
    assert parse_due("", TODAY, WORKDAYS) == date(2026, 10, 28)
    for text in ("10-30", "10月30日", "2026-10-30", "2026年10月30日"):
        assert parse_due(text, TODAY, WORKDAYS) == date(2026, 10, 30)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10-21", "due.not_a_workday"),
        ("10-24", "due.not_a_workday"),
        ("下周", "due.unreadable"),
        ("13-45", "due.unreadable"),
        ("1-2-3-4", "due.unreadable"),
    ],
)
def test_a_day_that_cannot_be(text: str, code: str) -> None:
    refused = parse_due(text, TODAY, WORKDAYS)
    assert isinstance(refused, Problem)
    assert refused.code == code


def test_a_demand_says_what_is_wrong() -> None:
    refused = parse_demand("请整改")
    assert isinstance(refused, Problem)
    assert refused.code == "text.short"


def test_an_answer_is_asked_for_before_and_after_its_day() -> None:
    """前一个工作日、当天，之后每隔一个工作日；休息日不催。"""
    due = date(2026, 10, 28)
    asked = [day for day in range(21, 32) if remind_on(due, date(2026, 10, day), WORKDAYS)]
    assert asked == [27, 28, 29]
    assert remind_on(due, date(2026, 11, 2), WORKDAYS)
    assert not remind_on(due, date(2026, 10, 31), WORKDAYS)


@pytest.mark.parametrize(
    ("stage", "action", "after"),
    [
        (Stage.NEW, StageAction.READ, Stage.SEEN),
        (Stage.NEW, StageAction.TAKE, Stage.IN_HAND),
        (Stage.SEEN, StageAction.TAKE, Stage.IN_HAND),
        (Stage.SEEN, StageAction.READ, None),
        (Stage.IN_HAND, StageAction.FINISH, Stage.DONE),
        (Stage.DONE, StageAction.FINISH, None),
        (Stage.DONE, StageAction.REOPEN, Stage.IN_HAND),
    ],
)
def test_a_deviation_lives_until_it_is_dealt_with(stage, action, after) -> None:  # type: ignore[no-untyped-def]
    assert next_stage(stage, action) is after
