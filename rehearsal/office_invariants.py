"""What must hold of departments and finance after a rehearsed year, told by storage, steps and what people saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from regulation.adjusting import AdjustmentState
from regulation.rectifying import RectificationState
from regulation.reporting import ReportState
from regulation.roster import Role
from regulation.rounds import MonitoringRound
from rehearsal.invariants import Evidence, Verdict
from rehearsal.offices import OfficeStep

#: where a report is when finance has dealt with it.
DONE = (ReportState.APPROVED, ReportState.CLOSED)


@dataclass(frozen=True, slots=True)
class _Offices:
    """What the checks look at."""

    e: Evidence
    steps: Sequence[OfficeStep]

    @property
    def rounds(self) -> list[MonitoringRound]:
        return sorted({step.round for step in self.steps})

    def planned(self, name: str) -> list[OfficeStep]:
        return [step for step in self.steps if step.name == name]


def check_offices(e: Evidence, steps: Sequence[OfficeStep]) -> list[Verdict]:
    """Every invariant in order."""
    offices = _Offices(e, steps)
    return [_verdict(name, list(found(offices))) for name, found in CHECKS]


def _verdict(name: str, found: list[str]) -> Verdict:
    return Verdict(name, len(found), tuple(line for line in found if line)[:10])


def _every_report_ends(o: _Offices) -> Iterator[str]:
    """Every report that was filed has been dealt with."""
    for one in o.e.reports:
        report = o.e.tx.report(one.department_id, one.round)
        yield "" if report.state in DONE else f"{one.round.code}:{one.department_id} {report.state.value}"


def _orders_close(o: _Offices) -> Iterator[str]:
    """Every order finance gave was answered and closed, and there are as many as were given."""
    planned = Counter(step.round for step in o.planned("整改通知"))
    for round in o.rounds:
        orders = o.e.tx.rectifications(round)
        yield (
            ""
            if len(orders) == planned[round]
            else f"{round.code} 发了 {planned[round]} 件，存了 {len(orders)} 件"
        )
        for order in orders:
            closed = order.state is RectificationState.CLOSED and order.answer and order.conclusion
            yield "" if closed else f"{round.code}:{order.department_id} {order.state.value}"


def _adjustments_hold(o: _Offices) -> Iterator[str]:
    """Each application was decided once, and its target stands in the project; forms filed before keep the old one."""
    planned = {(s.round, s.department_id) for s in o.planned("申请调整")}
    found = [each for round in o.rounds for each in o.e.tx.adjustments(round)]
    yield "" if len(found) == len(planned) else f"申请 {len(planned)} 份，存了 {len(found)} 份"
    for each in found:
        project = o.e.tx.project(each.project_id)
        target = next(i.target_text for i in project.indicators if i.position == each.position)
        fine = each.state is AdjustmentState.APPROVED and target == each.new_target
        yield "" if fine else f"{each.project_id} {each.state.value} {target}"


def _notices_reach_everybody_once(o: _Offices) -> Iterator[str]:
    """Each notice reached every budget office exactly once."""
    offices = [p.id for p in o.e.roster.people if p.has(Role.BUDGET_OFFICE)]
    keys = Counter(
        (s.key, s.user) for s in o.e.shown if s.key.startswith("notice:") and s.user in set(offices)
    )
    notices = {key for key, _ in keys}
    yield "" if len(notices) == len(o.rounds) else f"通知 {len(notices)} 个，应有 {len(o.rounds)} 个"
    for key in notices:
        for office in offices:
            count = keys[key, office]
            yield "" if count == 1 or (count == 2 and o.e.kills) else f"{key} {office} ×{count}"


CHECKS: tuple[tuple[str, Callable[[_Offices], Iterator[str]]], ...] = (
    ("报到财政的表都有结果", _every_report_ends),
    ("整改都反馈、都办结", _orders_close),
    ("目标调整审定一次、只生效一次", _adjustments_hold),
    ("通知每人恰好一条", _notices_reach_everybody_once),
)
