"""Which reported figures have moved further from plan than the rules in force allow, and why (办法 第十至十二条)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from regulation.dimensions import dimension_of
from regulation.findings import Finding, Level, Reported
from regulation.forecasts import likelihood_finding, out_of_step, too_certain
from regulation.grades import Row, grade, in_time, number, reach, target_of
from regulation.rates import Pace, pace_of, ratio
from regulation.roster import AttainmentLikelihood, Indicator, Project
from regulation.rounds import MonitoringRound
from regulation.sentences import describe
from regulation.spending import money_findings, spending_pace
from regulation.targets import Direction, Kind
from regulation.thresholds import Thresholds, parse_thresholds, thresholds_on

__all__ = [
    "Finding",
    "Level",
    "Reported",
    "Thresholds",
    "judge",
    "parse_thresholds",
    "progress",
    "suggest_likelihood",
    "thresholds_on",
]

_ORDER = {Level.RED: 0, Level.YELLOW: 1, Level.INFO: 2}
ONE = Decimal(1)


def judge(
    project: Project, round: MonitoringRound, figures: Reported, rules: Thresholds, on: date
) -> tuple[Finding, ...]:
    """Every finding of one project's figures, worst first, in field order within a level.

    Nothing is found twice: no spending at all is not also slow spending, and 可能性小 beside a figure already marked
    adds nothing; 不可能 is always said, because others must hear of it (DOMAIN §4)."""
    pace = pace_of(project, round)
    found = list(money_findings(project, round, figures, pace, rules))
    outputs: list[Decimal] = []
    rows: list[Finding] = []
    for indicator in project.indicators:
        actual = figures.actuals.get(indicator.position)
        mark = None
        if actual is not None:
            row = _row(indicator, actual, round, pace, rules, on)
            mark = _mark(row)
            _count_output(row, outputs)
        said = figures.likelihoods.get(indicator.position)
        if mark is None and (said is None or said in _FINE):
            continue
        rows.extend(_of_indicator(indicator, mark, said, rules))
    found.extend(_contradiction(project, figures, pace, rules, outputs))
    found.extend(rows)
    found.sort(key=lambda f: _ORDER[f.level])
    return _with_disposal(project, found) if found else ()


def progress(indicator: Indicator, actual: str) -> Decimal | None:
    """Actual ÷ annual target as a ratio, for cumulative and level indicators; None when it cannot be computed
    or would mislead (反向 indicators: the smaller the better)."""
    target = target_of(indicator)
    if target.kind not in (Kind.CUMULATIVE, Kind.LEVEL) or target.direction is not Direction.HIGHER_BETTER:
        return None
    return ratio(number(actual), target.value)


def suggest_likelihood(
    indicator: Indicator,
    round: MonitoringRound,
    actual: str,
    rules: Thresholds,
    on: date,
    *,
    project: Project | None = None,
) -> AttainmentLikelihood | None:
    """完成目标可能性 suggested from the pace; None when only a person can judge. ``project`` makes its months in force
    count where its plan covers a part of the year; 不可能 only for what cannot be undone (past due, over a cap)."""
    found = grade(_row(indicator, actual, round, pace_of(project, round), rules, on))
    return found.likelihood if found else None


_FINE = frozenset({AttainmentLikelihood.CERTAIN, AttainmentLikelihood.LIKELY})


def _row(
    indicator: Indicator, actual: str, round: MonitoringRound, pace: Pace, rules: Thresholds, on: date
) -> Row:
    target = target_of(indicator)
    return Row(indicator, target, actual, number(actual), round, pace, rules, on)


def _mark(row: Row) -> Finding | None:
    found = grade(row)
    return describe(row, found) if found and found.level else None


def _of_indicator(
    indicator: Indicator, mark: Finding | None, said: AttainmentLikelihood | None, rules: Thresholds
) -> Iterator[Finding]:
    if mark:
        yield mark
    marked = mark is not None and mark.level is not Level.INFO
    if said is AttainmentLikelihood.IMPOSSIBLE or (said is AttainmentLikelihood.UNLIKELY and not marked):
        yield likelihood_finding(indicator, said, rules)
    if said is AttainmentLikelihood.CERTAIN and mark and mark.level is Level.RED:
        yield too_certain(indicator, mark)


def _count_output(row: Row, outputs: list[Decimal]) -> None:
    """Collect how far a counted 产出 is, at most 100%, so that one row far ahead hides no other."""
    if not in_time(row) or not dimension_of(row.indicator.level1, row.indicator.level2).is_output:
        return
    reached, expected = reach(row)
    if expected > 0:
        outputs.append(ONE if reached >= expected else reached / expected)


def _contradiction(
    project: Project, figures: Reported, pace: Pace, rules: Thresholds, outputs: list[Decimal]
) -> Iterator[Finding]:
    spending = spending_pace(project, figures, pace, rules)
    if spending is None or not outputs:
        return
    output = sum(outputs) / len(outputs)
    low, high = min(output, spending), max(output, spending)
    if high >= rules.in_step.value and low < rules.out_of_step.value:
        yield out_of_step(Decimal(output), spending, rules)


def _with_disposal(project: Project, found: list[Finding]) -> tuple[Finding, ...]:
    """Say on a red finding that 第十五条(二) deserves study: spending and goals both far off, or 不可能.

    The 办法 leaves 偏离较大 to judgement, so this is advice in words and never a suspension."""
    reds = [f for f in found if f.level is Level.RED]
    goals_far_off = any(f.code.startswith("indicator.") for f in reds)
    candidates = {"likelihood.impossible", *(("money.pace", "money.zero") if goals_far_off else ())}
    advice = "；建议研究是否适用第十五条(二)"
    if project.has_ongoing_procurement:
        advice += "，已开始执行的政府采购按采购程序办理"
    return tuple(
        replace(f, article=f.article + advice) if f.level is Level.RED and f.code in candidates else f
        for f in found
    )
