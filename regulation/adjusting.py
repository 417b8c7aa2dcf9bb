"""绩效目标调整申请: old and new target, why, and the budget with it, decided by finance (办法 第十五条(一))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from regulation.amounts import parse_amount
from regulation.problems import Problem, problem
from regulation.roster import FundSource, Indicator, Project
from regulation.rounds import MonitoringRound
from regulation.texts import parse_text

#: The application goes with the report of this quarter (第十五条(一)); in the other one it is only announced.
QUARTER = 3


class AdjustmentState(StrEnum):
    """Where an application is."""

    PLANNED = "planned"  # 二季度：拟于三季度申请调整
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class AdjustmentAction(StrEnum):
    """What somebody does with it."""

    REQUEST = "request"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class Cause(StrEnum):
    """The objective causes 第十五条(一) names."""

    POLICY = "policy"
    EMERGENCY = "emergency"
    OTHER = "other"


CAUSE_LABELS = {Cause.POLICY: "政策变化", Cause.EMERGENCY: "突发事件", Cause.OTHER: "其他客观因素"}
ADJUSTMENT_LABELS = {
    AdjustmentState.PLANNED: "拟于三季度申请",
    AdjustmentState.REQUESTED: "待财政审定",
    AdjustmentState.APPROVED: "已审定",
    AdjustmentState.REJECTED: "未同意",
    AdjustmentState.WITHDRAWN: "已撤回",
}

#: state -> action -> state after it; a decision is final, a new wish is a new application.
TRANSITIONS: Mapping[AdjustmentState, Mapping[AdjustmentAction, AdjustmentState]] = {
    AdjustmentState.PLANNED: {
        AdjustmentAction.REQUEST: AdjustmentState.REQUESTED,
        AdjustmentAction.WITHDRAW: AdjustmentState.WITHDRAWN,
    },
    AdjustmentState.REQUESTED: {
        AdjustmentAction.APPROVE: AdjustmentState.APPROVED,
        AdjustmentAction.REJECT: AdjustmentState.REJECTED,
        AdjustmentAction.WITHDRAW: AdjustmentState.WITHDRAWN,
    },
    AdjustmentState.APPROVED: {},
    AdjustmentState.REJECTED: {},
    AdjustmentState.WITHDRAWN: {},
}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One application about one indicator. Targets are verbatim; ``budget_change`` 万元, zero or a cut (negative)."""

    id: str
    project_id: str
    round: MonitoringRound
    position: int
    old_target: str
    new_target: str
    cause: Cause
    reason: str
    budget_change: Decimal
    requested_by: str
    requested_at: datetime
    state: AdjustmentState = AdjustmentState.REQUESTED
    decided_by: str = ""
    decided_at: datetime | None = None
    words: str = ""  # what finance said


def next_adjustment(state: AdjustmentState, action: AdjustmentAction) -> AdjustmentState | None:
    """The state after that action, None when the table does not allow it."""
    return TRANSITIONS[state].get(action)


def first_state(round: MonitoringRound) -> AdjustmentState:
    """A wish of the second quarter is only announced; in the third it goes to finance."""
    return AdjustmentState.REQUESTED if round.quarter == QUARTER else AdjustmentState.PLANNED


def parse_new_target(text: str, old: str) -> str | Problem:
    """The new 年度目标, verbatim; it must say something else than the old one."""
    words = parse_text(text, label="新目标", least=1)
    if isinstance(words, Problem):
        return words
    return words if words != old else problem("adjustment.same", old=old)


def parse_change(text: str, project: Project) -> Decimal | Problem:
    """The budget change in 万元: empty or 0 for none, a positive number is the cut (第十五条(一) 调减预算)."""
    if text.strip() in ("", "0", "无", "不变"):
        return Decimal(0)
    amount = parse_amount(text.strip().removeprefix("调减").removeprefix("-"))
    if not isinstance(amount, Decimal):
        return (
            amount if isinstance(amount, Problem) else problem("disposal.cut_exact", text=text.strip()[:20])
        )
    if amount > project.budget_current:
        return problem("disposal.cut_range", budget=f"{project.budget_current:,.2f}")
    return -amount


def parse_reason(text: str) -> str | Problem:
    """Why, at least ten characters: which policy, which event."""
    return parse_text(text, label="调整理由", least=10)


def adjusted(project: Project, decided: Iterable[Adjustment]) -> Project:
    """The project as decided: new targets, and the budget less its cuts; the oldest decision first. An indicator
    whose target is no longer the old one is left alone: somebody changed it since."""
    for each in decided:
        if each.state is AdjustmentState.APPROVED and _applies(project, each):
            project = _with(project, each)
    return project


def _applies(project: Project, each: Adjustment) -> bool:
    return any(i.position == each.position and i.target_text == each.old_target for i in project.indicators)


def _with(project: Project, each: Adjustment) -> Project:
    return replace(
        project,
        indicators=tuple(_retargeted(i, each) for i in project.indicators),
        budget_current=project.budget_current + each.budget_change,
        sources=_less(project, -each.budget_change),
    )


def _retargeted(indicator: Indicator, each: Adjustment) -> Indicator:
    """Stage values planned for the old target say nothing about the new one."""
    if indicator.position != each.position:
        return indicator
    return replace(indicator, target_text=each.new_target, stage_q2=None, stage_q3=None)


def _less(project: Project, cut: Decimal) -> tuple[tuple[FundSource, Decimal], ...]:
    """A cut is taken from the last sources first (district money before the superiors'), so that they still sum up."""
    sources = list(project.sources)
    for place in reversed(range(len(sources))):
        source, amount = sources[place]
        taken = min(cut, amount)
        sources[place], cut = (source, amount - taken), cut - taken
    return tuple(pair for pair in sources if pair[1])
