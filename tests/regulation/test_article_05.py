"""第五条  绩效监控遵循的原则：
（一）权责对等、约束有力。按照“谁支出，谁负责”的原则，各预算部门、单位是绩效监控的实施主体……
（二）全面覆盖、突出重点。……将涉及党委政府重大决策部署和社会关注程度高的重点领域项目或重大支出项目作为监控重点……
（三）结果应用、及时纠偏。……对偏离绩效目标的支出及时采取纠偏措施，保证绩效目标如期实现。

本页逐句核对系统是否照办。数据为虚构。
"""

from dataclasses import fields as columns
from dataclasses import replace

import pytest
from sample_projects import CERTAIN, FINE, KEY_SCHOOL, Q3, SCHOOL, figures, judged

from regulation.annexes import checks, compose, required_texts
from regulation.deviation import Level
from regulation.roster import AttainmentLikelihood, KeyBasis, Project


def test_every_project_names_its_unit_and_its_person():
    """第一项，谁支出谁负责，每个项目都写明责任单位和经办人。"""
    needed = {field.name for field in columns(Project)}
    assert {"unit_id", "filler_id"} <= needed
    with pytest.raises(TypeError):
        Project(id="p", year=2026, name="没有责任单位的项目")  # type: ignore[call-arg]


def test_the_form_names_the_spending_unit():
    """第一项，表上印的是支出的单位。"""
    assert compose(SCHOOL, "新桥小学", Q3, {}).unit_name == "新桥小学"


def test_three_reasons_make_a_key_project():
    """第二项，重点项目的依据只有办法写明的三种。"""
    assert [basis.value for basis in KeyBasis] == ["重大决策部署", "社会关注度高", "重大支出"]


def test_ordinary_projects_are_watched_as_closely():
    """第二项，全面覆盖，普通项目和重点项目查出的问题一样多。"""
    reported = figures("100", "50", {**FINE, 1: "5"})
    assert len(judged(SCHOOL, reported)) == len(judged(KEY_SCHOOL, reported)) > 0


DEVIATIONS = {
    "支出偏慢": figures("256", "185", FINE),
    "一分钱没花": figures("256", "0", FINE),
    "资金到位慢": figures("100", "90", FINE),
    "产出偏慢": figures("256", "245", {**FINE, 2: "930"}),
    "质量不达标": figures("256", "245", {**FINE, 3: "90"}),
    "成本超过上限": figures("320", "245", {**FINE, 5: "330"}),
    "满意度不达标": figures("256", "245", {**FINE, 7: "80"}),
    "效益部分达成": figures("256", "245", {**FINE, 6: "部分达成"}),
    "预计可能性小": figures("256", "245", FINE, likelihoods={1: AttainmentLikelihood.UNLIKELY}),
    "预计不可能": figures("256", "245", FINE, likelihoods={1: AttainmentLikelihood.IMPOSSIBLE}),
}


@pytest.mark.parametrize("reported", DEVIATIONS.values(), ids=DEVIATIONS.keys())
def test_every_deviation_asks_for_reason_and_plan(reported):
    """第三项，及时纠偏，一有偏离就要写原因和改进计划。"""
    found = judged(SCHOOL, reported)
    assert any(f.level is not Level.INFO for f in found)
    assert {"reason", "plan"} <= required_texts(reported, found, checks(SCHOOL, reported, None))


def test_no_deviation_asks_for_nothing():
    """第三项，没有偏离的不增加负担。"""
    reported = figures("256", "245", FINE, likelihoods=CERTAIN)
    assert required_texts(reported, judged(SCHOOL, reported), checks(SCHOOL, reported, None)) == frozenset()


def test_a_corrected_course_clears_the_finding():
    """第三项，纠偏见效后，偏离随之消除。"""
    assert judged(SCHOOL, figures("256", "150", FINE))
    assert judged(SCHOOL, figures("256", "245", FINE)) == ()


def test_findings_advise_and_decide_nothing():
    """暂停、调减、停止拨付由人决定（第十五条），系统查出的每一条都只是文字。"""
    worst = replace(
        figures("256", "10", {**FINE, 1: "0", 2: "0"}), likelihoods={1: AttainmentLikelihood.IMPOSSIBLE}
    )
    for one in judged(SCHOOL, worst):
        assert "暂停" not in one.sentence
        assert "停止拨付" not in one.sentence
        if one.is_disposal_candidate:
            assert "建议研究是否适用" in one.article
