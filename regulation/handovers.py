"""A project offered to a colleague: it stays with its filler until they agree (第九条(一): 落实到人)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from regulation.rounds import MonitoringRound


@dataclass(frozen=True, slots=True)
class HandOverAsk:
    """``giver_id`` asked ``taker_id`` to fill that project, and nobody has answered."""

    project_id: str
    round: MonitoringRound
    giver_id: str
    taker_id: str
    at: datetime


class HandOverEnd(StrEnum):
    """How such a question ends without the project changing hands."""

    DECLINED = "decline"
    WITHDRAWN = "withdraw"
