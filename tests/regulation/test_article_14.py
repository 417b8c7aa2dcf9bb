"""第十四条　绩效监控结果作为当年度预算调整及以后年度预算安排和政策制定的重要依据。

本文件核对：一年的结果能按项目、部门、年度拿出来，两季的执行率和偏离、审定的目标调整、登记的处置都在里面。
"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from regulation.adjusting import Adjustment, AdjustmentState, Cause
from regulation.basis import UnitForm, moved_budgets
from regulation.deadlines import SHANGHAI
from regulation.deviation import judge
from regulation.disposing import Disposal, DisposalRecord
from regulation.findings import Reported
from regulation.results import ProjectResult, decided, round_result, rounds_result
from regulation.roster import ResponsibleUnit
from tests.regulation.sample_projects import OCTOBER, Q3, RULES, SCHOOL

AT = datetime(2026, 10, 20, 9, 0, tzinfo=SHANGHAI)
WISH = Adjustment(
    "a1",
    "p017",
    Q3,
    2,
    "≥2160套",
    "≥1500套",
    Cause.POLICY,
    "招生计划调减，需求减少",
    Decimal(-20),
    "li",
    AT,
    AdjustmentState.APPROVED,
    decided_at=AT,
)
CUT = DisposalRecord(
    "x",
    "p017",
    Q3,
    Disposal.CUT,
    Decimal(20),
    "局党委会",
    date(2026, 10, 19),
    "纪要12号",
    False,
    "li",
    AT.replace(hour=8),
)
SLOW = Reported(arrived=Decimal(256), spent=Decimal(100), actuals={2: "930"})
FORM = UnitForm(SCHOOL, ResponsibleUnit("u1", "d1", "新桥小学", is_headquarters=False), 1, {}, SLOW)


def test_a_round_shows_its_rate_and_its_deviations() -> None:
    shown = round_result(FORM, judge(SCHOOL, Q3, SLOW, RULES, OCTOBER))
    assert (shown.execution, shown.red >= 1) == ("31.25%", True)


def test_a_rate_is_by_the_budget_of_the_version_filed() -> None:
    """What finance adjusts afterwards changes neither the filed table nor its result."""
    later = replace(FORM, project=replace(SCHOOL, budget_current=Decimal(200)))
    assert [round_result(each, ()).execution for each in (FORM, later)] == ["31.25%", "50.00%"]
    assert rounds_result((FORM, later), ()).execution == "38.46%"
    assert moved_budgets((FORM,), (later.project,)) == (Decimal(320), Decimal(200))
    assert moved_budgets((FORM,), (SCHOOL,)) is None


def test_a_round_nobody_reported_is_a_dash_not_a_zero() -> None:
    assert round_result(None, ()).execution == "—"


def test_decisions_are_kept_in_order_of_time_and_only_those_that_were_made() -> None:
    refused = replace(WISH, state=AdjustmentState.REJECTED)
    assert decided([WISH, refused], [CUT]) == (
        "调减预算（局党委会，纪要12号）",
        "目标调整：≥2160套 → ≥1500套",
    )


def test_the_change_of_the_budget_is_the_difference_from_the_beginning_of_the_year() -> None:
    project = replace(SCHOOL, budget_current=Decimal(300))
    assert ProjectResult(project, {}, ()).cut == Decimal(-20)
