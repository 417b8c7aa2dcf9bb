"""What looks odd about the answers together, and which texts must be given before filing (RELIABILITY N13–N15)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from regulation.annex1 import Check, Weight
from regulation.deviation import Finding, Level, Reported
from regulation.grades import number, target_of
from regulation.rates import money, plain, rounded, usable
from regulation.roster import AttainmentLikelihood, Indicator, Project
from regulation.targets import Kind, Target

#: from how many times the expected value on a slip of the unit is suspected (N15: 填成元).
SLIP = 10
_UNSURE = frozenset({AttainmentLikelihood.UNLIKELY, AttainmentLikelihood.IMPOSSIBLE})


def checks(project: Project, figures: Reported, previous: Reported | None) -> tuple[Check, ...]:
    """支出>到位 (NOTE), 到位>预算 (WARN), below last round (NOTE), ten times the target (WARN), in field order.

    ``previous`` is the round before **in the same budget year**: cumulative figures start again on 1 January, so a
    caller passes None for the second quarter."""
    return (*_money(project, figures, previous), *_indicators(project, figures, previous))


def required_texts(
    figures: Reported, findings: tuple[Finding, ...], odd: tuple[Check, ...]
) -> frozenset[str]:
    """Which of ``reason``, ``plan``, ``note`` must be given before filing (第十二条, DOMAIN §1.3).

    Reason and plan: some 可能性小 or 不可能, some yellow or red finding, or no spending at all. Note: something odd
    that needs one sentence, or figures that contradict each other."""
    unsure = not _UNSURE.isdisjoint(figures.likelihoods.values())
    marked = any(f.level is not Level.INFO for f in findings)
    needed = {"reason", "plan"} if unsure or marked or figures.spent == 0 else set()
    if any(c.weight is Weight.NOTE for c in odd) or any(f.asks_note for f in findings):
        needed.add("note")
    return frozenset(needed)


def _money(project: Project, figures: Reported, previous: Reported | None) -> Iterator[Check]:
    budget = project.budget_current
    arrived, spent = (value if usable(value) else None for value in (figures.arrived, figures.spent))
    yield from _amount("arrived", "到位", arrived, previous.arrived if previous else None, budget)
    if arrived is not None and budget < arrived < budget * SLIP:
        text = f"到位 {money(arrived)} 万元大于预算总额 {money(budget)} 万元，请核对。"
        yield Check("arrived.over_budget", "arrived", Weight.WARN, text)
    yield from _amount("spent", "支出", spent, previous.spent if previous else None, budget)
    if arrived is not None and spent is not None and spent > arrived:
        text = f"支出 {money(spent)} 万元大于到位 {money(arrived)} 万元，请用一句话说明。"
        yield Check("spent.over_arrived", "spent", Weight.NOTE, text)


def _amount(
    key: str, word: str, now: Decimal | None, before: Decimal | None, budget: Decimal
) -> Iterator[Check]:
    if now is None:
        return
    if budget > 0 and now >= budget * SLIP:
        times = rounded(now / budget, 0)
        text = f"{word} {money(now)} 万元是预算 {money(budget)} 万元的 {times} 倍，是不是按元填了？"
        yield Check(f"{key}.slip", key, Weight.WARN, text)
    elif budget == 0 and now > 0:
        text = f"预算总额是 0，却填了{word} {money(now)} 万元，请核对。"
        yield Check(f"{key}.no_budget", key, Weight.WARN, text)
    if before is not None and usable(before) and now < before:
        text = f"{word} {money(now)} 万元比上季 {money(before)} 万元小，累计数一般不会变小，请用一句话说明。"
        yield Check(f"{key}.below_last", key, Weight.NOTE, text)


def _indicators(project: Project, figures: Reported, previous: Reported | None) -> Iterator[Check]:
    for indicator in project.indicators:
        actual = figures.actuals.get(indicator.position)
        now = number(actual) if actual is not None else None
        if now is None:
            continue
        target = target_of(indicator)
        yield from _slip(indicator, target, now)
        said = previous.actuals.get(indicator.position) if previous else None
        before = number(said) if said is not None else None
        if target.kind is Kind.CUMULATIVE and before is not None and now < before:
            yield _below(indicator, target, now, before)


def _slip(indicator: Indicator, target: Target, now: Decimal) -> Iterator[Check]:
    goal = target.value
    if goal is None or goal <= 0 or now < goal * SLIP:
        return
    ask = "是不是按元填了？" if target.unit.startswith("万") else "请核对单位和小数点。"
    text = f"{indicator.name}填的 {plain(now)}{target.unit} 是年度目标 {plain(goal)}{target.unit} 的 10 倍以上，{ask}"
    yield Check("actual.slip", f"actual.{indicator.position}", Weight.WARN, text)


def _below(indicator: Indicator, target: Target, now: Decimal, before: Decimal) -> Check:
    then = f"{plain(now)}{target.unit}，比上季 {plain(before)}{target.unit} 小"
    text = f"{indicator.name}填的 {then}，累计数一般不会变小，请用一句话说明。"
    return Check("actual.below_last", f"actual.{indicator.position}", Weight.NOTE, text)
