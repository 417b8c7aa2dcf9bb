"""Everything that happened so far in the local 企业微信: tokens, messages, codes, media, phones."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import Clock
from sandbox.wecom.corp import Agent, Corp
from sandbox.wecom.faults import Faults, Switches
from sandbox.wecom.phones import Phones
from sandbox.wecom.schema import Checker
from sandbox.wecom.windows import Windows

CODE_HOURS = 72


@dataclass(slots=True)
class Token:
    """An access_token of one secret; the directory's own has no agent."""

    value: str
    agent: Agent | None
    until: datetime
    revoked: int = 0  # the code it is refused with, once the platform took it back


@dataclass(frozen=True, slots=True)
class Sent:
    """One accepted message."""

    msgid: str
    agentid: int
    at: datetime
    kind: str
    userids: tuple[str, ...]
    card: dict[str, Any] | None = None

    @property
    def task_id(self) -> str:
        """Of its card, '' without."""
        return str((self.card or {}).get("task_id", ""))


@dataclass(slots=True)
class Code:
    """A response_code: good once, for one message."""

    msgid: str
    agentid: int
    until: datetime
    used: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """An uploaded file. ``owner`` '' is the organisation, else one webhook or bot."""

    media_id: str
    kind: str
    name: str
    content: bytes = field(repr=False)
    at: datetime
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API, as the referee saw it."""

    path: str
    code: int
    at: datetime
    detail: str = ""


class World:
    """The state. ``complaints`` are the mistakes of the other side that no return code tells it."""

    def __init__(self, corp: Corp, clock: Clock | None = None, switches: Switches | None = None) -> None:
        self.corp = corp
        self.clock = clock or Clock()
        self.switches = switches or Switches()
        self.faults = Faults()
        self.phones = Phones()
        self.windows = Windows()
        self.tokens: dict[str, Token] = {}
        self.sent: dict[str, Sent] = {}
        self.task_ids: set[tuple[int | str, str]] = set()
        self.codes: dict[str, Code] = {}
        self.media: dict[str, Media] = {}
        self.answers: dict[str, tuple[datetime, dict[str, Any]]] = {}  # of requests, for the duplicate check
        self.logins: dict[str, tuple[str, datetime]] = {}  # OAuth code -> userid, until
        self.written: set[tuple[str, str]] = set()  # (bot, who wrote to it): nobody else may be pushed to
        self.groups: dict[str, list[dict[str, Any]]] = {}  # what each webhook's group shows
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.dropped: list[tuple[str, str]] = []  # (userid, msgid) of messages nobody was told about
        self._ids = 0
        self.base = ""  # where this platform is reached, without a final /

    def now(self) -> datetime:
        """The platform's time."""
        return self.clock.now()

    def seconds(self) -> int:
        """The same as the whole seconds of a CreateTime."""
        return self.clock.milliseconds() // 1000

    def refused(self) -> list[Call]:
        """The calls that got a return code."""
        return [call for call in self.calls if call.code]

    def checker(self) -> Checker:
        """Checks one request; what it only complains about is kept."""
        found = Checker(strict=self.switches.strict)
        found.complaints = self.complaints
        return found

    def new_code(self, msgid: str, agentid: int) -> str:
        """A fresh response_code."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(msgid, agentid, self.now() + timedelta(hours=CODE_HOURS))
        return code

    def new_id(self) -> str:
        """A 64-bit number as the text of a MsgId: by the clock, so that a restarted platform repeats none."""
        self._ids += 1
        return str((self.clock.milliseconds() << 20) + self._ids % (1 << 20))
