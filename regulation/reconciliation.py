"""附表1 ↔ 附表2 ↔ 附表3: every imbalance with its difference and the cell it most likely comes from (第十三条, N17)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from regulation.annex2 import Annex2, Annex2Row
from regulation.annex3 import Annex3
from regulation.basis import Basis, KeyProject, UnitForm, key_projects
from regulation.composing import printed_actual
from regulation.consolidation import Tables
from regulation.fields import sources_asked
from regulation.provenance import Source
from regulation.rates import money, plain
from regulation.summing import figure_of, money_rows
from regulation.suspects import Cell, suspect

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Imbalance:
    """Two cells that should agree and do not. ``left`` and ``right`` name cell and value; ``difference`` is
    left − right in 万元 (None where words differ); ``cell`` is where to look first."""

    code: str
    left: str
    right: str
    difference: Decimal | None
    cell: str
    why: str = ""

    @property
    def text(self) -> str:
        """One sentence for the budget office."""
        gap = "" if self.difference is None else f"，差 {money(self.difference)} 万元"
        hint = f"先看：{self.cell}{f'（{self.why}）' if self.why else ''}。" if self.cell else ""
        return f"{self.left}，{self.right}{gap}。{hint}"


def reconcile(tables: Tables, basis: Basis) -> tuple[Imbalance, ...]:
    """Every imbalance between the two tables and the units' forms as they are now, the money first."""
    forms = {form.project.id: form for form in basis.forms}
    return (
        *_total(tables.annex2, basis),
        *_changed(tables, forms),
        *(found for form in basis.forms for found in _within(form)),
        *_key_projects(tables.annex3, basis, forms),
        *_over_plan(tables.annex2),
    )


def _total(annex2: Annex2, basis: Basis) -> Iterator[Imbalance]:
    """本年度预算资金总额 holds basic expenditure too: never below Σ projects (第三条)."""
    projects = basis.projects_budget
    if annex2.total is None or annex2.total >= projects:
        return
    cells = [
        Cell(f"{basis.units[p.unit_id].name}《{p.name}》预算总额", p.budget_current, p.budget_initial)
        for p in basis.projects
    ]
    own = Cell("附表2 本年度预算资金总额", annex2.total)
    gap = annex2.total - projects
    cell, why = suspect(gap, (own, *cells)) or ("附表2 本年度预算资金总额", "")
    yield Imbalance(
        "total.below_projects",
        f"附表2 本年度预算资金总额 {money(annex2.total)} 万元",
        f"小于各项目预算合计 {money(projects)} 万元",
        gap,
        cell,
        why,
    )


def _changed(tables: Tables, forms: dict[str, UnitForm]) -> Iterator[Imbalance]:
    """What the tables were computed from against what the forms say now (F04)."""
    for row in tables.annex2.execution:
        yield from _moved(f"附表2 {row.indicator}", row.sources, forms)
    for annex3 in tables.annex3:
        yield from _moved(f"附表3《{annex3.project_name}》执行数", annex3.total.sources, forms)
    rows = (*tables.annex2.works, *tables.annex2.effects)
    yield from _words(((f"附表2 {row.indicator}", row.sources) for row in rows), forms)
    indicators = ((a, row) for a in tables.annex3 for row in (*a.outputs, *a.effects))
    yield from _words(((f"附表3《{a.project_name}》{r.name}", r.sources) for a, r in indicators), forms)


def _moved(where: str, sources: Sequence[Source], forms: dict[str, UnitForm]) -> Iterator[Imbalance]:
    by_key: dict[str, list[tuple[Source, Decimal]]] = {}
    for source in sources:
        form = forms.get(source.project_id)
        if source.version and form and source.key in ("arrived", "spent"):
            by_key.setdefault(source.key, []).append((source, figure_of(form, source.key) or ZERO))
        elif source.version and form is None and source.project_id:
            by_key.setdefault(source.key, []).append((source, ZERO))
    for pairs in by_key.values():
        was = sum((Decimal(source.value) for source, _ in pairs), ZERO)
        now = sum((value for _, value in pairs), ZERO)
        if was == now:
            continue
        moved = [(source, value) for source, value in pairs if Decimal(source.value) != value]
        worst, value = max(moved, key=lambda pair: abs(Decimal(pair[0].value) - pair[1]))
        yield Imbalance(
            "source.changed",
            f"{where}所用的{worst.cell}合计 {money(was)} 万元",
            f"各单位现在的附表1 合计 {money(now)} 万元",
            was - now,
            worst.where,
            f"原来 {worst.value} 万元，现在 {plain(value)} 万元"
            if worst.project_id in forms
            else "已经撤回或退回",
        )


def _words(rows: Iterable[tuple[str, Sequence[Source]]], forms: dict[str, UnitForm]) -> Iterator[Imbalance]:
    for where, sources in rows:
        for source in sources:
            form = forms.get(source.project_id)
            if source.version and (now := _said_now(source, form)) != source.value:
                right = f"来源现在是“{now}”" if form else "来源已经撤回或退回"
                yield Imbalance("source.words", f"{where}写的是“{source.value}”", right, None, source.where)


def _said_now(source: Source, form: UnitForm | None) -> str:
    """What the indicator behind a row says now, as printed; empty when its form is gone."""
    if form is None:
        return ""
    if form.version == source.version:
        return source.value
    position = int(source.key.partition(".")[2])
    actual = form.figures.actuals.get(position)
    indicator = next((i for i in form.project.indicators if i.position == position), None)
    return "" if actual is None or indicator is None else printed_actual(indicator, actual)


def _within(form: UnitForm) -> Iterator[Imbalance]:
    """附表1 by itself: the sources must add up to the totals that 附表3 prints beside them."""
    project, figures = form.project, form.figures
    by_source = sum((amount for _, amount in project.sources), ZERO)
    if project.sources and by_source != project.budget_current:
        gap = project.budget_current - by_source
        cells = [Cell(f"名册《{project.name}》{s.label}", a) for s, a in project.sources]
        cell, why = suspect(gap, cells) or (f"名册《{project.name}》分来源预算", "")
        yield Imbalance(
            "budget.sources",
            f"{form.unit.name}《{project.name}》预算总额 {money(project.budget_current)} 万元",
            f"各来源合计 {money(by_source)} 万元",
            gap,
            cell,
            why,
        )
    entry = form.entries.get("spent")
    if sources_asked(project) and entry and figures.spent_by_source and len(figures.spent_by_source) > 1:
        said, added = Decimal(entry.value), sum(figures.spent_by_source.values(), ZERO)
        if said != added:
            yield Imbalance(
                "spent.sources",
                f"{form.unit.name}《{project.name}》已支出资金 {money(said)} 万元",
                f"分来源合计 {money(added)} 万元",
                said - added,
                form.source("spent", entry.value).where,
            )


def _key_projects(annexes: Sequence[Annex3], basis: Basis, forms: dict[str, UnitForm]) -> Iterator[Imbalance]:
    known = {project.id: project for project in key_projects(basis.projects)}
    there = {annex.project_id for annex in annexes}
    for project in known.values():
        if project.id not in there:
            yield Imbalance(
                "annex3.missing", f"《{project.name}》是重点项目", "没有附表3", None, "重点项目名单"
            )
    for annex in annexes:
        key = known.get(annex.project_id)
        if key is None:
            yield Imbalance(
                "annex3.not_key",
                f"附表3《{annex.project_name}》",
                "已不在重点项目名单里",
                None,
                "重点项目名单",
            )
        else:
            yield from _sums(annex, key, forms)


def _sums(annex: Annex3, project: KeyProject, forms: dict[str, UnitForm]) -> Iterator[Imbalance]:
    """项目总金额 = Σ 来源 in both columns, and = Σ 附表1 of its units."""
    where = f"附表3《{annex.project_name}》"
    for column, total, parts in (
        ("预算数", annex.total.budget, [row.budget for row in annex.money]),
        ("执行数", annex.total.spent, [row.spent for row in annex.money]),
    ):
        known = [part for part in parts if part is not None]
        added = sum(known, ZERO)
        if total is not None and len(known) == len(parts) and added != total:
            cells = [Cell(f"{where}{r.label}{column}", v) for r, v in zip(annex.money, known, strict=True)]
            cell, why = suspect(total - added, cells) or (f"{where}{column}", "")
            yield Imbalance(
                "annex3.sources",
                f"{where}总金额{column} {money(total)} 万元",
                f"各来源合计 {money(added)} 万元",
                total - added,
                cell,
                why,
            )
    present, *_ = money_rows([forms[p.id] for p in project.projects if p.id in forms], project.projects)
    if annex.total.budget != present.budget:
        cells = [
            Cell(f"名册《{p.name}》预算总额", p.budget_current, p.budget_initial) for p in project.projects
        ]
        gap = annex.total.budget - present.budget
        cell, why = suspect(gap, cells) or ("名册预算总额", "")
        yield Imbalance(
            "annex3.budget",
            f"{where}预算数 {money(annex.total.budget)} 万元",
            f"各单位预算合计 {money(present.budget)} 万元",
            gap,
            cell,
            why,
        )


def _over_plan(annex2: Annex2) -> Iterator[Imbalance]:
    """Done beyond the plan of assets or procurement: possible, and more often two amounts swapped."""
    for row in (annex2.assets, annex2.procurement):
        amounts = _amounts(row)
        if len(amounts) == 2 and amounts[0] > amounts[1]:
            done, plan = amounts
            yield Imbalance(
                "plan.exceeded",
                f"附表2 {row.content}已完成 {money(done)} 万元",
                f"大于年度计划 {money(plan)} 万元",
                done - plan,
                f"附表2 {row.content} {row.indicator}",
                "两个数是不是填反了",
            )


def _amounts(row: Annex2Row) -> list[Decimal]:
    return [Decimal(source.value) for source in row.sources]
