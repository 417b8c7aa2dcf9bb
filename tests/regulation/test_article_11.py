# ruff: noqa: N802, N803, N806 - 本文件给业务人员核对，名称用中文
"""第十一条　绩效监控采用目标比较法，用定量分析和定性分析相结合的方式，将绩效完成情况与预期绩效目标进行比较。

本文件逐条验证：年度目标是数字的，按数字比；是文字的，按“达成、部分达成、未达成”三档比；
看不准的目标不下结论，由人判断。每一行左边是单位填写的年度目标，右边是系统的读法。
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from regulation.actuals import attainment, parse_actual
from regulation.amounts import Question
from regulation.problems import Problem
from regulation.targets import Confidence, Direction, Kind, Operator, Target, parse_target
from tests.regulation.sample_department import tables

数量, 质量, 时效, 成本, 社会效益, 满意度 = (
    "数量指标",
    "质量指标",
    "时效指标",
    "成本指标",
    "社会效益指标",
    "服务对象满意度指标",
)

比较 = {
    Operator.GE: lambda 完成, 目标: 完成 >= 目标,
    Operator.LE: lambda 完成, 目标: 完成 <= 目标,
    Operator.EQ: lambda 完成, 目标: 完成 == 目标,
    Operator.GT: lambda 完成, 目标: 完成 > 目标,
    Operator.LT: lambda 完成, 目标: 完成 < 目标,
}

#: 二级指标、三级指标、年度目标、单位填的已完成情况、是否达到目标
定量目标 = (
    (数量, "改造教室数量", "≥48间", "36间", False),
    (数量, "改造教室数量", "≥48间", "48", True),
    (数量, "购买发放李子苗", "=15000株", "15000株", True),
    (数量, "培训人次", "不少于200人次", "199", False),
    (质量, "验收合格率", "≥95%", "98%", True),
    (质量, "验收合格率", "95%以上", "94.99", False),
    (质量, "差错率", "<2%", "2%", False),
    (质量, "差错率", "≤2%", "2%", True),
    (质量, "视频监控在线率", "≥0.97比例", "0.98", True),
    (质量, "安全事故起数", "0起", "0", True),
    (质量, "安全事故起数", "0起", "1", False),
    (时效, "维护及时性", "<24小时", "12小时", True),
    (成本, "项目总成本", "≤320万元", "201.35万元", True),
    (成本, "项目总成本", "≤320万元", "320.01", False),
    (满意度, "家长满意度", "≥90%", "≥96%", True),
)


@pytest.mark.parametrize(
    ("二级指标", "三级指标", "年度目标", "已完成情况", "达到"),
    定量目标,
    ids=[f"{行[1]} {行[2]} 填 {行[3]}" for 行 in 定量目标],
)
def test_定量目标用数字比较(二级指标: str, 三级指标: str, 年度目标: str, 已完成情况: str, 达到: bool) -> None:
    """目标是数字的，已完成情况也记成数字，单位一致，按目标上写的符号比较。"""
    目标 = parse_target(年度目标, 二级指标, 三级指标)
    完成 = parse_actual(已完成情况, 目标)
    assert isinstance(完成, str)
    assert 目标.value is not None
    assert 目标.operator is not None
    assert 比较[目标.operator](Decimal(完成), 目标.value) is 达到


#: 年度目标、单位填的已完成情况、记成哪一档
定性目标 = (
    ("显著提升", "达成", "达成"),
    ("显著提升", "达成，群众反映良好", "达成"),
    ("健全", "部分达成：制度已拟未发", "部分达成"),
    ("有所改善", "未达成", "未达成"),
    ("定性 优良中低差", "达成预期指标", "达成"),
    ("不超预算", "部分达成预期指标并具有一定效果", "部分达成"),
    ("房屋设备、设施的管理到位", "未达成预期指标且效果较差", "未达成"),
)


@pytest.mark.parametrize(
    ("年度目标", "已完成情况", "档次"), 定性目标, ids=[f"{行[0]} 填 {行[1]}" for 行 in 定性目标]
)
def test_定性目标分三档(年度目标: str, 已完成情况: str, 档次: str) -> None:
    """目标是文字的，由填报人在达成、部分达成、未达成中选一档，可以再写说明。"""
    目标 = parse_target(年度目标)
    assert 目标.kind is Kind.QUALITATIVE
    assert 目标.direction is Direction.QUALITATIVE
    完成 = parse_actual(已完成情况, 目标)
    assert isinstance(完成, str)
    assert attainment(完成) == 档次


def test_定性目标只写感想不算一档() -> None:
    """只照抄目标或写感想的，原样保留，不替单位判定。"""
    完成 = parse_actual("显著提升", parse_target("显著提升"))
    assert 完成 == "显著提升"
    assert attainment(完成) is None


#: 年度目标、二级指标、三级指标、为什么看不准
看不准的目标 = (
    (">=100%", 质量, "逾期发放率", "越少越好的指标写成了越多越好"),
    ("≥24694人", 数量, "居民参保率", "率写成了人数"),
    ("6070", 成本, "项目总投入(≥**万元)", "成本写成了不低于"),
    ("290%", 满意度, "群众满意度", "符号丢失，满意度不会超过100%"),
    ("各 1 次", 数量, "年度、半年趋势报告次数", "合计几次没有写"),
    ("90%-95%", 质量, "验收合格率", "写成了一个范围"),
    ("", 社会效益, "增加就业机会", "没有填"),
)


@pytest.mark.parametrize(
    ("年度目标", "二级指标", "三级指标", "原因"),
    看不准的目标,
    ids=[f"{行[0]} {行[3]}" for 行 in 看不准的目标],
)
def test_看不准的目标不下结论(年度目标: str, 二级指标: str, 三级指标: str, 原因: str) -> None:
    """宁可交给人看，不拿错的数去比。年度目标原文照存照印。"""
    目标 = parse_target(年度目标, 二级指标, 三级指标)
    assert 目标.confidence is Confidence.NONE
    assert 目标.text == 年度目标


#: 年度目标、二级指标、三级指标、怎么比
比法 = (
    ("≥48间", 数量, "改造教室数量", Kind.CUMULATIVE, "全年累计，和时间进度比"),
    ("≥95%", 满意度, "家长满意度", Kind.LEVEL, "和目标本身比，不按时间折算"),
    ("1600元/亩", 成本, "流转成本", Kind.LEVEL, "和目标本身比，不按时间折算"),
    ("≤320万元", 成本, "项目总成本", Kind.CAP, "不超过上限"),
    ("≤5件", 质量, "投诉件数", Kind.CAP, "不超过上限"),
    ("2026年11月30日前", 时效, "完工时间", Kind.DATE, "到期完成没有"),
    ("1次/月", 时效, "巡查频次", Kind.FREQUENCY, "按频次"),
    ("明显改善", 社会效益, "校园安全状况", Kind.QUALITATIVE, "分三档"),
)


@pytest.mark.parametrize(
    ("年度目标", "二级指标", "三级指标", "类别", "说明"), 比法, ids=[f"{行[2]} {行[4]}" for 行 in 比法]
)
def test_每类目标有自己的比法(年度目标: str, 二级指标: str, 三级指标: str, 类别: Kind, 说明: str) -> None:
    """只有全年累计的数量才和时间进度比；满意度、合格率、单价、上限都不按时间折算。"""
    assert parse_target(年度目标, 二级指标, 三级指标).kind is 类别


def test_单位不一致不硬比() -> None:
    """目标按百分比，填成金额的，请单位改；填成元的，换算成万元后请单位确认。"""
    assert isinstance(parse_actual("28.8万元", parse_target("≥95%")), Problem)
    assert parse_actual("2013500元", parse_target("≤320万元")) == Question(
        "201.35", "2013500元 = 201.35 万元，对吗？"
    )


def test_补上的符号要请人看一眼() -> None:
    """目标没有写符号时，系统按指标性质补上，但只能算“推断”，要给填报人确认。"""
    补上的: list[Target] = [parse_target("100%", 质量, "合格率"), parse_target("20万元", 成本, "总投资")]
    assert [目标.operator for 目标 in 补上的] == [Operator.GE, Operator.LE]
    assert {目标.confidence for 目标 in 补上的} == {Confidence.ASSUMED}


def test_部门的率对着目标和时间比() -> None:
    """到位率、执行率对着年度目标和时间进度比，建议可能性；没有目标的调整率不替部门下结论。"""
    预算执行 = tables().annex2.execution
    assert [(行.indicator, 行.target, 行.likelihood) for 行 in 预算执行] == [
        ("资金到位率", "100%", "确定能"),
        ("预算执行率", "100%", "可能性大"),
        ("预算调整率", "", ""),
    ]


def test_几个单位合办的取最没把握的() -> None:
    """同一个指标几个单位报的可能性不一样，附表3 上写最没有把握的那个，不取平均。"""
    (补助学生, *_) = tables().annex3[0].outputs
    assert (补助学生.target, 补助学生.actual, 补助学生.likelihood) == ("≥4200人", "3200人", "可能性小")
