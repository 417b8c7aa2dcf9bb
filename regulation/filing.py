"""The life of a unit's 附表1: 未开始→草稿→待单位确认→已报送→(退回)→已接收, as a table (DOMAIN §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from regulation.annexes import Entry
from regulation.rounds import MonitoringRound


class FilingState(StrEnum):
    """Where a unit's form is."""

    NOT_STARTED = "not_started"
    DRAFT = "draft"
    AWAITING_UNIT = "awaiting_unit"
    FILED = "filed"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class FilingAction(StrEnum):
    """What somebody does to a form."""

    SAVE = "save"
    SUBMIT = "submit"
    SUBMIT_TO_HEAD = "submit_to_head"
    CONFIRM = "confirm"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RETURN = "return"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Filing:
    """The present state of one (project, round). ``version`` counts filed versions, 0 before the first."""

    project_id: str
    round: MonitoringRound
    state: FilingState = FilingState.NOT_STARTED
    version: int = 0
    filed_at: datetime | None = None
    filed_by: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers not yet filed: one per (project, round, person), started from filed version ``base_version``.

    ``proposals`` are readings waiting for the person's yes: key -> (canonical value, the question's text)."""

    project_id: str
    round: MonitoringRound
    person_id: str
    base_version: int
    entries: tuple[tuple[str, Entry], ...]
    proposals: tuple[tuple[str, tuple[str, str]], ...] = ()
    revision: int = 0
    updated_at: datetime | None = None


#: state -> action -> state after it; what is not listed is not allowed. Who may act is decided elsewhere.
#:
#: How it works. A draft lives beside the form, so saving moves only a form nobody has filed yet: 未开始 becomes 草稿;
#: a returned form stays 退回 while it is being mended, so that everybody sees it is still owed; a filed form stays
#: 已报送 while a correction is being typed, because the filed version counts until a new one replaces it. Filing has
#: two roads: straight (SUBMIT), or through the unit's head (SUBMIT_TO_HEAD, then CONFIRM). What waits for the head may
#: not change under his eyes: the filler withdraws it first, or the head returns it. Until the department accepts, the
#: unit may correct (a new version, still filed) or withdraw. Once accepted the figures are in 附表2 and 附表3: only the
#: department can open the form again, by returning it.
TRANSITIONS: Mapping[FilingState, Mapping[FilingAction, FilingState]] = {
    FilingState.NOT_STARTED: {
        FilingAction.SAVE: FilingState.DRAFT,
        FilingAction.SUBMIT: FilingState.FILED,
        FilingAction.SUBMIT_TO_HEAD: FilingState.AWAITING_UNIT,
    },
    FilingState.DRAFT: {
        FilingAction.SAVE: FilingState.DRAFT,
        FilingAction.SUBMIT: FilingState.FILED,
        FilingAction.SUBMIT_TO_HEAD: FilingState.AWAITING_UNIT,
    },
    FilingState.AWAITING_UNIT: {
        FilingAction.CONFIRM: FilingState.FILED,
        FilingAction.WITHDRAW: FilingState.DRAFT,
        FilingAction.RETURN: FilingState.RETURNED,
    },
    FilingState.FILED: {
        FilingAction.SAVE: FilingState.FILED,
        FilingAction.CORRECT: FilingState.FILED,
        FilingAction.WITHDRAW: FilingState.DRAFT,
        FilingAction.RETURN: FilingState.RETURNED,
        FilingAction.ACCEPT: FilingState.ACCEPTED,
    },
    FilingState.RETURNED: {
        FilingAction.SAVE: FilingState.RETURNED,
        FilingAction.SUBMIT: FilingState.FILED,
        FilingAction.SUBMIT_TO_HEAD: FilingState.AWAITING_UNIT,
    },
    FilingState.ACCEPTED: {
        FilingAction.RETURN: FilingState.RETURNED,
    },
}

STATE_LABELS = {
    FilingState.NOT_STARTED: "未开始",
    FilingState.DRAFT: "草稿",
    FilingState.AWAITING_UNIT: "待单位确认",
    FilingState.FILED: "已报送",
    FilingState.RETURNED: "退回",
    FilingState.ACCEPTED: "已接收",
}

ACTION_LABELS = {
    FilingAction.SAVE: "保存",
    FilingAction.SUBMIT: "报送",
    FilingAction.SUBMIT_TO_HEAD: "送单位负责人",
    FilingAction.CONFIRM: "确认",
    FilingAction.CORRECT: "更正",
    FilingAction.WITHDRAW: "撤回",
    FilingAction.RETURN: "退回",
    FilingAction.ACCEPT: "接收",
}


def next_state(state: FilingState, action: FilingAction) -> FilingState | None:
    """The state after that action, None when the table does not allow it."""
    return TRANSITIONS[state].get(action)


def diagram() -> str:
    """The table as a mermaid state diagram, for the documents."""
    names = [f'    state "{STATE_LABELS[state]}" as {state.value}' for state in FilingState]
    arrows = [
        f"    {state.value} --> {after.value}: {ACTION_LABELS[action]}"
        for state, actions in TRANSITIONS.items()
        for action, after in actions.items()
    ]
    start = f"    [*] --> {FilingState.NOT_STARTED.value}"
    return "\n".join(("stateDiagram-v2", *names, start, *arrows)) + "\n"
