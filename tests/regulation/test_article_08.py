"""第八条  预算部门主要职责包括：（一）研究制定本部门绩效监控管理制度办法；
（二）将日常绩效监控职责落实到各预算责任单位，并加强指导和督促；
（三）负责实施本部门重点绩效监控，推进绩效监控结果应用；（四）按照要求向财政部门报送绩效监控结果；
（五）应当履行的其他绩效监控职责。

本页逐项核对系统是否照办。数据为虚构。
"""

from dataclasses import replace
from datetime import date

import pytest

from bot.people import Action, Subject, may
from regulation.basis import key_projects
from regulation.deadlines import Annex, Deadline, DepartmentRule, deadline, tightened
from regulation.parameters import read
from regulation.problems import Problem
from regulation.reporting import OWED, REPORT_TRANSITIONS, ReportAction, ReportState
from regulation.roster import Duty, KeyBasis, Person, Role
from regulation.rounds import parse_round
from regulation.workdays import parse_workdays
from tests.regulation.sample_department import PROJECTS, REPAIR, basis, filed, tables

WORKDAYS = parse_workdays(read("workdays.toml"))
Q3 = parse_round("2026Q3")
DEPARTMENT = Subject(department_id="d01", unit_id="u1", filler_id="zhang", division_id="f01")
OFFICE = Person("li", "李强", (Duty(Role.BUDGET_OFFICE, "d01"),))
HEAD = Person("wang", "王志远", (Duty(Role.DEPARTMENT_HEAD, "d01"),))


@pytest.mark.parametrize(("day", "taken"), [(date(2026, 10, 9), True), (date(2026, 10, 12), False)])
def test_a_department_may_set_its_own_earlier_date(day, taken):
    """第一项：部门自己的办法可以把日期提前，不能推迟（第十八条）。"""
    legal = deadline(Q3, Annex.UNIT, WORKDAYS)
    own = tightened(legal, DepartmentRule("d01", Q3, Annex.UNIT, day, "区教育局细则"), WORKDAYS)
    assert isinstance(own, Deadline if taken else Problem)


@pytest.mark.parametrize("action", [Action.NUDGE, Action.SEE_UNIT, Action.REVIEW, Action.STAND_IN])
def test_the_department_guides_and_presses_its_units(action):
    """第二项，指导和督促：催办、看进度、接收退回、代填都归本部门预算科，别的部门不行。"""
    assert may(OFFICE, action, DEPARTMENT)
    assert not may(OFFICE, action, replace(DEPARTMENT, department_id="d02"))


def test_the_department_knows_which_unit_has_not_reported():
    """第二项，落实到各单位：哪个单位哪个项目没报，一个不少。"""
    assert [project.id for project in basis(filed(REPAIR)).missing] == ["p1", "p2"]


def test_key_projects_are_the_departments_own_list_with_reasons():
    """第三项：重点项目由部门定，写明依据，一个项目一张附表3，几个单位合办的合成一张。"""
    assert may(OFFICE, Action.MARK_KEY, DEPARTMENT)
    assert may(OFFICE, Action.UNMARK_KEY, DEPARTMENT)
    (project,) = key_projects(PROJECTS)
    assert project.basis is KeyBasis.MAJOR_DECISION
    assert [annex3.unit_names for annex3 in tables().annex3] == ["区教育局本级、滨河中学"]


def test_the_department_reports_through_its_head():
    """第四项，报送财政：预算科汇总，部门负责人同意，才算报出去；同一个人不能又汇总又算领导同意。"""
    assert may(OFFICE, Action.CONSOLIDATE, DEPARTMENT)
    assert not may(OFFICE, Action.APPROVE_REPORT, DEPARTMENT)
    assert may(HEAD, Action.APPROVE_REPORT, DEPARTMENT)
    to_finance = {
        (state, action)
        for state, actions in REPORT_TRANSITIONS.items()
        for action, after in actions.items()
        if after is ReportState.FILED
    }
    assert to_finance == {(ReportState.AWAITING_HEAD, ReportAction.APPROVE)}


def test_until_then_it_is_still_owed():
    """第四项：草稿、报审中、被退回的，都还算没报。"""
    assert {ReportState.DRAFT, ReportState.AWAITING_HEAD, ReportState.RETURNED} < OWED
    assert ReportState.FILED not in OWED
