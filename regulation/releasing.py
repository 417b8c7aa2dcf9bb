"""Publishing what was monitored: proposed by one person of the department, let out by another (办法 第十七条; A11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from regulation.rounds import MonitoringRound


class ReleaseState(StrEnum):
    """Where a package is."""

    PROPOSED = "proposed"
    RELEASED = "released"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Release:
    """One frozen package of one department and round. ``version`` is that of the report it was drawn from, ``digest``
    the SHA-256 of its bytes."""

    department_id: str
    round: MonitoringRound
    version: int
    digest: str
    size: int
    proposed_by: str
    proposed_at: datetime
    state: ReleaseState = ReleaseState.PROPOSED
    decided_by: str = ""
    decided_at: datetime | None = None


RELEASE_LABELS: Mapping[ReleaseState, str] = {
    ReleaseState.PROPOSED: "待第二人确认",
    ReleaseState.RELEASED: "已同意公开",
    ReleaseState.REFUSED: "未同意",
}
