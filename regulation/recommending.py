"""Which projects may belong on a department's list of key projects, each with why; people decide (第五条(二))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from regulation.basis import Basis
from regulation.rates import HUNDRED, pace_of
from regulation.roster import FundSource, KeyBasis, Project
from regulation.summing import execution
from regulation.thresholds import Thresholds

#: so many of the largest projects.
LARGEST = 3
#: percentage points between 预算执行率 and 时间进度 that make a project worth a look (UX §4.2).
GAP = Decimal(15)
#: whose money comes with the decisions of those above.
ABOVE = (FundSource.CENTRAL, FundSource.PROVINCIAL)


@dataclass(frozen=True, slots=True)
class Recommended:
    """A project not on the list, the reasons in words, and the basis they speak for; None where they speak for none."""

    project: Project
    reasons: tuple[str, ...]
    basis: KeyBasis | None


def recommended(basis: Basis, rules: Thresholds, *, figures: bool = True) -> tuple[Recommended, ...]:
    """The projects of a department worth a look, those with most reasons first, then the largest. ``figures``: also
    by what the units filed, which is the department's own to see."""
    largest = sorted(basis.projects, key=lambda p: -p.budget_current)[:LARGEST]
    gaps = dict(_gaps(basis, rules)) if figures else {}
    found = [
        Recommended(project, reasons, _speaks_for(project, project in largest))
        for project in basis.projects
        if not project.is_key and (reasons := tuple(_reasons(project, largest, gaps)))
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.reasons), -each.project.budget_current)))


def _reasons(project: Project, largest: list[Project], gaps: dict[str, Decimal]) -> Iterator[str]:
    if project in largest:
        yield f"金额排第 {largest.index(project) + 1}"
    if _from_above(project):
        yield "有中央、省级资金，可能是重大部署"
    gap = gaps.get(project.id)
    if gap is not None and abs(gap) > GAP:
        yield f"执行率比时间进度{'慢' if gap < 0 else '快'} {abs(gap):.1f} 个百分点"


def _speaks_for(project: Project, large: bool) -> KeyBasis | None:
    if _from_above(project):
        return KeyBasis.MAJOR_DECISION
    return KeyBasis.MAJOR_SPENDING if large else None


def _from_above(project: Project) -> bool:
    return any(amount and source in ABOVE for source, amount in project.sources)


def _gaps(basis: Basis, rules: Thresholds) -> Iterator[tuple[str, Decimal]]:
    """Project id -> 预算执行率 less 时间进度, in percentage points, of what has been filed."""
    for form in basis.forms:
        rate = execution((form,), rules).rate.value
        if rate is not None:
            yield form.project.id, (rate - pace_of(form.project, basis.round).share) * HUNDRED
