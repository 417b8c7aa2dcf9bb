"""第四条  预算部门组织各预算责任单位（部门本级和所属单位）对所有项目预算开展日常监控。
预算部门对部门整体预算和重点项目预算开展部门监控。

本页逐句核对系统是否照办。数据为虚构。
"""

from dataclasses import replace
from decimal import Decimal

import pytest
from sample_projects import FINE, Q2, Q3, RULES, SCHOOL, TODAY, figures, said

from regulation.annexes import compose, fields
from regulation.deviation import judge
from regulation.roster import Department, FundSource, KeyBasis, ResponsibleUnit

BUREAU = Department("d1", "区教育局", "v1")
HEADQUARTERS = ResponsibleUnit("u0", BUREAU.id, "区教育局本级", is_headquarters=True)
SUBORDINATE = ResponsibleUnit("u1", BUREAU.id, "新桥小学")

KEY = replace(SCHOOL, id="p1", is_key=True, key_basis=KeyBasis.MAJOR_SPENDING)
SMALL = replace(SCHOOL, id="p2", budget_initial=Decimal("0.5"), budget_current=Decimal("0.5"))
BARE = replace(SCHOOL, id="p3", indicators=())
ADDED = replace(SCHOOL, id="p4", budget_initial=Decimal(0))
EVERY_PROJECT = [KEY, SMALL, BARE, ADDED]


@pytest.mark.parametrize("unit", [HEADQUARTERS, SUBORDINATE], ids=["部门本级", "所属单位"])
@pytest.mark.parametrize("round", [Q2, Q3], ids=["二季度", "三季度"])
def test_headquarters_and_subordinate_units_file_the_same_form(unit, round):
    """部门本级和所属单位一样填附表1。"""
    project = replace(SCHOOL, unit_id=unit.id)
    form = compose(project, unit.name, round, said(arrived="256", spent="201.35"))
    assert form.unit_name == unit.name
    assert form.round == round
    assert form.spent == Decimal("201.35")


@pytest.mark.parametrize(
    "project", EVERY_PROJECT, ids=["重点项目", "五千元的项目", "没有指标的项目", "年中新增的项目"]
)
def test_every_project_has_a_form(project):
    """所有项目都有一张附表1，不论大小。"""
    asked = [f.label for f in fields(project)]
    assert asked[0] == "已到位资金"
    assert any(label.startswith("已支出资金") for label in asked)
    assert asked[-4:] == ["项目实施情况", "目标偏离情况及原因分析", "改进计划", "说明"]


@pytest.mark.parametrize(
    "project", EVERY_PROJECT, ids=["重点项目", "五千元的项目", "没有指标的项目", "年中新增的项目"]
)
def test_every_project_is_judged(project):
    """所有项目都监控，没有花钱就预警，不论大小。"""
    found = judge(project, Q3, figures("0", "0"), RULES, TODAY)
    assert "还没有支出" in found[0].sentence


def test_key_projects_are_judged_by_the_same_lines():
    """重点与否，判断的界线相同。"""
    reported = figures("256", "150", {**FINE, 2: "930"})
    ordinary = judge(SCHOOL, Q3, reported, RULES, TODAY)
    key = judge(KEY, Q3, reported, RULES, TODAY)
    assert ordinary == key
    assert ordinary


def test_key_projects_are_asked_by_source():
    """重点项目要按资金来源分开填，供部门填附表3。"""
    spending = [f.label for f in fields(KEY) if f.key.startswith("spent")]
    assert spending == ["已支出资金（省级）", "已支出资金（区级）"]
    assert [f.label for f in fields(SCHOOL) if f.key.startswith("spent")] == ["已支出资金"]


def test_one_source_needs_no_split():
    """只有一个来源的重点项目不必分开填。"""
    single = replace(KEY, sources=((FundSource.DISTRICT, Decimal("320")),))
    assert [f.label for f in fields(single) if f.key.startswith("spent")] == ["已支出资金"]
