"""What a department's report still owes before it may go to its head, and when the texts are required (第十三条)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from regulation.annex1 import Entry
from regulation.annex2 import Annex2, Annex2Row
from regulation.annex3 import Annex3, Annex3Row
from regulation.basis import Basis
from regulation.consolidation import Tables
from regulation.narratives import is_unsure
from regulation.provenance import Passage
from regulation.rates import DASH, adjustment_rate, execution_rate, money
from regulation.reportfields import AMOUNTS, PROCESS, RATES
from regulation.roster import LIKELIHOOD_LABELS, AttainmentLikelihood
from regulation.thresholds import Thresholds

LEAST = 10  # characters of 实施情况, as in 附表1
_UNSURE = frozenset(
    {LIKELIHOOD_LABELS[AttainmentLikelihood.UNLIKELY], LIKELIHOOD_LABELS[AttainmentLikelihood.IMPOSSIBLE]}
)


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing still missing: the field key, its name and why it is asked."""

    key: str
    label: str
    why: str


def owed(tables: Tables, basis: Basis, entries: Mapping[str, Entry], rules: Thresholds) -> tuple[Owed, ...]:
    """Everything still missing, in the order it is asked; empty when the report may go to the head."""
    there = basis.versions
    return (
        *_total(tables.annex2, basis),
        *(Owed(key, label, "没有就写 0") for key, label in AMOUNTS if key not in entries),
        *_likelihoods(tables.annex2),
        *_texts(tables.annex2, departs(tables.annex2, basis, rules)),
        *(each for annex3 in tables.annex3 for each in _project(annex3, there)),
    )


def departs(annex2: Annex2, basis: Basis, rules: Thresholds) -> bool:
    """Whether 核心目标偏离情况 and 改进计划 are required: some row, or some indicator of a key project, is 可能性小
    or 不可能, spending is behind the yellow pace line, or the budget was adjusted beyond its yellow line."""
    key = {project.id for project in basis.projects if project.is_key}
    doubtful = any(form.project.id in key and is_unsure(form.figures) for form in basis.forms)
    if doubtful or any(row.likelihood in _UNSURE for row in annex2.rows):
        return True
    projects = [form.project for form in basis.forms]
    spent = sum((form.figures.spent or Decimal(0) for form in basis.forms), start=Decimal(0))
    budget = sum((project.budget_current for project in projects), start=Decimal(0))
    initial = sum((project.budget_initial for project in projects), start=Decimal(0))
    spending, adjusting = execution_rate(spent, budget).value, adjustment_rate(initial, budget).value
    slow = spending is not None and spending < basis.round.time_progress * rules.pace.yellow
    return slow or (adjusting is not None and abs(adjusting) > rules.adjustment.yellow)


def _total(annex2: Annex2, basis: Basis) -> Iterator[Owed]:
    label, projects = "本年度预算资金总额", basis.projects_budget
    if annex2.total is None:
        yield Owed("total", label, f"名册里没有；各项目合计 {money(projects)} 万元，总额不会比它小")
    elif annex2.total < projects:
        yield Owed(
            "total", label, f"填的 {money(annex2.total)} 万元小于各项目合计 {money(projects)} 万元，请核对"
        )


def _likelihoods(annex2: Annex2) -> Iterator[Owed]:
    rows: Iterable[Annex2Row] = (*annex2.execution, annex2.assets, annex2.procurement)
    for key, row in zip(RATES, rows, strict=True):
        if row.target and row.actual != DASH and not row.likelihood:
            yield Owed(f"likely.{key}", f"{row.indicator} 完成目标可能性", "四种里选一种")


def _texts(annex2: Annex2, required: bool) -> Iterator[Owed]:
    if len(annex2.work.text) < LEAST:
        yield Owed("work", "部门年度重点工作实施情况", f"至少 {LEAST} 个字")
    if required:
        yield from _explained(
            annex2.deviation, annex2.plan, "", "核心目标偏离情况及原因分析", "有偏离，要说明"
        )


def _project(annex3: Annex3, there: Mapping[str, int]) -> Iterator[Owed]:
    if annex3.project_id not in there and not annex3.situation.sentences:
        return  # nothing has come in; the missing 附表1 is said once, by its unit
    name, scope = annex3.project_name, f"{annex3.project_id}."
    rows: Iterable[Annex3Row] = (*annex3.process, *annex3.outputs, *annex3.effects)
    for key, row in zip(PROCESS, annex3.process, strict=True):
        if row.target and row.actual != DASH and not row.likelihood:
            yield Owed(f"likely.{scope}{key}", f"{name} {row.name} 完成目标可能性", "四种里选一种")
    if len(annex3.situation.text) < LEAST:
        yield Owed(f"{scope}situation", f"{name} 项目实施情况", f"至少 {LEAST} 个字")
    if any(row.likelihood in _UNSURE for row in rows):
        yield from _explained(
            annex3.deviation, annex3.plan, scope, f"{name} 目标偏离情况及原因分析", "有指标可能完不成"
        )


def _explained(deviation: Passage, plan: Passage, scope: str, label: str, why: str) -> Iterator[Owed]:
    if not deviation.text:
        yield Owed(f"{scope}deviation", label, why)
    if not plan.text:
        prefix = label.rpartition(" ")[0]
        yield Owed(f"{scope}plan", f"{prefix} 改进计划".strip(), why)
