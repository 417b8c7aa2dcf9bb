"""What a year's monitoring says of one project, for the next adjustment and the next budget (办法 第十四条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from regulation.adjusting import Adjustment, AdjustmentState
from regulation.basis import UnitForm
from regulation.disposing import DISPOSAL_LABELS, DisposalRecord
from regulation.findings import Finding, Level
from regulation.rates import execution_rate
from regulation.roster import Project


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One round of one project: its rate as printed (— when nothing was filed) and its deviations by weight."""

    execution: str
    red: int
    yellow: int


@dataclass(frozen=True, slots=True)
class ProjectResult:
    """One project's year. ``decided`` are its adjusted targets and disposals in words, in order of time."""

    project: Project
    rounds: Mapping[int, RoundResult]  # by quarter
    decided: tuple[str, ...]

    @property
    def cut(self) -> Decimal:
        """万元 by which the budget was changed in the year, negative for a cut."""
        return self.project.budget_current - self.project.budget_initial


@dataclass(frozen=True, slots=True)
class DepartmentYear:
    """One department's year in 万元, its rounds over all its filed forms, and how often something was decided."""

    name: str
    initial: Decimal
    present: Decimal
    rounds: Mapping[int, RoundResult]  # by quarter
    adjusted: int
    disposed: int


#: how the year's figures are counted, as told beside them.
DEFINITION = (
    "二、三季度执行率 = 已支出资金 ÷ 报送那一版的预算总额 × 100%；预算是年初批复数和现在的数（审定调整后）；"
    "红、黄是还没消除的偏离；只列已报财政的部门和季度。供当年预算调整和下年预算安排参考（办法第十四条）"
)


def round_result(form: UnitForm | None, findings: Iterable[Finding]) -> RoundResult:
    """What one round of a project showed, by the budget of the version filed; ``form`` None when nothing was."""
    known = (form,) if form and form.figures.spent is not None else ()
    return rounds_result(known, findings)


def rounds_result(forms: Iterable[UnitForm], findings: Iterable[Finding]) -> RoundResult:
    """The same over several forms of one round: Σ 已支出 ÷ Σ 预算总额 of those that say what was spent."""
    said = [
        (each.figures.spent, each.project.budget_current) for each in forms if each.figures.spent is not None
    ]
    spent = sum((amount for amount, _ in said if amount is not None), Decimal(0))
    rate = execution_rate(spent, sum((budget for _, budget in said), Decimal(0))).text if said else "—"
    levels = [each.level for each in findings]
    return RoundResult(rate, levels.count(Level.RED), levels.count(Level.YELLOW))


def decided(adjustments: Iterable[Adjustment], disposals: Iterable[DisposalRecord]) -> tuple[str, ...]:
    """Approved adjustments and recorded disposals of one project, in words."""
    targets = [
        (each.decided_at or each.requested_at, f"目标调整：{each.old_target} → {each.new_target}")
        for each in adjustments
        if each.state is AdjustmentState.APPROVED
    ]
    steps = [
        (each.at, f"{DISPOSAL_LABELS[each.disposal]}（{each.decider}，{each.basis}）") for each in disposals
    ]
    return tuple(words for _, words in sorted((*targets, *steps)))
