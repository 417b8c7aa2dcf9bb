"""What the shell needs of storage, platforms and reports, as Protocols in one place."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from bot.cards.card import Attachment, Card
from bot.cards.usage import Usage
from bot.dealings import Dealing
from bot.events import Event
from bot.rulings import Ruling
from bot.turn import Records
from regulation.annexes import Entry
from regulation.basis import Basis
from regulation.deadlines import RoundOverride
from regulation.deviation import Finding
from regulation.execution import Execution
from regulation.filing import Draft, FilingAction, FilingState
from regulation.notices import Notice
from regulation.reporting import KeyChange, ReportAction, ReportDraft, ReportState
from regulation.roster import Person, Project
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


class TakenBatch(Protocol):
    """A batch of execution figures that came before."""

    @property
    def digest(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def at(self) -> datetime: ...


class Tx(Records, Dealing, Ruling, Protocol):
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
    def know_accounts(self, platform: str, others: Mapping[str, str], at: datetime) -> int: ...

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

    # what departments file
    def save_report_draft(self, draft: ReportDraft, at: datetime, by: str) -> None: ...
    def save_report(
        self,
        department_id: str,
        round: MonitoringRound,
        *,
        base_version: int,
        was: ReportState,
        entries: Sequence[tuple[str, Entry]],
        basis: Basis | None,
        action: ReportAction,
        state: ReportState,
        late: bool,
        at: datetime,
        by: str,
    ) -> int: ...  # the version in force; VersionConflict
    def set_key_project(self, change: KeyChange) -> None: ...
    def set_report_late(
        self, department_id: str, round: MonitoringRound, late: bool, at: datetime, by: str
    ) -> None: ...
    # notices to many
    def save_notice(self, written: Notice, action: str, at: datetime, by: str) -> None: ...
    def address_notice(self, notice_id: str, people: Sequence[str], at: datetime, by: str) -> None: ...
    def receive_notice(self, notice_id: str, person_id: str, at: datetime) -> bool: ...
    def resend_notice(self, notice_id: str, at: datetime, by: str) -> int: ...
    def withdraw_notice(self, notice_id: str, at: datetime, by: str) -> int: ...

    # figures from the treasury system
    def projects(self, year: int | None = None) -> Sequence[Project]: ...
    def execution_batch(self, batch: str) -> TakenBatch | None: ...
    def save_execution(self, figures: Sequence[Execution], at: datetime, by: str) -> None: ...

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
    def waiting_behind(self, outbox_id: int, person_id: str) -> Sequence[str]: ...
    def overtaken(self, outbox_id: int, at: datetime) -> None: ...
    def park(self, outbox_id: int, at: datetime, error: str) -> None: ...
    def called(self, token: str, person_id: str) -> str: ...  # the reference under which a card was sent
    def free_claims(self) -> int: ...
    def claim_reply(
        self, key: str, recipient: str, now: datetime, lease_seconds: int
    ) -> Outgoing | None: ...  # waiting and under that key
    def claim_same(
        self, token: str, now: datetime, limit: int, lease_seconds: int
    ) -> Sequence[Outgoing]: ...  # more rows of one announcement
    def release_claim(self, outbox_id: int, now: datetime) -> None: ...
    def mark_read(self, reference: str, recipients: Sequence[str], at: datetime) -> int: ...


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
    replaced: str = (
        ""  # what the platform itself called the message of ``replaces``, as it said when it took it
    )


class SendFailed(Exception):
    """The platform did not take a message. ``outage``: it took nobody's, so this one is never given up (T20)."""

    def __init__(self, code: str, *, retryable: bool, pause_seconds: int = 0, outage: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.retryable = retryable
        self.pause_seconds = pause_seconds
        self.outage = outage


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a delivery, claimed for the platform's own reply to it (the ACK of a card, a passive message)."""

    outbox_id: int
    delivery: Delivery


class Inlet(Protocol):
    """What the shell gives a platform that runs: where deliveries go in."""

    async def receive(
        self, message_id: str, payload: Mapping[str, Any], at: datetime, *, wants_reply: bool = False
    ) -> Reply | None:
        """Keep a delivery and decide. When this returns, everything it caused is committed and the platform may be
        told so; when it raises, nothing was kept and the platform should deliver again. With ``wants_reply`` the
        card that takes the tapped one's place is handed over instead of being sent; None when there is none."""

    def behind(self) -> float:
        """In how many seconds, as things go, a delivery that comes now will be decided."""

    async def keep(self, message_id: str, payload: Mapping[str, Any], at: datetime) -> None:
        """Only keep a delivery whose ``receive`` takes longer than the platform waits: durable when this returns,
        decided once, by that ``receive`` or after a restart."""

    async def replied(self, reply: Reply, reference: str) -> None:
        """The platform took the reply as part of its answer."""

    async def declined(self, reply: Reply) -> None:
        """The reply could not go that way after all: it is sent like any other message, at once."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody in the platform's directory."""

    user_id: str
    name: str
    departments: tuple[str, ...] = ()  # the names the directory uses, for an administrator to compare
    leads: tuple[str, ...] = ()  # those of them the directory says this person leads
    other_id: str = ""  # by which the platform also names this account (unionid)


class Platform(Protocol):
    """One platform: ``read`` is pure, ``send`` and ``send_all`` are its only ways out."""

    @property
    def name(self) -> str: ...
    def read(self, message_id: str, payload: Mapping[str, Any], at: datetime) -> Event: ...
    async def send(self, delivery: Delivery) -> str: ...  # the platform's reference; SendFailed
    async def send_all(self, deliveries: Sequence[Delivery]) -> Sequence[str | SendFailed]:
        """The same card (and the same token) to several people, in as few calls as the platform allows; for each
        its reference or why not. Raises SendFailed when nobody got it."""


class Connected(Platform, Protocol):
    """A platform that runs: it listens until ``stop``, and knows its organisation's directory."""

    #: a plain ASGI application for the platform's HTTP callbacks below /callback/<name>, None when it has none.
    callback: Any

    async def run(self, inlet: Inlet, stop: asyncio.Event) -> None: ...
    async def directory(self) -> Sequence[Contact] | None: ...  # None: cannot be read


class LinkState(StrEnum):
    """How a platform's connection is."""

    STARTING = "starting"  # not yet tried
    UP = "up"
    DOWN = "down"  # tried again by itself
    REFUSED = "refused"  # tried again, rarely: somebody must mend a setting


@dataclass(frozen=True, slots=True)
class Link:
    """``why`` says in a sentence what is wrong, and what to do when somebody must."""

    state: LinkState
    why: str = ""


@runtime_checkable
class Linked(Protocol):
    """A platform that can say how its connection is."""

    @property
    def name(self) -> str: ...
    def link(self) -> Link: ...


@runtime_checkable
class Metered(Protocol):
    """A platform that counts what it costs; its months end."""

    @property
    def name(self) -> str: ...
    def quota(self) -> Usage: ...  # reads the shelf: from a thread


class Shelf(Protocol):
    """What a platform must remember across restarts: tokens, response codes, pending downloads, counted calls. Each
    call is one small transaction; keys are the platform's own. Not for anything the district decides."""

    def get(self, key: str, now: datetime) -> str | None: ...  # None once ``until`` has passed
    def put(self, key: str, value: str, until: datetime | None = None) -> None: ...
    def forget(self, key: str) -> None: ...
    def keys(self, prefix: str) -> Sequence[str]: ...
    def count(self, counter: str, by: int = 1) -> int: ...  # adds and gives the new total
    def counted(self, prefix: str) -> Mapping[str, int]: ...


class Reports(Protocol):
    """Files made at sending time."""

    def render(self, attachment: Attachment, records: Records) -> bytes: ...
