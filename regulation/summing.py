"""What is added up over units: the money and rates of 附表2 and 附表3, and indicators several units share (N17)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from regulation.annex3 import MONEY_ROWS, Annex3Money
from regulation.basis import UnitForm
from regulation.composing import printed_actual
from regulation.dimensions import Dimension, dimension_of
from regulation.grades import number, target_of
from regulation.provenance import Source
from regulation.rates import Rate, adjustment_rate, execution_rate, funds_arrival_rate, plain
from regulation.roster import AttainmentLikelihood, FundSource, Indicator, Project
from regulation.targets import Kind, Operator
from regulation.thresholds import Thresholds
from regulation.units import Family, family

ZERO = Decimal(0)
_WORST = tuple(AttainmentLikelihood)
_SIGNS = {Operator.GE: "≥", Operator.LE: "≤", Operator.EQ: "=", Operator.GT: ">", Operator.LT: "<", None: ""}


@dataclass(frozen=True, slots=True)
class Summed:
    """A rate over several forms with every figure behind it."""

    rate: Rate
    sources: tuple[Source, ...]


def arrival(forms: Sequence[UnitForm]) -> Summed:
    """资金到位率 = Σ 已到位资金 ÷ Σ 预算总额, over the forms that say what arrived."""
    said = [form for form in forms if form.figures.arrived is not None]
    arrived = sum((form.figures.arrived or ZERO for form in said), ZERO)
    rate = funds_arrival_rate(arrived if said else None, _budget(said))
    return Summed(rate, (*_all(said, "arrived"), *_all(said, "budget_current")))


def execution(forms: Sequence[UnitForm], rules: Thresholds) -> Summed:
    """预算执行率 = Σ 已支出资金 ÷ Σ of the denominator in force, over the forms that say what was spent."""
    said = [form for form in forms if form.figures.spent is not None]
    spent = sum((form.figures.spent or ZERO for form in said), ZERO)
    rate = execution_rate(
        spent if said else None,
        _budget(said),
        arrived=sum((form.figures.arrived or ZERO for form in said), ZERO),
        budget_initial=sum((form.project.budget_initial for form in said), ZERO),
        denominator=rules.denominator,
    )
    whole = {"adjusted": "budget_current", "arrived": "arrived", "initial": "budget_initial"}
    return Summed(rate, (*_all(said, "spent"), *_all(said, whole[rules.denominator.value])))


def adjustment(forms: Sequence[UnitForm], rules: Thresholds) -> Summed:
    """预算调整率 over the projects: net, or gross when the rules in force say so."""
    changes = [form.project.budget_current - form.project.budget_initial for form in forms]
    rate = adjustment_rate(
        sum((form.project.budget_initial for form in forms), ZERO),
        _budget(forms),
        adjustments=changes,
        basis=rules.basis,
    )
    changed = [form for form, change in zip(forms, changes, strict=True) if change]
    return Summed(rate, (*_all(changed, "budget_current"), *_all(changed, "budget_initial")))


def money_rows(forms: Sequence[UnitForm], projects: Sequence[Project]) -> tuple[Annex3Money, ...]:
    """项目总金额 first, then one row per source; 执行数 is unknown until every unit has said its own."""
    whole = len(forms) == len(projects)
    rows = []
    for label, kinds in MONEY_ROWS:
        budget = sum((a for p in projects for source, a in p.sources if source in kinds), ZERO)
        spent = [_spent_of(form, kinds) for form in forms]
        known = (
            sum((each for each in spent if each is not None), ZERO) if whole and None not in spent else None
        )
        rows.append(Annex3Money(label, budget, known, _sources_of(forms, kinds)))
    spents = [form.figures.spent for form in forms]
    total = sum((each for each in spents if each is not None), ZERO) if whole and None not in spents else None
    budget = sum((project.budget_current for project in projects), ZERO)
    return (Annex3Money("项目总金额", budget, total, tuple(_all(forms, "spent"))), *rows)


def _spent_of(form: UnitForm, kinds: tuple[FundSource, ...]) -> Decimal | None:
    """执行数 of one form from these sources: as said by source, or the whole of a project that has one source only."""
    by_source = form.figures.spent_by_source
    if by_source:
        return sum((amount for source, amount in by_source.items() if source in kinds), ZERO)
    own = [source for source, amount in form.project.sources if amount]
    if not any(source in kinds for source in own):
        return ZERO
    return form.figures.spent if all(source in kinds for source in own) else None


def _sources_of(forms: Sequence[UnitForm], kinds: tuple[FundSource, ...]) -> tuple[Source, ...]:
    return tuple(
        form.source(f"spent.{source.value}", plain(amount), f"已支出资金（{source.label}）")
        for form in forms
        for source, amount in form.figures.spent_by_source.items()
        if source in kinds
    )


_FIGURES: dict[str, Callable[[UnitForm], Decimal | None]] = {
    "arrived": lambda form: form.figures.arrived,
    "spent": lambda form: form.figures.spent,
    "budget_current": lambda form: form.project.budget_current,
    "budget_initial": lambda form: form.project.budget_initial,
}


def figure_of(form: UnitForm, key: str) -> Decimal | None:
    """One money figure of a form by its key."""
    return _FIGURES[key](form)


def _all(forms: Iterable[UnitForm], key: str) -> Iterable[Source]:
    return (form.source(key, plain(value)) for form in forms if (value := figure_of(form, key)) is not None)


def _budget(forms: Iterable[UnitForm]) -> Decimal:
    return sum((form.project.budget_current for form in forms), ZERO)


# -- indicators ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SharedRow:
    """One indicator row over the units that have it."""

    dimension: Dimension
    name: str
    target: str
    actual: str
    likelihood: str
    formula: str
    sources: tuple[Source, ...]


def indicator_rows(forms: Sequence[UnitForm], once: Collection[str] = frozenset()) -> tuple[SharedRow, ...]:
    """The indicators of a key project in printed order. A count several units share is added up, target and actual,
    unless it is named in ``once``; what cannot be added (rates, dates, words) stays one row per unit, named for it."""
    groups = _groups(forms)
    rows = [row for (dimension, name), group in groups.items() for row in _rows(dimension, name, group, once)]
    return tuple(sorted(rows, key=lambda row: row.dimension.order))


def shared_counts(forms: Sequence[UnitForm]) -> tuple[str, ...]:
    """The names of the counts of several units that are one row, in printed order."""
    found = [each for each in _groups(forms).items() if len(each[1]) > 1 and _addable(each[1])]
    return tuple(name for (_, name), _ in sorted(found, key=lambda each: each[0][0].order))


def _groups(forms: Sequence[UnitForm]) -> dict[tuple[Dimension, str], list[tuple[UnitForm, Indicator]]]:
    groups: dict[tuple[Dimension, str], list[tuple[UnitForm, Indicator]]] = {}
    for form in forms:
        for indicator in form.project.indicators:
            key = dimension_of(indicator.level1, indicator.level2), indicator.name
            groups.setdefault(key, []).append((form, indicator))
    return groups


def _rows(
    dimension: Dimension, name: str, group: list[tuple[UnitForm, Indicator]], once: Collection[str]
) -> Iterable[SharedRow]:
    if len(group) > 1 and _addable(group):
        yield _the_same(dimension, name, group) if name in once else _added(dimension, name, group)
        return
    for form, indicator in group:
        yield one_row(form, indicator, f"{name}（{form.unit.name}）" if len(group) > 1 else name, dimension)


def one_row(form: UnitForm, indicator: Indicator, name: str, dimension: Dimension) -> SharedRow:
    """One unit's indicator as it stands in its 附表1."""
    actual = form.figures.actuals.get(indicator.position)
    said = form.figures.likelihoods.get(indicator.position)
    printed = "" if actual is None else printed_actual(indicator, actual)
    source = form.source(f"actual.{indicator.position}", printed, indicator.name)
    return SharedRow(
        dimension, name, indicator.target_text, printed, said.label if said else "", "", (source,)
    )


def _addable(group: Sequence[tuple[UnitForm, Indicator]]) -> bool:
    """Counts that grow over the year, of one unit and sign, each with a number said. Days and hours do not add up over
    units: two canteens open for 190 days are open for 190 days."""
    targets = [target_of(indicator) for _, indicator in group]
    same = len({(t.unit, t.operator) for t in targets}) == 1
    counted = all(t.kind is Kind.CUMULATIVE and t.value is not None and not _lasts(t.unit) for t in targets)
    return same and counted and all(_value(form, indicator) is not None for form, indicator in group)


def _lasts(unit: str) -> bool:
    return family(unit) is Family.DURATION


def _value(form: UnitForm, indicator: Indicator) -> Decimal | None:
    actual = form.figures.actuals.get(indicator.position)
    return None if actual is None else number(actual)


def _added(dimension: Dimension, name: str, group: Sequence[tuple[UnitForm, Indicator]]) -> SharedRow:
    targets = [target_of(indicator) for _, indicator in group]
    unit, sign = targets[0].unit, _SIGNS[targets[0].operator]
    goal = sum((t.value or ZERO for t in targets), ZERO)
    parts = [(form.unit.name, _value(form, indicator) or ZERO) for form, indicator in group]
    done = sum((value for _, value in parts), ZERO)
    said = [form.figures.likelihoods.get(indicator.position) for form, indicator in group]
    terms = " + ".join(f"{unit_name} {plain(value)}" for unit_name, value in parts)
    return SharedRow(
        dimension,
        name,
        f"{sign}{plain(goal)}{unit}",
        f"{plain(done)}{unit}",
        _least(said),
        f"{terms} = {plain(done)}{unit}",
        tuple(
            form.source(f"actual.{i.position}", printed_actual(i, form.figures.actuals[i.position]), i.name)
            for form, i in group
        ),
    )


def _the_same(dimension: Dimension, name: str, group: Sequence[tuple[UnitForm, Indicator]]) -> SharedRow:
    """One thing several units report: what the leading one says, with what the others said beside it."""
    (form, _), *others = group
    said = [f.figures.likelihoods.get(i.position) for f, i in group]
    rows = [one_row(f, i, name, dimension) for f, i in group]
    heard = "；".join(f"{f.unit.name} 报 {row.actual}" for (f, _), row in zip(others, rows[1:], strict=True))
    return replace(
        rows[0],
        likelihood=_least(said),
        formula=f"只算一次，取{form.unit.name}的 {rows[0].actual}；{heard}",
        sources=tuple(source for row in rows for source in row.sources),
    )


def _least(said: Sequence[AttainmentLikelihood | None]) -> str:
    """The least sure of several: a chain is as strong as its weakest unit; empty while one has not said."""
    known = [level for level in said if level is not None]
    return max(known, key=_WORST.index).label if known and len(known) == len(said) else ""
