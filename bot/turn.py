"""What a decision may read (World), what it returns (Turn), and what a handler is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.cards.card import Card
from bot.cards.plain import fitting
from bot.dealings import Dealings
from bot.effects import Effect, Send
from bot.events import Event, Filled
from bot.hearing import Heard
from bot.people import only_finance
from bot.rulings import Ruled
from bot.sessions import Session
from regulation.annexes import Entry
from regulation.basis import Basis
from regulation.deadlines import Annex, Deadline, RoundOverride
from regulation.deviation import Finding, Thresholds
from regulation.execution import Execution
from regulation.filing import Draft, Filing, FilingAction
from regulation.notices import Notice, Outcome
from regulation.reporting import KeyChange, Report, ReportDraft
from regulation.roster import Department, FinanceDivision, Person, Project, ResponsibleUnit, Role
from regulation.rounds import MonitoringRound
from regulation.tallies import KnownName, ProjectMoney, UnitCount
from regulation.workdays import Workdays


class Bound(Protocol):
    """What a card's token stands for, read from the server's own row."""

    @property
    def token(self) -> str: ...
    @property
    def person_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def actions(self) -> tuple[str, ...]: ...
    @property
    def data(self) -> str: ...


class Duty(Protocol):
    """One (project, unit, department) of a round with the state of its 附表1."""

    @property
    def project_id(self) -> str: ...
    @property
    def project_name(self) -> str: ...
    @property
    def unit_id(self) -> str: ...
    @property
    def department_id(self) -> str: ...
    @property
    def filler_id(self) -> str: ...
    @property
    def filing(self) -> Filing: ...
    @property
    def answered(self) -> int: ...  # entries in the filler's draft


class Raised(Protocol):
    """An open finding with the row it was stored as."""

    @property
    def id(self) -> int: ...
    @property
    def project_id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def finding(self) -> Finding: ...


class Revision(Protocol):
    """How one filed version came about."""

    @property
    def version(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def by(self) -> str: ...
    @property
    def action(self) -> FilingAction: ...


class Records(Dealings, Ruled, Protocol):
    """Read-only questions about what is stored. Nothing here changes anything."""

    def person(self, person_id: str) -> Person | None: ...
    def people_with(self, role: Role, scope_id: str) -> Sequence[Person]: ...
    def people_of_unit(self, unit_id: str) -> Sequence[Person]: ...
    def unit(self, unit_id: str) -> ResponsibleUnit: ...
    def department(self, department_id: str) -> Department: ...
    def project(self, project_id: str) -> Project | None: ...
    def definition(self, project_id: str, round: MonitoringRound, version: int) -> Project | None: ...
    def filing(self, project_id: str, round: MonitoringRound) -> Filing: ...
    def entries(
        self, project_id: str, round: MonitoringRound, version: int | None = None
    ) -> Mapping[str, Entry]: ...
    def revisions(self, project_id: str, round: MonitoringRound) -> Sequence[Revision]: ...
    def delivery(
        self, source: str, key: str
    ) -> tuple[str, datetime] | None: ...  # its payload, and when it came
    def roster_read(
        self, before: datetime
    ) -> datetime | None: ...  # when the roster in force then was imported
    def draft(self, project_id: str, round: MonitoringRound, person_id: str) -> Draft | None: ...
    def execution(self, project_id: str, round: MonitoringRound) -> Execution | None: ...  # imported figures
    def other_drafts(self, project_id: str, round: MonitoringRound, person_id: str) -> Sequence[Draft]: ...
    def duties(
        self,
        round: MonitoringRound,
        *,
        filler_id: str | None = None,
        unit_id: str | None = None,
        department_id: str | None = None,
        owing_only: bool = False,
    ) -> Sequence[Duty]: ...
    def findings(
        self,
        round: MonitoringRound,
        *,
        project_id: str | None = None,
        department_id: str | None = None,
        untold_to: str | None = None,
    ) -> Sequence[Raised]: ...
    def report(self, department_id: str, round: MonitoringRound) -> Report: ...
    def reports(self, round: MonitoringRound) -> Sequence[Report]: ...
    def report_draft(self, department_id: str, round: MonitoringRound) -> ReportDraft | None: ...
    def report_entries(
        self, department_id: str, round: MonitoringRound, version: int | None = None
    ) -> Mapping[str, Entry]: ...
    def basis(self, department_id: str, round: MonitoringRound) -> Basis: ...
    def basis_at(self, department_id: str, round: MonitoringRound, version: int) -> Basis: ...
    def key_changes(self, project_id: str) -> Sequence[KeyChange]: ...
    def card(self, token: str) -> Bound | None: ...
    def addressed(self, token: str, person_id: str) -> bool: ...  # a card with that token went to them
    def paused(self, person_id: str, round: MonitoringRound) -> bool: ...
    def acted(self, key: str) -> bool: ...
    def last_sent(self, person_id: str, key_prefix: str) -> datetime | None: ...
    def overrides(self) -> Sequence[RoundOverride]: ...

    # a whole round in numbers, and the names people use
    def unit_counts(
        self, round: MonitoringRound, *, department_id: str | None = None
    ) -> Sequence[UnitCount]: ...
    def money(
        self, round: MonitoringRound, *, department_id: str | None = None
    ) -> Sequence[ProjectMoney]: ...
    def names(self, round: MonitoringRound, *, projects: bool) -> Sequence[KnownName]: ...

    # the whole district, and notices to many
    def people(self) -> Sequence[Person]: ...
    def units(self) -> Sequence[ResponsibleUnit]: ...
    def departments(self) -> Sequence[Department]: ...
    def divisions(self) -> Sequence[FinanceDivision]: ...
    def opened_since(self, at: datetime) -> Collection[str]: ...  # who read or said anything
    def notice(self, notice_id: str) -> Notice | None: ...
    def notices_of(self, author_id: str, limit: int) -> Sequence[Notice]: ...
    def notices_since(self, at: datetime) -> Sequence[Notice]: ...
    def notices_due(self, now: datetime) -> Sequence[Notice]: ...
    def notice_meant(self, notice_id: str) -> Sequence[str]: ...
    def notice_outcomes(self, notice_id: str) -> Sequence[Outcome]: ...
    def unanswered_notice(self, person_id: str) -> str: ...  # its id, '' for none


class World(Protocol):
    """Everything a decision may look at: the records, the law in force, and the round's dates."""

    @property
    def records(self) -> Records: ...
    @property
    def round(self) -> MonitoringRound: ...  # the round being collected now (or the last one)
    @property
    def workdays(self) -> Workdays: ...
    @property
    def next_opening(self) -> date: ...  # when the next round opens
    @property
    def head_confirms(self) -> bool: ...  # whether a unit's head confirms before a form is filed
    def heard(self, message: str) -> Heard | None: ...  # the delivery an entry came from, None when not kept
    def rules_of(self, round: MonitoringRound) -> Thresholds: ...  # the lines in force in that round
    def rules_for(
        self, project: Project, round: MonitoringRound
    ) -> Thresholds: ...  # its department may have stricter ones
    def deadline(self, round: MonitoringRound, annex: Annex, department_id: str = "") -> Deadline: ...
    def disturbable(self, at: datetime) -> datetime: ...  # the first moment from ``at`` people are at work


@dataclass(frozen=True, slots=True)
class Turn:
    """A decision: the session afterwards and what is to be done."""

    session: Session
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One event brought before a handler: who verified-ly said it, in which session, on which card, of which world.
    ``argument`` is what followed the word or the action (``p017`` of ``fill:p017``)."""

    event: Event
    person: Person
    session: Session
    world: World
    bound: Bound | None = None
    argument: str = ""

    @property
    def at(self) -> datetime:
        """When it happened, Asia/Shanghai."""
        return self.event.at

    @property
    def answers(self) -> Mapping[str, str]:
        """The inputs sent along with the tap, empty for a bare tap."""
        return self.event.answers if isinstance(self.event, Filled) else {}

    def reply(self, card: Card, part: str = "") -> Send:
        """A card back to the person, once per event; it takes the place of the tapped card where possible."""
        token = self.bound.token if self.bound and not part else ""
        fits = fitting(card, finance=only_finance(self.person))
        return Send(self.person.id, fits, f"reply:{self.event.id}{part}", replaces=token)

    def beside(self, card: Card) -> Send:
        """A card that only shows something: the tapped card with its buttons stays."""
        return Send(self.person.id, card, f"reply:{self.event.id}")

    def say(self, *cards: Card, session: Session | None = None) -> Turn:
        """Nothing but these cards back."""
        sends = tuple(self.reply(card, f":{n}" if n else "") for n, card in enumerate(cards))
        return Turn(self.session if session is None else session, sends)


class Handle(Protocol):
    """What a handler does with a case."""

    def __call__(self, case: Case) -> Turn: ...


@dataclass(frozen=True, slots=True)
class Handler:
    """One intent: the words that call it and the card actions it answers, each with its function."""

    name: str
    words: Mapping[str, Handle]
    actions: Mapping[str, Handle]
