"""第九条  预算责任单位主要职责包括：
（一）根据要求将绩效监控职责落实到人，实施日常监控；
（二）根据监控结果及时改进工作，保证绩效目标顺利实现；
（三）应当履行的其他绩效监控职责。

本页逐句核对系统是否照办。数据为虚构。
"""

from dataclasses import replace

import pytest
from sample_projects import FINE, Q3, SCHOOL, figures, judged, said

from regulation.annexes import checks, compose, fields, required_texts
from regulation.deviation import Level
from regulation.filing import FilingAction, FilingState, next_state
from regulation.roster import Duty, Person, Role


def test_one_person_answers_for_each_project():
    """第一项，落实到人，每个项目有一名经办人。"""
    clerk = Person("zhang", "张敏", (Duty(Role.FILLER, "u1"),))
    assert SCHOOL.filler_id == clerk.id
    assert clerk.has(Role.FILLER, SCHOOL.unit_id)


def test_handing_over_changes_the_person_only():
    """第一项，换人不换表，移交只改经办人。"""
    handed_over = replace(SCHOOL, filler_id="zhou")
    assert fields(handed_over) == fields(SCHOOL)
    assert compose(handed_over, "新桥小学", Q3, {}) == compose(SCHOOL, "新桥小学", Q3, {})


def test_every_finding_says_what_how_far_and_by_which_line():
    """第二项，监控结果逐条写明是什么，差多少，界线在哪。"""
    for one in judged(SCHOOL, figures("100", "90", {**FINE, 1: "5", 3: "80"})):
        assert one.sentence.endswith("。")
        assert one.formula
        assert one.numbers
        assert one.threshold
        assert one.reference
        assert one.version


def test_the_improvement_plan_is_asked_for_and_printed():
    """第二项，有偏离就要写改进计划，并印在表上。"""
    reported = figures("256", "245", {**FINE, 2: "930"})
    assert "plan" in required_texts(reported, judged(SCHOOL, reported), checks(SCHOOL, reported, None))
    form = compose(SCHOOL, "新桥小学", Q3, said(reason="招标晚", plan="11月底前到货"))
    assert (form.deviation, form.plan) == ("招标晚", "11月底前到货")


def test_a_filed_form_can_be_corrected_at_once():
    """第二项，改进之后可以更正，不必等下一季。"""
    assert next_state(FilingState.FILED, FilingAction.CORRECT) is FilingState.FILED
    assert next_state(FilingState.FILED, FilingAction.WITHDRAW) is FilingState.DRAFT


@pytest.mark.parametrize("state", [FilingState.RETURNED, FilingState.DRAFT, FilingState.NOT_STARTED])
def test_returned_and_unfinished_forms_can_be_filed(state):
    """被退回的和没填完的都能接着报送。"""
    assert next_state(state, FilingAction.SUBMIT) is FilingState.FILED


def test_the_worst_comes_first():
    """最要紧的排在最前。"""
    levels = [f.level for f in judged(SCHOOL, figures("256", "185", {**FINE, 1: "60", 2: "930", 3: "94"}))]
    assert levels == [Level.RED, Level.YELLOW, Level.YELLOW, Level.INFO]
