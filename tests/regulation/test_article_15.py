"""第十五条　分类处置：客观因素的，调减预算并同步调整目标，申请随三季度监控信息报财政；问题严重的，暂停、调减、停拨。

本文件核对：申请在哪个季度交，审定以后目标和预算怎么变，处置只能由人决定、必须写依据，软件只提建议。
"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from regulation.adjusting import (
    Adjustment,
    AdjustmentAction,
    AdjustmentState,
    Cause,
    adjusted,
    first_state,
    next_adjustment,
    parse_change,
    parse_new_target,
)
from regulation.deadlines import SHANGHAI
from regulation.disposing import Disposal, candidates, parse_cut, parse_decided_on
from regulation.findings import Reported
from regulation.problems import Problem
from regulation.roster import FundSource
from tests.regulation.sample_projects import CERTAIN, OCTOBER, Q2, Q3, RULES, SCHOOL

from regulation.deviation import judge  # isort: skip

AT = datetime(2026, 10, 15, 9, 0, tzinfo=SHANGHAI)
APPLIED = Adjustment(
    "a1",
    "p017",
    Q3,
    2,
    "≥2160套",
    "≥1500套",
    Cause.POLICY,
    "招生计划调减，课桌椅需求减少",
    Decimal("-20"),
    "li",
    AT,
)
APPROVED = replace(APPLIED, state=AdjustmentState.APPROVED, decided_by="chen", decided_at=AT)


@pytest.mark.parametrize(
    ("round", "state"),
    [(Q2, AdjustmentState.PLANNED), (Q3, AdjustmentState.REQUESTED)],
    ids=["二季度", "三季度"],
)
def test_the_application_goes_with_the_third_quarter(round, state) -> None:  # type: ignore[no-untyped-def]
    """二季度只能记一笔“拟于三季度申请”，三季度才报财政审定。"""
    assert first_state(round) is state


def test_a_planned_wish_is_handed_in_later() -> None:
    assert next_adjustment(AdjustmentState.PLANNED, AdjustmentAction.REQUEST) is AdjustmentState.REQUESTED
    assert next_adjustment(AdjustmentState.PLANNED, AdjustmentAction.APPROVE) is None


def test_an_approved_application_changes_target_and_budget_together() -> None:
    """同步调整：新目标生效，预算调减，调减先从区级资金里出，原来的那一份不动。"""
    after = adjusted(SCHOOL, [APPROVED])
    assert after.indicators[1].target_text == "≥1500套"
    assert after.budget_current == Decimal(300)
    assert after.sources == ((FundSource.PROVINCIAL, Decimal(120)), (FundSource.DISTRICT, Decimal(180)))
    assert after.budget_initial == SCHOOL.budget_initial
    assert SCHOOL.indicators[1].target_text == "≥2160套"


@pytest.mark.parametrize("state", [s for s in AdjustmentState if s is not AdjustmentState.APPROVED])
def test_nothing_changes_before_finance_decides(state: AdjustmentState) -> None:
    assert adjusted(SCHOOL, [replace(APPLIED, state=state)]) == SCHOOL


def test_a_target_somebody_changed_since_is_left_alone() -> None:
    assert adjusted(SCHOOL, [replace(APPROVED, old_target="≥2000套")]) == SCHOOL


def test_a_cut_larger_than_one_source_goes_on_to_the_next() -> None:
    after = adjusted(SCHOOL, [replace(APPROVED, budget_change=Decimal("-250"))])
    assert after.sources == ((FundSource.PROVINCIAL, Decimal(70)),)


@pytest.mark.parametrize(
    ("text", "change"),
    [("", "0"), ("不变", "0"), ("20", "-20"), ("调减20", "-20"), ("-20", "-20"), ("20万元", "-20")],
)
def test_how_a_cut_is_written(text: str, change: str) -> None:
    assert parse_change(text, SCHOOL) == Decimal(change)


@pytest.mark.parametrize(
    ("text", "code"),
    [("321", "disposal.cut_range"), ("200000元", "disposal.cut_exact"), ("很多", "amount.vague")],
)
def test_a_cut_that_cannot_be(text: str, code: str) -> None:
    refused = parse_change(text, SCHOOL)
    assert isinstance(refused, Problem)
    assert refused.code == code


def test_the_new_target_says_something_new() -> None:
    refused = parse_new_target("≥2160套", "≥2160套")
    assert isinstance(refused, Problem)
    assert refused.code == "adjustment.same"


@pytest.mark.parametrize("procurement", [False, True], ids=["没有采购", "采购已开始"])
def test_the_software_only_suggests(procurement: bool) -> None:
    """支出为零、目标又差得远：建议研究第十五条(二)；政府采购已开始的，提醒按采购程序办理。"""
    project = replace(SCHOOL, has_ongoing_procurement=procurement)
    figures = Reported(arrived=Decimal(0), spent=Decimal(0), actuals={1: "1", 2: "1"}, likelihoods=CERTAIN)
    found = candidates(judge(project, Q3, figures, RULES, OCTOBER))
    assert found
    assert all("建议研究是否适用第十五条(二)" in each.article for each in found)
    assert all(("政府采购按采购程序办理" in each.article) is procurement for each in found)


@pytest.mark.parametrize(
    ("disposal", "text", "amount"),
    [
        (Disposal.CONTINUE, "", Decimal(0)),
        (Disposal.SUSPEND, "50", Decimal(0)),
        (Disposal.CUT, "50", Decimal(50)),
        (Disposal.CUT, "0", "disposal.cut_range"),
        (Disposal.CUT, "321", "disposal.cut_range"),
        (Disposal.CUT, "", "amount.empty"),
    ],
)
def test_only_a_cut_has_an_amount(disposal: Disposal, text: str, amount: Decimal | str) -> None:
    found = parse_cut(text, disposal, SCHOOL)
    assert (found.code if isinstance(found, Problem) else found) == amount


@pytest.mark.parametrize(
    ("text", "day"),
    [("", OCTOBER), ("2026-10-08", date(2026, 10, 8)), ("10-08", date(2026, 10, 8))],
)
def test_the_day_of_a_decision(text: str, day: date) -> None:
    assert parse_decided_on(text, OCTOBER) == day


@pytest.mark.parametrize(
    ("text", "code"), [("10-10", "disposal.day_ahead"), ("昨天", "disposal.day_unreadable")]
)
def test_a_decision_is_not_in_the_future(text: str, code: str) -> None:
    refused = parse_decided_on(text, OCTOBER)
    assert isinstance(refused, Problem)
    assert refused.code == code
