"""What can happen to the conversation, in the past tense; identity is what the platform verified, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Text:
    """Somebody wrote a line. ``id`` is unique per platform delivery; ``who`` is the platform's user id until the
    shell has replaced it by the person's id."""

    id: str
    who: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Tapped:
    """Somebody tapped a button of the card that carries ``token``. Everything but ``who`` is hostile."""

    id: str
    who: str
    at: datetime
    token: str
    action: str


@dataclass(frozen=True, slots=True)
class Filled:
    """Somebody sent a card's inputs together."""

    id: str
    who: str
    at: datetime
    token: str
    action: str
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the shell read of an uploaded workbook: the form it names, its answers, and what could not be read.
    ``cells`` names the cell each answer stands in (``F12``), ``refused`` is why nothing of it counts."""

    subject: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    refused: str = ""
    cells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Somebody sent something that is not text: ``kind`` file, picture, voice, sticker. ``content`` is what was
    downloaded, empty where the platform did not fetch it; ``sheet`` what the shell read of a workbook."""

    id: str
    who: str
    at: datetime
    kind: str
    name: str = ""
    content: bytes = b""
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody opened the conversation for the first time."""

    id: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WasRead:
    """A message the platform calls ``reference`` was opened by ``readers`` (user ids there); nobody is answered."""

    id: str
    who: str
    at: datetime
    reference: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alarmed:
    """The platform itself is in trouble, and an administrator must know; ``text`` says what and what to do."""

    id: str
    who: str
    at: datetime
    text: str


#: why: the platform kept the content back because the month's pushes are used up.
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A delivery that is not one of the above; ``why`` is for the log."""

    id: str
    who: str
    at: datetime
    why: str


Event = Text | Tapped | Filled | Uploaded | Joined | WasRead | Alarmed | Unreadable
