"""What is asked of and told to storage about a unit's dealings with its department: returns, standing in, 催办, leave,
and what directories say otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from regulation.chasing import Nudge
from regulation.covers import Cover, CoverState
from regulation.handovers import HandOverAsk, HandOverEnd
from regulation.proposals import Proposal, ProposalState
from regulation.returns import Return
from regulation.roster import Person
from regulation.rounds import MonitoringRound


class StandIn(Protocol):
    """Somebody of a budget office who fills one form for its unit."""

    @property
    def person_id(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def at(self) -> datetime: ...


class Dealings(Protocol):
    """The questions; part of bot.turn.Records."""

    def returns(self, round: MonitoringRound) -> Sequence[Return]: ...  # those that stand 退回 now
    def last_return(self, project_id: str, round: MonitoringRound) -> Return | None: ...
    def submitted_at(self, project_id: str, round: MonitoringRound) -> datetime | None: ...
    def stand_ins(self, project_id: str, round: MonitoringRound) -> Sequence[StandIn]: ...
    def nudges(self, round: MonitoringRound) -> Sequence[Nudge]: ...
    def typed(self, round: MonitoringRound) -> Mapping[str, datetime]: ...  # last change of an open draft
    def was_read(self, person_id: str, key_prefix: str) -> bool: ...  # where the platform says so
    def cover(self, number: int) -> Cover | None: ...
    def covers(self, day: date) -> Sequence[Cover]: ...  # those that stand on that day
    def covers_of(self, person_id: str, day: date) -> Sequence[Cover]: ...
    def hand_over_asks(self, round: MonitoringRound) -> Sequence[HandOverAsk]: ...  # open ones, oldest first
    def person_by_identity(self, platform: str, user_id: str) -> Person | None: ...
    def proposals(self) -> Sequence[Proposal]: ...  # those nobody has decided
    def proposal(self, key: str) -> Proposal | None: ...


class Dealing(Protocol):
    """The changes; part of bot.ports.Tx."""

    def return_form(self, sent_back: Return) -> None: ...  # VersionConflict
    def stand_in(
        self, project_id: str, round: MonitoringRound, person_id: str, reason: str, at: datetime
    ) -> None: ...
    def nudge(
        self, round: MonitoringRound, scope_id: str, people: Sequence[str], at: datetime, by: str
    ) -> None: ...
    def ask_cover(self, person_id: str, cover_id: str, first: date, last: date, at: datetime) -> int: ...
    def move_cover(
        self, number: int, was: CoverState, now: CoverState, at: datetime, by: str
    ) -> None: ...  # LostRace
    def ask_hand_over(self, ask: HandOverAsk) -> None: ...
    def end_hand_over(
        self, ask: HandOverAsk, end: HandOverEnd, at: datetime, by: str
    ) -> None: ...  # LostRace
    def drop_hand_overs(self, project_id: str) -> None: ...
    def propose(self, platform: str, found: Sequence[Proposal], at: datetime) -> int: ...
    def decide_proposal(
        self, key: str, state: ProposalState, at: datetime, by: str
    ) -> None: ...  # LostRace, IdentityTaken
