"""The life of a deviation after it was found: 新发现→已阅→处理中→办结 (办法 第五条(三)：结果要应用、及时纠偏)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """Where a finding is."""

    NEW = "new"
    SEEN = "seen"
    IN_HAND = "in_hand"
    DONE = "done"


class StageAction(StrEnum):
    """What somebody responsible does about it."""

    READ = "read"
    TAKE = "take"
    FINISH = "finish"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Tracked:
    """The present stage of one open finding; ``words`` say how it was dealt with, asked for when it is finished."""

    finding_id: int
    stage: Stage = Stage.NEW
    by: str = ""
    at: datetime | None = None
    words: str = ""


#: stage -> action -> stage after it; what is not listed is not allowed. A finding that a later version no longer
#: shows is closed by the figures themselves and leaves this table; one that got worse is a new finding.
TRANSITIONS: Mapping[Stage, Mapping[StageAction, Stage]] = {
    Stage.NEW: {
        StageAction.READ: Stage.SEEN,
        StageAction.TAKE: Stage.IN_HAND,
        StageAction.FINISH: Stage.DONE,
    },
    Stage.SEEN: {StageAction.TAKE: Stage.IN_HAND, StageAction.FINISH: Stage.DONE},
    Stage.IN_HAND: {StageAction.FINISH: Stage.DONE},
    Stage.DONE: {StageAction.REOPEN: Stage.IN_HAND},
}

STAGE_LABELS = {Stage.NEW: "新发现", Stage.SEEN: "已阅", Stage.IN_HAND: "处理中", Stage.DONE: "办结"}
STAGE_ACTION_LABELS = {
    StageAction.READ: "已阅",
    StageAction.TAKE: "我来办",
    StageAction.FINISH: "办结",
    StageAction.REOPEN: "重新办",
}


def next_stage(stage: Stage, action: StageAction) -> Stage | None:
    """The stage after that action, None when the table does not allow it."""
    return TRANSITIONS[stage].get(action)
