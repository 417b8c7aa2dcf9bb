"""第十八条　预算部门可以结合实际制定本部门的管理办法和实施细则。

本文件核对部门自定日期的边界：可以比10日、20日早，不可以晚；自定日期只影响提醒，不改变逾期的起算。
"""

from dataclasses import replace
from datetime import date

import pytest

from regulation.deadlines import Annex, Deadline, DepartmentRule, RoundOverride, deadline, tightened
from regulation.parameters import read
from regulation.problems import Problem
from regulation.rounds import parse_round
from regulation.workdays import parse_workdays

WORKDAYS = parse_workdays(read("workdays.toml"))
Q3 = parse_round("2026Q3")
LIMITS = {annex: deadline(Q3, annex, WORKDAYS) for annex in Annex}


def rule(annex: Annex, due: str) -> DepartmentRule:
    return DepartmentRule("edu", Q3, annex, date.fromisoformat(due), "教财〔2026〕3号")


@pytest.mark.parametrize(
    ("annex", "due", "target"),
    [
        (Annex.UNIT, "2026-10-10", "2026-10-10"),
        (Annex.UNIT, "2026-10-09", "2026-10-09"),
        (Annex.UNIT, "2026-10-08", "2026-10-08"),
        (Annex.DEPARTMENT, "2026-10-16", "2026-10-16"),
        (Annex.DEPARTMENT, "2026-10-18", "2026-10-16"),
    ],
)
def test_a_department_may_set_an_earlier_date(annex: Annex, due: str, target: str) -> None:
    """提醒改为对准部门自定的日期；自定日期是休息日的，对准它前面的工作日。"""
    inside = tightened(LIMITS[annex], rule(annex, due), WORKDAYS)
    assert isinstance(inside, Deadline)
    assert (inside.nominal.isoformat(), inside.target.isoformat()) == (due, target)
    assert "教财〔2026〕3号" in inside.explanation[-1]
    assert "办法第十八条" in inside.explanation[-1]


@pytest.mark.parametrize(
    ("annex", "due", "sentence"),
    [
        (
            Annex.UNIT,
            "2026-10-12",
            "附表1最迟10月10日报送，部门自定的10月12日晚了。部门细则只能提前，不能推迟。",
        ),
        (
            Annex.DEPARTMENT,
            "2026-10-21",
            "附表2、3最迟10月20日报送，部门自定的10月21日晚了。部门细则只能提前，不能推迟。",
        ),
    ],
)
def test_a_department_may_not_set_a_later_date(annex: Annex, due: str, sentence: str) -> None:
    """部门细则不能放宽区里的期限，放宽的当场拒绝并说明。"""
    assert tightened(LIMITS[annex], rule(annex, due), WORKDAYS) == Problem("deadline.looser", sentence)


@pytest.mark.parametrize("due", ["2026-09-30", "2026-10-07"])
def test_an_earlier_date_leaves_at_least_one_workday(due: str) -> None:
    """季度还没有终了，或者终了后还没有一个工作日，单位填不出数。"""
    refused = tightened(LIMITS[Annex.UNIT], rule(Annex.UNIT, due), WORKDAYS)
    assert isinstance(refused, Problem)
    assert refused.code == "deadline.too_early"


def test_lateness_keeps_the_date_of_the_regulation() -> None:
    """部门自定10月8日，单位10月9日报，不记逾期：逾期是区里的说法，只看第十二、十三条。"""
    inside = tightened(LIMITS[Annex.UNIT], rule(Annex.UNIT, "2026-10-08"), WORKDAYS)
    assert isinstance(inside, Deadline)
    assert inside.late_after == LIMITS[Annex.UNIT].late_after == date(2026, 10, 10)
    assert inside.explanation[-1].endswith("过了10月10日才记逾期。")


def test_a_notice_of_finance_narrows_what_a_department_may_set() -> None:
    """财政部门把日期提前到10月9日后，部门原定的10月10日就成了推迟，不再有效。"""
    notice = RoundOverride(Q3, Annex.UNIT, date(2026, 10, 9), "新北财绩〔2026〕9号")
    moved = deadline(Q3, Annex.UNIT, WORKDAYS, override=notice)
    refused = tightened(moved, rule(Annex.UNIT, "2026-10-10"), WORKDAYS)
    assert isinstance(refused, Problem)
    assert refused.code == "deadline.looser"


def test_the_date_must_name_the_departments_document() -> None:
    """没有文号的日期不收，填报人要能查到是谁定的。"""
    nameless = replace(rule(Annex.UNIT, "2026-10-09"), reference=" ")
    refused = tightened(LIMITS[Annex.UNIT], nameless, WORKDAYS)
    assert isinstance(refused, Problem)
    assert refused.code == "deadline.no_notice"
