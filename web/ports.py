"""What the simulator page needs of a rehearsal: one Protocol and the values it answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class Refused(Exception):
    """Something asked for cannot be done; the text is a sentence for the person at the page (answered as 400)."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """One role of the rehearsal as the left column shows it; an ``extra`` is folded away until asked for."""

    user: str
    name: str
    role: str
    unit: str
    unread: int = 0
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that will happen by itself."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """One entry of a conversation.

    ``mine``: sent by the person; then ``payload`` is the payload that was delivered
    (``{"type": "text" | "tap" | "fill" | "upload" | "join", ...}``) and ``raw`` what it was read as.
    Otherwise ``payload`` is the drawn dict ``{"skin", "messages": [...], "degraded": [...]}`` and ``raw``
    the neutral card. ``used``: a button of it was tapped. ``replaced``: a later message stands in its place.
    ``save_id``: not empty when one can start again right after this message.
    """

    seq: int
    at: datetime
    mine: bool
    payload: Mapping[str, Any]
    raw: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()  # (name, id for ``Stage.file``)
    used: bool = False
    replaced: bool = False
    save_id: str = ""


class Stage(Protocol):
    """A running rehearsal. Anything may raise :class:`Refused`; ids and times from the page are checked here."""

    def now(self) -> datetime: ...

    def clock_label(self) -> str:
        """``2026-10-08 09:00 周四·上班``."""

    def people(self) -> list[PersonView]: ...

    async def deliver(self, payload: dict[str, Any], *, times: int = 1, concurrent: bool = False) -> None:
        """Through read, inbox, decide and flush. The page always sends once; an armed fault repeats it."""

    async def set_clock(self, at: datetime) -> None:
        """Forward only; every planned moment on the way happens."""

    async def advance(self, *, days: int = 0) -> None: ...

    async def next_moment(self) -> None: ...

    def upcoming(self, limit: int) -> list[Moment]: ...

    def messages(self, user: str, skin: str) -> list[MessageView]: ...

    def outbox(self) -> list[dict[str, Any]]:
        """Rows of text, newest first; the keys of the first row are the columns."""

    def inbox(self) -> list[dict[str, Any]]: ...

    def database(self) -> list[dict[str, Any]]:
        """Small tables: ``{"table": name, "rows": [{column: value}]}``."""

    def file(self, file_id: str) -> tuple[str, bytes] | None: ...

    def set_fault(self, name: str) -> str:
        """Arm ``duplicate``, ``reorder``, ``rate_limit``, ``offline`` or ``silent``; what was armed, as a sentence.

        ``expired_card`` and ``wrong_person`` never arrive here: the page itself taps the oldest card again,
        or sends the next tap as somebody else with the same token.
        """

    def faults(self) -> list[str]: ...

    def save(self) -> str: ...

    def saves(self) -> list[tuple[str, str]]:
        """(id, label), newest first."""

    async def restore(self, save_id: str) -> None: ...

    async def reset(self) -> None: ...

    def chat_text(self) -> tuple[str, str]:
        """(file name, the conversation so far as a ``.chat`` test)."""

    def version(self) -> int:
        """Changes whenever anything visible changed."""

    def hints(self) -> list[str]:
        """What a newcomer may click next; empty later on."""

    async def mark_read(self, user: str) -> None: ...
