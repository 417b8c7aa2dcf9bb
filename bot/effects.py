"""What a decision asks the shell to do, in the imperative; everything in one transaction, sends after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.cards.card import Card
from regulation.annexes import Entry
from regulation.deviation import Finding
from regulation.filing import Draft, FilingAction
from regulation.rounds import MonitoringRound


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep these answers; the filing becomes 草稿 when it was 未开始."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class DropDraft:
    """The person's draft is no longer needed."""

    project_id: str
    round: MonitoringRound
    person_id: str


@dataclass(frozen=True, slots=True)
class SaveFigures:
    """File a version: append the entries and move the state. ``base_version`` is what the person saw."""

    project_id: str
    round: MonitoringRound
    person_id: str
    base_version: int
    entries: tuple[tuple[str, Entry], ...]
    action: FilingAction
    late: bool


@dataclass(frozen=True, slots=True)
class RaiseFindings:
    """These are the findings of that version; earlier ones not among them are closed."""

    project_id: str
    round: MonitoringRound
    version: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class HandOver:
    """The project is now asked of somebody else; an open draft goes along."""

    project_id: str
    from_person: str
    to_person: str


@dataclass(frozen=True, slots=True)
class Pause:
    """The person said 在办: no nagging before the due day of this round."""

    person_id: str
    round: MonitoringRound


@dataclass(frozen=True, slots=True)
class Send:
    """One card to one person, once per (key, person). ``replaces`` is the token of the card it takes the place of
    where the platform can; ``told`` are finding ids this message tells the person of, ``tells`` a subject whose
    open findings it tells of, whatever their ids become. ``due``: not before then, at once when None."""

    to: str
    card: Card
    key: str
    replaces: str = ""
    told: tuple[int, ...] = ()
    tells: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Announce:
    """The same card to many, once per (key, person), under one token that each of them may tap."""

    to: tuple[str, ...]
    card: Card
    key: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acted:
    """A reminder's moment has been acted upon; ``key`` is never acted on again."""

    key: str


@dataclass(frozen=True, slots=True)
class Note:
    """An audit row for something that changed nothing (refused taps, exports)."""

    person_id: str
    action: str
    subject: str
    detail: str


Effect = (
    SaveDraft | DropDraft | SaveFigures | RaiseFindings | HandOver | Pause | Send | Announce | Acted | Note
)
