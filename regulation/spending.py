"""Whether the money moves as planned: execution, arrival and adjustment of one project's budget (办法 第十条(一))."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from regulation.findings import Finding, Level, Reported
from regulation.rates import (
    DENOMINATOR_LABELS,
    Denominator,
    Pace,
    Rate,
    adjustment_rate,
    execution_rate,
    funds_arrival_rate,
    money,
    percent,
    plain,
    points,
    ratio,
    usable,
)
from regulation.roster import Project
from regulation.rounds import MonitoringRound
from regulation.sentences import SLOW, lines, time_passed
from regulation.thresholds import Rule, Thresholds

EXECUTION = "第十条(一)"


def denominator(project: Project, figures: Reported, rules: Thresholds) -> Decimal | None:
    """What 预算执行率 divides by under the rules in force."""
    if rules.denominator is Denominator.ARRIVED:
        return figures.arrived
    return project.budget_initial if rules.denominator is Denominator.INITIAL else project.budget_current


def execution(project: Project, figures: Reported, rules: Thresholds) -> Rate:
    """预算执行率 of one project by the denominator in force; its ``text`` is what is shown, two places everywhere."""
    return execution_rate(
        figures.spent,
        project.budget_current,
        arrived=figures.arrived,
        budget_initial=project.budget_initial,
        denominator=rules.denominator,
    )


def spending_pace(project: Project, figures: Reported, pace: Pace, rules: Thresholds) -> Decimal | None:
    """预算执行率 ÷ 序时进度; None when it cannot be computed or nothing is due yet."""
    done = ratio(figures.spent, denominator(project, figures, rules))
    return done * pace.planned / pace.elapsed if done is not None and pace.elapsed else None


def money_findings(
    project: Project, round: MonitoringRound, figures: Reported, pace: Pace, rules: Thresholds
) -> Iterator[Finding]:
    """What stands out about the money, in field order: arrival, spending, adjustment."""
    if _arrives_late(project, figures, pace, rules):
        yield _arrival(project, figures, pace, rules)
    if pace.elapsed and project.budget_current > 0 and usable(figures.spent) and not figures.spent:
        yield _zero(project, pace, rules)  # and not its pace too: it is the same fact
    else:
        yield from _spending(project, round, figures, pace, rules)
    if project.budget_current != project.budget_initial:
        yield from _adjustment(project, rules)


def _arrives_late(project: Project, figures: Reported, pace: Pace, rules: Thresholds) -> bool:
    budget, arrived = project.budget_current, figures.arrived
    if arrived is None or not usable(arrived) or not usable(budget) or budget <= 0:
        return False
    return arrived * pace.planned < budget * (pace.elapsed - rules.arrival.value * pace.planned)


def _arrival(project: Project, figures: Reported, pace: Pace, rules: Thresholds) -> Finding:
    rate = funds_arrival_rate(figures.arrived, project.budget_current)
    behind = points(rate.value, pace.share).removeprefix("-").replace("个", " 个")
    amounts = f"{money(figures.arrived or Decimal(0))}/{money(project.budget_current)} 万元"
    return _finding(
        "arrival",
        Level.YELLOW,
        "arrived",
        rules.arrival,
        title=f"资金到位 {rate.text}",
        sentence=f"资金到位 {amounts}（{rate.text}），{time_passed(pace)}，慢了 {behind}。",
        rate=rate,
        numbers=(("资金到位率", rate.text), ("序时进度", percent(pace.share))),
        threshold=f"资金到位率比序时进度低{plain(rules.arrival.value * 100)}个百分点以上为黄",
    )


def _zero(project: Project, pace: Pace, rules: Thresholds) -> Finding:
    return _finding(
        "zero",
        Level.RED,
        "spent",
        rules.zero,
        title="支出 0%",
        sentence=f"预算 {money(project.budget_current)} 万元还没有支出，{time_passed(pace)}。",
        rate=execution_rate(Decimal(0), project.budget_current),
        numbers=(("预算总额", f"{money(project.budget_current)}万元"), ("已支出资金", "0.00万元")),
        threshold="有预算而支出为0为红",
    )


def _spending(
    project: Project, round: MonitoringRound, figures: Reported, pace: Pace, rules: Thresholds
) -> Iterator[Finding]:
    whole, spent = denominator(project, figures, rules), figures.spent
    if spent is None or whole is None or whole <= 0 or not usable(spent) or not usable(whole):
        return
    reached, expected = spent * pace.planned, whole * pace.elapsed
    if _below_floor(spent, whole, round, pace, rules):
        rule: Rule = rules.floor if reached >= expected * rules.pace.red else rules.pace
        yield _pace(project, figures, pace, rules, Level.RED, rule)
    elif reached < expected * rules.pace.yellow:
        level = Level.RED if reached < expected * rules.pace.red else Level.YELLOW
        yield _pace(project, figures, pace, rules, level, rules.pace)


def _below_floor(
    spent: Decimal, whole: Decimal, round: MonitoringRound, pace: Pace, rules: Thresholds
) -> bool:
    """The fixed line of the third quarter supposes a whole year; a plan that began later is judged by its pace."""
    whole_year = pace.elapsed * 12 >= round.months * pace.planned
    return round.quarter == 3 and whole_year and spent < whole * rules.floor.value


def _pace(
    project: Project, figures: Reported, pace: Pace, rules: Thresholds, level: Level, rule: Rule
) -> Finding:
    rate = execution(project, figures, rules)
    whole = denominator(project, figures, rules) or Decimal(0)
    of = (
        ""
        if rules.denominator is Denominator.ADJUSTED
        else f"（按{DENOMINATOR_LABELS[rules.denominator]}算）"
    )
    amounts = f"{money(figures.spent or Decimal(0))}/{money(whole)} 万元"
    reached = spending_pace(project, figures, pace, rules)
    return _finding(
        "pace",
        level,
        "spent",
        rule,
        title=f"支出 {rate.text}",
        sentence=f"支出 {amounts}，执行率 {rate.text}{of}，{time_passed(pace)}，{SLOW[level]}。",
        rate=rate,
        numbers=(
            ("预算执行率", rate.text),
            ("序时进度", percent(pace.share)),
            ("差距", points(rate.value, pace.share)),
            ("执行率÷序时进度", percent(reached)),
        ),
        threshold=f"三季度执行率低于{plain(rules.floor.value * 100)}%为红"
        if rule is rules.floor
        else lines("执行率", rules.pace, "低于", "序时进度的"),
    )


def _adjustment(project: Project, rules: Thresholds) -> Iterator[Finding]:
    rate = adjustment_rate(project.budget_initial, project.budget_current, basis=rules.basis)
    if rate.value is None or abs(rate.value) <= rules.adjustment.yellow:
        return
    before, now = (money(value) for value in (project.budget_initial, project.budget_current))
    yield _finding(
        "adjustment",
        Level.RED if abs(rate.value) > rules.adjustment.red else Level.YELLOW,
        "spent",
        rules.adjustment,
        title=f"预算调整 {rate.text}",
        sentence=f"预算由 {before} 万元调到 {now} 万元，调整率 {rate.text}，要说明原因。",
        rate=rate,
        numbers=(("年初预算", f"{before}万元"), ("预算总额", f"{now}万元"), ("预算调整率", rate.text)),
        threshold=lines("预算调整率", rules.adjustment, "超过"),
    )


def _finding(
    code: str,
    level: Level,
    field: str,
    rule: Rule,
    *,
    title: str,
    sentence: str,
    rate: Rate,
    numbers: tuple[tuple[str, str], ...],
    threshold: str,
) -> Finding:
    return Finding(
        f"money.{code}",
        level,
        field,
        title,
        sentence,
        rate.formula,
        numbers,
        threshold,
        rule.since,
        rule.reference,
        EXECUTION,
    )
