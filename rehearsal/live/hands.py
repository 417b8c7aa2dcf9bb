"""What a rehearsal needs of a platform's sandbox: people's hands and eyes, as a Protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from platforms.simulator.phones import Seen


@dataclass(frozen=True, slots=True)
class OnPhone:
    """One state of one message on one phone. ``place`` is the message, ``token`` the card it shows ('' when it is no
    card), ``files`` what is attached to the conversation by this message."""

    user: str
    place: str
    token: str
    shown: Mapping[str, Any]
    files: tuple[str, ...] = ()


class NotHere(Exception):
    """Something of a conversation file does not exist on this platform; the text says what."""


class Hands(Protocol):
    """A sandbox with people in it."""

    @property
    def name(self) -> str: ...  # the platform, as identities and inbox name it
    @property
    def settings(self) -> Mapping[str, Any]: ...  # what an operator would set to be connected to the sandbox
    def set_clock(self, at: datetime) -> None: ...
    def has_account(self, user: str, has: bool) -> None: ...  # in the platform's organisation
    async def connected(self) -> None: ...  # returns when the application listens
    async def gone(self) -> None: ...  # returns when the killed application's connection is noticed
    async def do(self, payload: Mapping[str, Any], seen: Seen | None, *, place: str, times: int) -> bool:
        """What one person does (a payload of the simulator), ``seen`` being the card and ``place`` where it stands;
        True when the platform delivered something that the application has not had before. Raises NotHere."""

    async def read(
        self, user: str
    ) -> None: ...  # returns when the application has taken what it was told of it
    def on_phones(self) -> Sequence[OnPhone]: ...  # everything that is or was shown, oldest first
    def lacks(self, card: Mapping[str, Any], on: Sequence[OnPhone]) -> list[str]:
        """What of a neutral card these messages do not show, or show beyond it, one phrase each."""

    @property
    def complaints(self) -> Sequence[str]: ...  # what the vendor's documents do not know
