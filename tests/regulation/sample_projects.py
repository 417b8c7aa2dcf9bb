"""One invented school project and its parts, for the tests of judging and of 附表1."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from regulation.annexes import Entry
from regulation.deviation import Finding, Reported, judge, parse_thresholds, thresholds_on
from regulation.parameters import read
from regulation.roster import AttainmentLikelihood, FundSource, Indicator, KeyBasis, Project
from regulation.rounds import MonitoringRound, parse_round

Q2, Q3 = parse_round("2026Q2"), parse_round("2026Q3")
TODAY = date(2026, 10, 9)
RULES = thresholds_on(parse_thresholds(read("thresholds.toml")), Q3.last_day)
D = Decimal

INDICATORS = (
    Indicator(1, "产出指标", "数量指标", "改造教室数量", "≥48间"),
    Indicator(2, "产出指标", "数量指标", "采购课桌椅", "≥2160套"),
    Indicator(3, "产出指标", "质量指标", "验收合格率", "≥95%"),
    Indicator(4, "产出指标", "时效指标", "完工时间", "2026年11月30日前"),
    Indicator(5, "产出指标", "成本指标", "项目总成本", "≤320万元"),
    Indicator(6, "效益指标", "社会效益指标", "校园安全状况", "明显改善"),
    Indicator(7, "满意度指标", "服务对象满意度指标", "家长满意度", "≥95%"),
)
SCHOOL = Project(
    id="p017",
    year=2026,
    unit_id="u1",
    filler_id="zhang",
    name="新桥小学校舍安全改造",
    budget_initial=D("320"),
    budget_current=D("320"),
    sources=((FundSource.PROVINCIAL, D("120")), (FundSource.DISTRICT, D("200"))),
    indicators=INDICATORS,
)
KEY_SCHOOL = replace(SCHOOL, is_key=True, key_basis=KeyBasis.MAJOR_DECISION)
#: everything in order at the end of September.
FINE = {1: "36", 2: "1700", 3: "96", 4: "未完成", 5: "201.35", 6: "达成", 7: "97"}
CERTAIN = dict.fromkeys(FINE, AttainmentLikelihood.CERTAIN)
OCTOBER = date(2026, 10, 9)


def of(*indicators: Indicator, budget: str = "320", **changes: object) -> Project:
    """A project with these indicators and this budget."""
    return replace(
        SCHOOL, indicators=indicators, budget_initial=D(budget), budget_current=D(budget), **changes
    )


def one(target: str, level2: str = "数量指标", name: str = "采购课桌椅", **stages: Decimal) -> Indicator:
    """A single indicator at position 1."""
    return Indicator(1, "产出指标", level2, name, target, **stages)


def figures(
    arrived: str | None = None,
    spent: str | None = None,
    actuals: Mapping[int, str] | None = None,
    **rest: object,
) -> Reported:
    """Reported figures; money as text."""
    return Reported(
        arrived=D(arrived) if arrived is not None else None,
        spent=D(spent) if spent is not None else None,
        actuals=actuals or {},
        **rest,  # type: ignore[arg-type]
    )


def said(**answers: str) -> dict[str, Entry]:
    """Entries by field key, ``_`` for the dot: ``said(spent="201.35", actual_1="36")``."""
    return {key.replace("_", "."): Entry(value, value, "m1") for key, value in answers.items()}


def judged(
    project: Project, reported: Reported, round: MonitoringRound = Q3, on: date = TODAY
) -> tuple[Finding, ...]:
    """The findings under the shipped thresholds."""
    return judge(project, round, reported, RULES, on)


def codes(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """(code, level) pairs in order."""
    return [(f.code, f.level.value) for f in findings]
