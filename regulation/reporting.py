"""The life of a department's 附表2 and 附表3, filed together: 待汇总→草稿→待领导确认→已报送财政→审核 (DOMAIN §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from regulation.annex1 import Entry
from regulation.roster import KeyBasis
from regulation.rounds import MonitoringRound


class ReportState(StrEnum):
    """Where a department's report is."""

    NOT_STARTED = "not_started"
    DRAFT = "draft"
    AWAITING_HEAD = "awaiting_head"
    FILED = "filed"
    RETURNED = "returned"
    APPROVED = "approved"
    RECTIFYING = "rectifying"
    CLOSED = "closed"


#: reports finance has before it: only then may it see a department's figures (DOMAIN §4).
BEFORE_FINANCE = frozenset(
    {ReportState.FILED, ReportState.APPROVED, ReportState.RECTIFYING, ReportState.CLOSED}
)


class ReportAction(StrEnum):
    """What somebody does to a report."""

    SAVE = "save"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    HEAD_RETURN = "head_return"
    APPROVE = "approve"
    RETURN = "return"
    ACCEPT = "accept"
    RECTIFY = "rectify"
    FEEDBACK = "feedback"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Report:
    """The present state of one (department, round). ``version`` counts versions handed to the head, 0 before."""

    department_id: str
    round: MonitoringRound
    state: ReportState = ReportState.NOT_STARTED
    version: int = 0
    filed_at: datetime | None = None
    filed_by: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """What the department has typed so far: one per (department, round), shared by its budget office.

    ``basis`` is the filed version of each 附表1 it was drawn from; ``revision`` guards against two devices;
    ``proposals`` are readings waiting for a yes, as in regulation.filing.Draft."""

    department_id: str
    round: MonitoringRound
    base_version: int
    entries: tuple[tuple[str, Entry], ...] = ()
    proposals: tuple[tuple[str, tuple[str, str]], ...] = ()
    basis: tuple[tuple[str, int], ...] = ()
    revision: int = 0
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyChange:
    """Somebody put a project on the list of key projects, took it off, or changed why it is there (第五条(二))."""

    project_id: str
    is_key: bool
    basis: KeyBasis | None
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ReportReturn:
    """Finance sent that version back with a day of its own (第十六条): until then the department is not late for it."""

    department_id: str
    round: MonitoringRound
    version: int
    due: date
    reason: str
    by: str
    at: datetime


def refiled_late(report: Report, back: ReportReturn | None, day: date, *, late: bool) -> bool:
    """Whether a report filed on ``day`` is 逾期: one that finance had sent back keeps what it was the first time while
    the day it was given has not passed; ``late`` is what the department's own deadline says."""
    if back is None or report.filed_at is None or day > back.due:
        return late
    return report.late


#: state -> action -> state after it; what is not listed is not allowed. Who may act is decided elsewhere.
#:
#: How it works. The draft lives beside the report. SUBMIT freezes a version and puts it before the head, who
#: APPROVEs it (filed with finance) or sends it back to the office (HEAD_RETURN): nothing changes under his eyes.
#: The office may WITHDRAW what the head has not decided, and what finance has not decided. Finance accepts,
#: returns for changes, or orders rectification: the department answers (FEEDBACK) until finance closes it.
#: 审核通过 may still be opened by finance. 办结 is final.
REPORT_TRANSITIONS: Mapping[ReportState, Mapping[ReportAction, ReportState]] = {
    ReportState.NOT_STARTED: {
        ReportAction.SAVE: ReportState.DRAFT,
        ReportAction.SUBMIT: ReportState.AWAITING_HEAD,
    },
    ReportState.DRAFT: {
        ReportAction.SAVE: ReportState.DRAFT,
        ReportAction.SUBMIT: ReportState.AWAITING_HEAD,
    },
    ReportState.AWAITING_HEAD: {
        ReportAction.WITHDRAW: ReportState.DRAFT,
        ReportAction.HEAD_RETURN: ReportState.DRAFT,
        ReportAction.APPROVE: ReportState.FILED,
    },
    ReportState.FILED: {
        ReportAction.WITHDRAW: ReportState.DRAFT,
        ReportAction.RETURN: ReportState.RETURNED,
        ReportAction.ACCEPT: ReportState.APPROVED,
        ReportAction.RECTIFY: ReportState.RECTIFYING,
    },
    ReportState.RETURNED: {
        ReportAction.SAVE: ReportState.RETURNED,
        ReportAction.SUBMIT: ReportState.AWAITING_HEAD,
    },
    ReportState.APPROVED: {
        ReportAction.RETURN: ReportState.RETURNED,
        ReportAction.RECTIFY: ReportState.RECTIFYING,
    },
    ReportState.RECTIFYING: {
        ReportAction.FEEDBACK: ReportState.RECTIFYING,
        ReportAction.CLOSE: ReportState.CLOSED,
    },
    ReportState.CLOSED: {},
}

REPORT_STATE_LABELS = {
    ReportState.NOT_STARTED: "待汇总",
    ReportState.DRAFT: "草稿",
    ReportState.AWAITING_HEAD: "待领导确认",
    ReportState.FILED: "已报送财政",
    ReportState.RETURNED: "退回",
    ReportState.APPROVED: "审核通过",
    ReportState.RECTIFYING: "整改中",
    ReportState.CLOSED: "办结",
}

REPORT_ACTION_LABELS = {
    ReportAction.SAVE: "保存",
    ReportAction.SUBMIT: "报负责人审",
    ReportAction.WITHDRAW: "撤回",
    ReportAction.HEAD_RETURN: "负责人退回",
    ReportAction.APPROVE: "同意报送",
    ReportAction.RETURN: "财政退回",
    ReportAction.ACCEPT: "审核通过",
    ReportAction.RECTIFY: "整改通知",
    ReportAction.FEEDBACK: "整改反馈",
    ReportAction.CLOSE: "复核办结",
}

#: states in which the department still owes its report to finance.
OWED = frozenset(
    {ReportState.NOT_STARTED, ReportState.DRAFT, ReportState.AWAITING_HEAD, ReportState.RETURNED}
)

#: states in which finance may read the filed version; before filing it sees counts only (DOMAIN §4).
SEEN_BY_FINANCE = frozenset(
    {
        ReportState.FILED,
        ReportState.RETURNED,
        ReportState.APPROVED,
        ReportState.RECTIFYING,
        ReportState.CLOSED,
    }
)


def next_report_state(state: ReportState, action: ReportAction) -> ReportState | None:
    """The state after that action, None when the table does not allow it."""
    return REPORT_TRANSITIONS[state].get(action)


def report_diagram() -> str:
    """The table as a mermaid state diagram, for the documents."""
    names = [f'    state "{REPORT_STATE_LABELS[state]}" as {state.value}' for state in ReportState]
    arrows = [
        f"    {state.value} --> {after.value}: {REPORT_ACTION_LABELS[action]}"
        for state, actions in REPORT_TRANSITIONS.items()
        for action, after in actions.items()
    ]
    start = f"    [*] --> {ReportState.NOT_STARTED.value}"
    return "\n".join(("stateDiagram-v2", *names, start, *arrows)) + "\n"
