"""What a conversation file needs of the place it is played on: the simulator's Stage, or a platform with a sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bot.law import Law
from platforms.simulator.phones import Seen
from storage.store import Store


class Screens(Protocol):
    """What all phones have shown, in the order it happened; ``Seen.card`` is neutral on every platform."""

    def length(self) -> int: ...
    def messages(self, user: str) -> Sequence[Seen]: ...
    def everything(self, after: int = 0) -> Sequence[Seen]: ...


class Named(Protocol):
    """A platform as the roster names it."""

    @property
    def name(self) -> str: ...


class Playable(Protocol):
    """``reopen`` ends the application as a crash would and builds it anew from its database. ``deliver`` takes the
    simulator's payloads (platforms.simulator.reading) and returns when everything that came of one is on the phones."""

    law: Law
    folder: Path  # where its database, its clock and its own rules lie

    @property
    def store(self) -> Store: ...
    @property
    def phones(self) -> Screens: ...
    @property
    def platform(self) -> Named: ...
    def now(self) -> datetime: ...
    def reopen(self) -> None: ...
    def close(self) -> None: ...
    def set_fault(self, name: str) -> str: ...
    def has_account(self, user: str, has: bool) -> None: ...  # in the platform's own organisation
    async def set_clock(self, at: datetime) -> None: ...
    async def deliver(self, payload: dict[str, Any], *, times: int = 1) -> None: ...
    async def mark_read(self, user: str) -> None: ...  # everything on that phone has been looked at
