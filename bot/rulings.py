"""What is asked of and told to storage about what finance orders and decides, and what a department publishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from regulation.adjusting import Adjustment, AdjustmentState
from regulation.disposing import DisposalRecord
from regulation.rectifying import Rectification
from regulation.releasing import Release, ReleaseState
from regulation.reporting import ReportReturn
from regulation.rounds import MonitoringRound
from regulation.tracking import Tracked


class Ruled(Protocol):
    """The questions; part of bot.turn.Records."""

    def report_returns(self, round: MonitoringRound) -> Mapping[str, ReportReturn]: ...  # by department
    def rectification(self, order_id: str) -> Rectification | None: ...
    def rectifications(self, round: MonitoringRound) -> Sequence[Rectification]: ...
    def open_rectifications(self) -> Sequence[Rectification]: ...
    def adjustment(self, adjustment_id: str) -> Adjustment | None: ...
    def adjustments(self, round: MonitoringRound) -> Sequence[Adjustment]: ...
    def disposals(self, round: MonitoringRound) -> Sequence[DisposalRecord]: ...
    def tracked(self, round: MonitoringRound) -> Mapping[int, Tracked]: ...
    def releases(self, department_id: str, round: MonitoringRound) -> Sequence[Release]: ...
    def release_package(self, department_id: str, round: MonitoringRound, digest: str) -> bytes | None: ...
    def known_names(self) -> Sequence[str]: ...  # everybody's, to be kept out of what is published


class Ruling(Protocol):
    """The changes; part of bot.ports.Tx."""

    def return_report(self, back: ReportReturn) -> None: ...
    def order(self, made: Rectification, at: datetime, by: str) -> None: ...
    def move_order(self, now: Rectification, at: datetime, by: str) -> None: ...  # LostRace
    def request_adjustment(self, made: Adjustment, at: datetime, by: str) -> None: ...
    def move_adjustment(
        self, now: Adjustment, was: AdjustmentState, at: datetime, by: str
    ) -> None: ...  # LostRace
    def dispose(self, made: DisposalRecord, at: datetime, by: str) -> None: ...
    def track(self, tracked: Tracked, subject: str, at: datetime, by: str) -> None: ...
    def propose_release(
        self, department_id: str, round: MonitoringRound, version: int, package: bytes, at: datetime, by: str
    ) -> str: ...  # its digest
    def decide_release(
        self,
        department_id: str,
        round: MonitoringRound,
        digest: str,
        state: ReleaseState,
        at: datetime,
        by: str,
    ) -> None: ...  # LostRace
