"""What people expect against what they report: forecasts, and figures that do not go together (办法 第十二条)."""

from __future__ import annotations

from decimal import Decimal

from regulation.findings import Finding, Level
from regulation.rates import percent, plain
from regulation.roster import AttainmentLikelihood, Indicator
from regulation.sentences import named, short
from regulation.thresholds import Mark, Thresholds

FORECAST = "第十二条"
BOTH = "第十条(一)、(二)"


def likelihood_finding(indicator: Indicator, said: AttainmentLikelihood, rules: Thresholds) -> Finding:
    """可能性小 (yellow) or 不可能 (red): 第十二条 asks for the reason and the measures."""
    level = Level.RED if said is AttainmentLikelihood.IMPOSSIBLE else Level.YELLOW
    return Finding(
        code=f"likelihood.{said.value}",
        level=level,
        field=f"likely.{indicator.position}",
        title=f"{short(indicator)} {said.label}",
        sentence=f"{named(indicator)}预计全年完成目标“{said.label}”，要写清原因和改进办法。",
        formula="填报人对全年目标的预计",
        numbers=(("年度目标", indicator.target_text), ("完成目标可能性", said.label)),
        threshold="可能性小为黄，不可能为红",
        version=rules.likelihood.since,
        reference=rules.likelihood.reference,
        article=FORECAST,
    )


def too_certain(indicator: Indicator, cause: Finding) -> Finding:
    """确定能 beside a red figure: asks for one sentence, blocks nothing."""
    return Finding(
        code="contradiction.certain",
        level=Level.YELLOW,
        field=f"likely.{indicator.position}",
        title=f"{short(indicator)} 数据与预计不一致",
        sentence=f"{named(indicator)}的数据明显偏离目标，却选了“确定能”，请用一句话说明依据。",
        formula=cause.formula,
        numbers=(*cause.numbers, ("完成目标可能性", AttainmentLikelihood.CERTAIN.label)),
        threshold=f"数据为红而选“确定能”（{cause.threshold}）",
        version=cause.version,
        reference=cause.reference,
        article=FORECAST,
    )


def out_of_step(output: Decimal, spending: Decimal, rules: Thresholds) -> Finding:
    """Output and spending that do not go together: asks for one sentence, blocks nothing."""
    behind = spending < output
    what, why = ("支出", "钱为什么还没花出去") if behind else ("产出", "钱花在了哪里")
    ahead, less = ("产出", "支出") if behind else ("支出", "产出")
    high, low = sorted((output, spending), reverse=True)
    return Finding(
        code=f"contradiction.{'money' if behind else 'output'}_behind",
        level=Level.YELLOW,
        field="spent",
        title=f"{what}跟不上{ahead}",
        sentence=f"{ahead}达到应有进度的 {percent(high, 1)}，{less}只有 {percent(low, 1)}，请用一句话说明{why}。",
        formula="产出进度 = 各项数量指标（完成数 ÷ 应完成数，超过100%按100%）的平均；支出进度 = 预算执行率 ÷ 序时进度",
        numbers=(("产出进度", percent(output)), ("支出进度", percent(spending))),
        threshold=f"一项达到{_whole(rules.in_step)}%而另一项不到{_whole(rules.out_of_step)}%",
        version=max(rules.in_step.since, rules.out_of_step.since),
        reference=rules.in_step.reference,
        article=BOTH,
    )


def _whole(mark: Mark) -> str:
    return plain(mark.value * 100)
