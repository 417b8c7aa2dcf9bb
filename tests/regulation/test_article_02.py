"""第二条　绩效监控是指在预算执行过程中，财政部门和预算部门、单位依照职责，对预算执行情况和绩效目标实现程度
开展的监督、控制等管理活动。

本页逐句核对系统是否照办。数据为虚构。
"""

import pytest

from bot.people import ALLOWED, Action
from regulation.rounds import MonitoringRound
from tests.regulation.sample_department import tables
from tests.regulation.sample_projects import FINE, SCHOOL, figures, judged


@pytest.mark.parametrize("quarter", [1, 4])
def test_only_while_the_budget_is_carried_out(quarter):
    """“在预算执行过程中”：只在二、三季度，年终评价不是监控。"""
    with pytest.raises(ValueError, match="二、三季度"):
        MonitoringRound(2026, quarter)


def test_both_tracks_are_judged_on_every_project():
    """“预算执行情况和绩效目标实现程度”：同一个项目，钱慢了说钱，目标慢了说目标，两样一起看。"""
    found = judged(SCHOOL, figures("256", "120", {**FINE, 1: "10"}))
    assert {"spent", "actual.1"} <= {finding.field for finding in found}


def test_both_tracks_stand_in_the_department_form():
    """附表2 上既有预算执行的三个率，也有重点工作和主要成效。"""
    made = tables().annex2
    assert [row.indicator for row in made.execution] == ["资金到位率", "预算执行率", "预算调整率"]
    assert {row.content for row in made.rows} >= {"预算执行", "资产管理", "采购管理"}


def test_each_side_acts_by_its_own_duty():
    """“依照职责”：填表、汇总、同意报送、看报来的表，各有各的人，没有一件事谁都能做。"""
    everybody = set.union(*(set(relations) for relations in ALLOWED.values()))
    for action in (Action.FILL, Action.CONSOLIDATE, Action.APPROVE_REPORT, Action.SEE_REPORT):
        assert set(ALLOWED[action]) < everybody
    assert not set(ALLOWED[Action.CONSOLIDATE]) & set(ALLOWED[Action.APPROVE_REPORT])
