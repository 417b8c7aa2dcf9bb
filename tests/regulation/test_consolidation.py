"""附表2 and 附表3 from the units' forms: sums, rates, provenance, rows, what is still owed."""

from dataclasses import replace

import pytest

from regulation.annex3 import MONEY_ROWS
from regulation.basis import key_projects
from regulation.completeness import owed
from regulation.consolidation import consolidate
from regulation.picking import candidates, parse_rows, proposed, row_entries
from regulation.problems import Problem
from regulation.roster import FundSource
from regulation.thresholds import Thresholds
from tests.regulation.sample_department import (
    MEALS_HQ,
    MEALS_MIDDLE,
    PROJECTS,
    REPAIR,
    TYPED,
    D,
    basis,
    entries,
    filed,
    tables,
)
from tests.regulation.sample_projects import RULES


def actuals(rows):
    return [(row.indicator, row.target, row.actual, row.likelihood) for row in rows]


def test_the_five_rates_are_computed_never_typed():
    made = tables().annex2
    assert actuals((*made.execution, made.assets, made.procurement)) == [
        ("资金到位率", "100%", "83.27%", "确定能"),  # 816 ÷ 980
        ("预算执行率", "100%", "71.57%", "可能性大"),  # 701.35 ÷ 980, time 75%
        ("预算调整率", "", "2.08%", ""),  # 20 ÷ 960
        ("年度计划完成率", "100%", "75.00%", "确定能"),
        ("年度计划执行率", "100%", "77.63%", "确定能"),
    ]
    assert made.execution[1].formula == ("预算执行率 = 已支出资金 701.35 ÷ 预算总额 980.00 × 100% = 71.57%")


def test_a_computed_value_names_unit_project_cell_version_and_message():
    sources = [s for s in tables().annex2.execution[1].sources if s.key == "spent"]
    assert [(s.unit, s.project_id, s.value, s.version, s.message) for s in sources] == [
        ("区教育局本级", "p1", "360.5", 1, "p1-v1"),
        ("滨河中学", "p2", "139.5", 1, "p2-v1"),
        ("新桥小学", "p3", "201.35", 1, "p3-v1"),
    ]
    assert sources[2].where == "新桥小学《新桥小学校舍安全改造》已支出资金 版本1"


@pytest.mark.parametrize(
    ("choice", "shown"), [("adjusted", "71.57%"), ("arrived", "85.95%"), ("initial", "73.06%")]
)
def test_the_denominator_is_configured(choice, shown):
    rules: Thresholds = replace(RULES, denominator=type(RULES.denominator)(choice))
    assert consolidate(basis(), entries(TYPED), rules).annex2.execution[1].actual == shown


def test_a_form_that_is_not_in_counts_on_neither_side():
    made = tables(basis(filed(REPAIR)))
    assert made.annex2.execution[1].actual == "62.92%"
    assert basis(filed(REPAIR)).missing == (MEALS_HQ, MEALS_MIDDLE)


def test_n17_sums_are_exact_and_rounded_only_when_shown():
    third = filed(REPAIR, spent="0.005")
    more = [replace(REPAIR, id=f"q{n}", budget_initial=D("1"), budget_current=D("1")) for n in range(3)]
    forms = tuple(replace(third, project=project) for project in more)
    made = tables(basis(*forms, projects=tuple(more)))
    assert made.annex2.execution[1].actual == "0.50%"  # 0.015 ÷ 3, not 0.03 ÷ 3


def test_several_units_make_one_annex3():
    (annex3,) = tables().annex3
    assert (annex3.project_id, annex3.unit_names) == ("p1", "区教育局本级、滨河中学")
    assert [(row.label, row.budget, row.spent) for row in (annex3.total, *annex3.money)] == [
        ("项目总金额", D("660"), D("500.0")),
        ("中央、省级财政", D("400"), D("340")),
        ("市级财政", D("0"), D("0")),
        ("区级财政", D("260"), D("160.0")),
        ("其他", D("0"), D("0")),
    ]
    assert sum(row.budget for row in annex3.money) == annex3.total.budget


def test_central_and_provincial_stand_in_one_row():
    assert MONEY_ROWS[0] == ("中央、省级财政", (FundSource.CENTRAL, FundSource.PROVINCIAL))
    assert {s for _, sources in MONEY_ROWS for s in sources} == set(FundSource)


def test_spending_of_a_project_is_unknown_while_one_unit_has_not_filed():
    (annex3,) = tables(basis(filed(MEALS_HQ))).annex3
    assert annex3.total.spent is None
    assert annex3.money[0].spent is None
    assert annex3.total.budget == D("660")


def test_counts_of_several_units_are_added_and_rates_stand_apart():
    (annex3,) = tables().annex3
    assert [
        (r.level2, r.name, r.target, r.actual, r.likelihood) for r in (*annex3.outputs, *annex3.effects)
    ] == [
        ("产出数量", "补助学生数量", "≥4200人", "3200人", "可能性小"),
        ("产出质量", "食材抽检合格率（区教育局本级）", "≥98%", "99%", "确定能"),
        ("产出质量", "食材抽检合格率（滨河中学）", "≥98%", "98.5%", "确定能"),
        ("社会效益", "学生家庭负担（区教育局本级）", "有所减轻", "达成", "可能性大"),
        ("社会效益", "学生家庭负担（滨河中学）", "有所减轻", "达成", "确定能"),
    ]
    assert annex3.outputs[0].formula == "区教育局本级 2400 + 滨河中学 800 = 3200人"


def test_projects_without_a_code_are_one_when_they_share_the_name():
    unnamed = tuple(replace(project, code="") for project in PROJECTS)
    assert [key.id for key in key_projects(unnamed)] == ["p1"]
    apart = (unnamed[0], replace(unnamed[1], name="别的项目"), unnamed[2])
    assert [key.id for key in key_projects(apart)] == ["p1", "p2"]


def test_rows_are_proposed_from_key_projects_and_picked_by_number():
    of = basis()
    assert proposed(of, "works") == ("p1:1", "p2:1")
    offered = [reference for reference, _, _ in candidates(of, "works")]
    assert parse_rows("1、3", offered, label="重点工作") == ("p1:1", "p2:1")
    rows = dict(row_entries("works", ("p2:1", "推进校舍改造｜年底完工｜八成｜可能性大"), "", "m"))
    made = consolidate(of, entries(TYPED) | rows, RULES).annex2
    assert actuals(made.works) == [
        ("学生营养改善：补助学生数量", "≥1200人", "800人", "可能性小"),
        ("推进校舍改造", "年底完工", "八成", "可能性大"),
    ]
    assert made.works[0].sources[0].where == "滨河中学《学生营养改善》补助学生数量 版本1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("99", "rows.no_such"),
        ("0、1", "rows.no_such"),
        ("｜目标", "rows.shape"),
        ("甲｜乙｜丙｜也许", "form.likelihood_unknown"),
        ("甲｜乙｜丙｜丁｜戊", "rows.shape"),
        ("机密★一年 某项工作", "text.classified"),
    ],
)
def test_rows_that_cannot_be_used(text, code):
    got = parse_rows(text, ["p1:1", "p2:1"], label="重点工作")
    assert isinstance(got, Problem)
    assert got.code == code


def test_numbers_mean_nothing_while_nothing_is_offered():
    got = parse_rows("1", [], label="重点工作")
    assert isinstance(got, Problem)
    assert got.code == "rows.none"


def keys(of, typed):
    made = tables(of, typed)
    return [each.key for each in owed(made, of, entries(typed), RULES)]


def test_what_is_owed_before_the_head_sees_it():
    assert keys(basis(), {}) == [
        "total",
        "assets.plan",
        "assets.done",
        "procurement.plan",
        "procurement.done",
    ]
    assert keys(basis(), TYPED) == []
    assert keys(basis(), TYPED | {"total": "979.99"}) == ["total"]
    assert keys(basis(total="5000"), {k: v for k, v in TYPED.items() if k != "total"}) == []


def test_reasons_are_owed_when_something_departs():
    silent = filed(MEALS_MIDDLE, reason="无偏离", plan="无")
    of = basis(filed(MEALS_HQ), silent, filed(REPAIR, spent="20"))
    assert keys(of, TYPED) == ["deviation", "plan", "p1.deviation", "p1.plan"]


def test_a_zero_plan_prints_a_dash_and_asks_for_no_likelihood():
    made = tables(typed=TYPED | {"assets.plan": "0", "assets.done": "0"}).annex2
    assert (made.assets.actual, made.assets.likelihood) == ("—", "")
    assert keys(basis(), TYPED | {"assets.plan": "0", "assets.done": "0"}) == []
