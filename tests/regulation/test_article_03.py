"""第三条  绩效监控对象为纳入部门预算管理的全部资金。

附表2 的“本年度预算资金总额”是部门全部资金，含基本支出，所以不会小于各项目合计，软件只核对这一点。
本页逐句核对系统是否照办。数据为虚构。
"""

from dataclasses import replace

import pytest

from regulation.annex3 import MONEY_ROWS
from regulation.completeness import owed
from regulation.consolidation import total_of
from regulation.reconciliation import reconcile
from regulation.roster import FundSource
from tests.regulation.sample_department import PROJECTS, REPAIR, TYPED, D, basis, entries, filed, tables
from tests.regulation.sample_projects import RULES

#: 总额（万元）、各项目合计（万元）、收不收
TOTALS = [("980", "980", True), ("980.01", "980", True), ("5000", "980", True), ("979.99", "980", False)]


@pytest.mark.parametrize(("total", "projects", "taken"), TOTALS)
def test_the_total_is_the_whole_budget(total, projects, taken):
    """总额等于、大于各项目合计都行，小了请核对，并说差多少、先看哪一格。"""
    of, typed = basis(), TYPED | {"total": total}
    made = tables(of, typed)
    assert of.projects_budget == D(projects)
    assert ("total" not in [each.key for each in owed(made, of, entries(typed), RULES)]) is taken
    assert ("total.below_projects" not in [each.code for each in reconcile(made, of)]) is taken


def test_the_roster_brings_the_total_and_a_person_may_correct_it():
    """名册里有的自动带出，预算科填了的以填的为准。"""
    assert total_of(basis(total="6000"), {}) == D("6000")
    assert total_of(basis(total="6000"), entries({"total": "6100"})) == D("6100")


def test_projects_without_a_form_still_count_in_the_total_check():
    """没有报附表1 的项目也是部门的钱：核对总额时一分不少，算率时两边都不算，并点名说明。"""
    of = basis(filed(REPAIR))
    assert of.projects_budget == D("980")
    assert [project.id for project in of.missing] == ["p1", "p2"]


def test_every_source_of_money_has_its_row():
    """附表3 的四行合起来就是全部五种来源，哪一种都不会漏掉。"""
    assert sorted(source for _, sources in MONEY_ROWS for source in sources) == sorted(FundSource)


def test_a_project_with_no_budget_is_watched_too():
    """预算为 0 的项目也在里面，率记“—”，不报错。"""
    empty = replace(REPAIR, id="p9", budget_initial=D("0"), budget_current=D("0"), sources=())
    form = replace(filed(REPAIR, spent="0", arrived="0"), project=empty)
    made = tables(basis(form, projects=(*PROJECTS, empty)))
    assert made.annex2.execution[1].actual == "—"
