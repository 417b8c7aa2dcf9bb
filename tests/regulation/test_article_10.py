"""第十条  绩效监控的主要内容：
（一）预算执行情况，包括预算资金拨付、预算执行单位实际支出、预算执行偏离以及预算执行保障等情况。
（二）绩效目标完成情况。一是预计阶段性产出的完成进度及趋势，包括数量、质量、时效、成本等。二是预计阶段性效益的完成进度及趋势，
包括经济效益、社会效益、生态效益和可持续发展等。三是跟踪社会反响及服务对象评价情况。

本页逐句核对系统是否照办。数据为虚构。
"""

import pytest
from sample_projects import FINE, Q3, RULES, SCHOOL, TODAY, figures, judged, of

from regulation.annexes import checks, compose, fields, required_texts
from regulation.deviation import suggest_likelihood
from regulation.dimensions import dimension_of
from regulation.roster import AttainmentLikelihood, Indicator
from tests.regulation.sample_department import tables

# ------------------------------------------------ （一）预算执行情况

MONEY = {
    "资金拨付：到位慢": (figures("100", "245", FINE), "arrived", "资金到位 100.00/320.00 万元"),
    "实际支出：没有支出": (figures("256", "0", FINE), "spent", "预算 320.00 万元还没有支出"),
    "执行偏离：支出偏慢": (figures("256", "185", FINE), "spent", "执行率 57.81%，时间已过 75%，偏慢"),
}


@pytest.mark.parametrize(("reported", "field", "phrase"), MONEY.values(), ids=MONEY.keys())
def test_money_is_watched(reported, field, phrase):
    """第一项，预算执行情况。"""
    told = [f for f in judged(SCHOOL, reported) if f.field == field and phrase in f.sentence]
    assert len(told) == 1
    assert told[0].article.startswith("第十条(一)")


def test_arrival_and_spending_are_asked():
    """第一项，资金拨付和实际支出都要填。"""
    assert [f.label for f in fields(SCHOOL)][:2] == ["已到位资金", "已支出资金"]


def test_spending_beyond_arrival_must_be_explained():
    """第一项，执行保障，支出大于到位的要说明钱从哪里来。"""
    reported = figures("100", "120")
    odd = checks(SCHOOL, reported, None)
    assert [one.text for one in odd] == ["支出 120.00 万元大于到位 100.00 万元，请用一句话说明。"]
    assert "note" in required_texts(reported, (), odd)


# ------------------------------------------------ （二）绩效目标完成情况

ASPECTS = {
    "数量": ("产出指标", "数量指标", "≥100个", "30", "产出数量"),
    "质量": ("产出指标", "质量指标", "≥95%", "90", "产出质量"),
    "时效": ("产出指标", "时效指标", "2026年10月20日前", "未完成", "产出时效"),
    "成本": ("产出指标", "成本指标", "≤100万元", "110", "产出成本"),
    "经济效益": ("效益指标", "经济效益指标", "≥500万元", "100", "经济效益"),
    "社会效益": ("效益指标", "社会效益指标", "明显改善", "部分达成", "社会效益"),
    "生态效益": ("效益指标", "生态效益指标", "≥10%", "8", "生态效益"),
    "可持续发展": ("效益指标", "可持续影响指标", "制度健全", "未达成", "可持续影响"),
    "服务对象评价": ("满意度指标", "服务对象满意度指标", "≥95%", "85", "满意度"),
}


@pytest.mark.parametrize(
    ("level1", "level2", "target", "actual", "printed"), ASPECTS.values(), ids=ASPECTS.keys()
)
def test_every_aspect_is_watched(level1, level2, target, actual, printed):
    """第二项，每个方面都监控。"""
    indicator = Indicator(1, level1, level2, "某项工作", target)
    found = judged(of(indicator), figures(actuals={1: actual}))
    assert [f.article for f in found] == ["第十条(二)"]
    assert dimension_of(level1, level2).label == printed


def test_annex1_prints_outputs_and_keeps_effects():
    """第二项，附表1只印产出，效益和满意度另存供部门汇总。"""
    form = compose(SCHOOL, "新桥小学", Q3, {})
    assert {row.level1 for row in form.rows} == {"产出"}
    assert {row.level1 for row in form.effects} == {"效果"}
    assert len(form.rows) + len(form.effects) == len(SCHOOL.indicators)


TRENDS = [
    ("72", AttainmentLikelihood.LIKELY),
    ("75", AttainmentLikelihood.CERTAIN),
    ("100", AttainmentLikelihood.CERTAIN),
    ("40", AttainmentLikelihood.UNLIKELY),
]


@pytest.mark.parametrize(
    ("actual", "expected"), TRENDS, ids=[f"到九月底完成{actual}" for actual, _ in TRENDS]
)
def test_the_forecast_is_suggested_from_the_pace(actual, expected):
    """第二项，完成进度及趋势，按进度先给出预计，可改。"""
    indicator = Indicator(1, "产出指标", "数量指标", "某项工作", "≥100个")
    assert suggest_likelihood(indicator, Q3, actual, RULES, TODAY) is expected


def test_what_only_a_person_can_judge_is_left_to_him():
    """第二项，定性的只能由人判断，系统不猜。"""
    indicator = Indicator(1, "效益指标", "社会效益指标", "社会反响", "反响良好")
    assert suggest_likelihood(indicator, Q3, "收到表扬信三封", RULES, TODAY) is None


def test_every_line_has_its_date_and_its_reference():
    """界线都有生效日期和依据。"""
    for one in judged(SCHOOL, figures("100", "90", {**FINE, 1: "5"})):
        assert one.version == "2021-01-01"
        assert one.reference


# ------------------------------------------------ 部门这一级


def test_the_department_sees_arrival_spending_and_adjustment():
    """第一项：资金拨付、实际支出、执行偏离，附表2、附表3 各有一行，由系统按单位的数算。"""
    made = tables()
    for rows in (made.annex2.execution, made.annex3[0].process):
        assert [getattr(row, "indicator", "") or row.name for row in rows] == [
            "资金到位率",
            "预算执行率",
            "预算调整率",
        ]
        assert all(row.actual.endswith("%") for row in rows)


def test_the_department_sees_outputs_and_effects_apart():
    """第二项：产出、效果分开；数量加起来，质量、效益各单位各一行，不混成一个平均数。"""
    annex3 = tables().annex3[0]
    assert {row.level1 for row in annex3.outputs} == {"产出"}
    assert {row.level1 for row in annex3.effects} == {"效果"}
    assert [row.level2 for row in annex3.outputs] == ["产出数量", "产出质量", "产出质量"]


def test_assets_and_procurement_are_watched():
    """第三项，政府采购、资产管理：附表2 各一行，计划和完成都要填，没有就写 0。"""
    made = tables().annex2
    assert [(row.content, row.actual) for row in (made.assets, made.procurement)] == [
        ("资产管理", "75.00%"),
        ("采购管理", "77.63%"),
    ]
