"""What the shell needs of storage, platforms and reports, as Protocols in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.cards.card import Attachment, Card
from bot.events import Event
from bot.turn import Records
from regulation.annexes import Entry
from regulation.deadlines import RoundOverride
from regulation.deviation import Finding
from regulation.filing import Draft, FilingAction, FilingState
from regulation.roster import Person
from regulation.rounds import MonitoringRound


class Received(Protocol):
    """One row of the durable inbox."""

    @property
    def id(self) -> int: ...
    @property
    def fresh(self) -> bool: ...  # False: this delivery was handled before, do nothing
    @property
    def tries(self) -> int: ...


class Waiting(Protocol):
    """An inbox row whose handling failed and that is to be tried again."""

    @property
    def id(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def payload(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def tries(self) -> int: ...


class Outgoing(Protocol):
    """One claimed outbox row."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def recipient(self) -> str: ...  # person id, or '' when ``address`` is given
    @property
    def address(self) -> str: ...  # platform:user, for people we do not know
    @property
    def card(self) -> str: ...  # JSON of bot.cards.card.dump
    @property
    def token(self) -> str: ...
    @property
    def replaces(self) -> str: ...
    @property
    def tries(self) -> int: ...


class Tx(Records, Protocol):
    """One open transaction: every question of Records, and every change. Each mutator writes its audit row."""

    # durable inbox
    def receive(self, source: str, key: str, payload: str, at: datetime) -> Received: ...
    def handled(self, inbox_id: int) -> None: ...
    def failed(self, inbox_id: int, error: str, *, dead: bool) -> None: ...
    def to_retry(self, limit: int) -> Sequence[Waiting]: ...
    def savepoint(self) -> AbstractContextManager[object]: ...

    # sessions
    def session(self, person_id: str) -> tuple[str | None, int]: ...
    def save_session(self, person_id: str, text: str, turn_was: int) -> None: ...  # LostRace
    def person_by_identity(self, platform: str, user_id: str) -> Person | None: ...

    # the conversation's changes
    def save_draft(self, draft: Draft, at: datetime, by: str) -> None: ...
    def drop_draft(self, project_id: str, round: MonitoringRound, person_id: str) -> None: ...
    def save_figures(
        self,
        project_id: str,
        round: MonitoringRound,
        *,
        base_version: int,
        entries: Sequence[tuple[str, Entry]],
        action: FilingAction,
        state: FilingState,
        late: bool,
        at: datetime,
        by: str,
    ) -> int: ...  # the new version; VersionConflict
    def raise_findings(
        self,
        project_id: str,
        round: MonitoringRound,
        version: int,
        findings: Sequence[Finding],
        at: datetime,
        by: str,
    ) -> None: ...
    def tell(self, finding_ids: Sequence[int], person_id: str, at: datetime) -> None: ...
    def hand_over(self, project_id: str, from_person: str, to_person: str, at: datetime, by: str) -> None: ...
    def pause(self, person_id: str, round: MonitoringRound, at: datetime) -> None: ...
    def act(self, key: str, at: datetime) -> None: ...
    def bind_card(
        self,
        token: str,
        person_id: str,
        name: str,
        subject: str,
        version: int,
        actions: Sequence[str],
        data: str,
        at: datetime,
    ) -> None: ...
    def note(self, by: str, action: str, subject: str, detail: str, at: datetime) -> None: ...

    # what finance decides
    def set_override(self, override: RoundOverride, at: datetime, by: str) -> None: ...
    def set_late(
        self, project_id: str, round: MonitoringRound, late: bool, at: datetime, by: str
    ) -> None: ...

    # outbox
    def enqueue(
        self,
        key: str,
        recipient: str,
        card: str,
        token: str,
        replaces: str,
        due: datetime,
        *,
        address: str = "",
    ) -> bool: ...  # False when (key, recipient) exists
    def claim(self, now: datetime, limit: int, lease_seconds: int) -> Sequence[Outgoing]: ...
    def sent(self, outbox_id: int, at: datetime, reference: str) -> None: ...
    def retry(self, outbox_id: int, at: datetime, error: str) -> None: ...
    def park(self, outbox_id: int, at: datetime, error: str) -> None: ...
    def free_claims(self) -> int: ...


class Store(Protocol):
    """Where everything is kept."""

    def begin(self) -> AbstractContextManager[Tx]: ...
    def read(self) -> AbstractContextManager[Tx]: ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as a platform gets it: to whom there, the card with its token, the rendered files."""

    user_id: str
    card: Card
    token: str
    key: str  # the platform's own duplicate check is keyed by this
    replaces: str
    files: Mapping[str, bytes]  # Attachment.name -> bytes
    at: datetime


class SendFailed(Exception):
    """The platform did not take a message."""

    def __init__(self, code: str, *, retryable: bool, pause_seconds: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.retryable = retryable
        self.pause_seconds = pause_seconds


class Platform(Protocol):
    """One connected platform: ``read`` is pure, ``send`` is its only way out."""

    @property
    def name(self) -> str: ...
    def read(self, message_id: str, payload: Mapping[str, Any], at: datetime) -> Event: ...
    async def send(self, delivery: Delivery) -> str: ...  # the platform's reference; SendFailed


class Reports(Protocol):
    """Files made at sending time."""

    def render(self, attachment: Attachment, records: Records) -> bytes: ...
