"""What a year's monitoring says of one project, for the next adjustment and the next budget (办法 第十四条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from regulation.adjusting import Adjustment, AdjustmentState
from regulation.disposing import DISPOSAL_LABELS, DisposalRecord
from regulation.findings import Finding, Level, Reported
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


def round_result(project: Project, figures: Reported | None, findings: Iterable[Finding]) -> RoundResult:
    """What one round showed; ``figures`` None when nothing was filed."""
    found = list(findings)
    rate = execution_rate(figures.spent, project.budget_current).text if figures else "—"
    return RoundResult(
        rate,
        sum(each.level is Level.RED for each in found),
        sum(each.level is Level.YELLOW for each in found),
    )


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
