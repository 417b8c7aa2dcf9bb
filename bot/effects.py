"""What a decision asks the shell to do, in the imperative; everything in one transaction, sends after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.cards.card import Card
from regulation.adjusting import Adjustment, AdjustmentState
from regulation.annexes import Entry
from regulation.basis import Basis
from regulation.covers import CoverState
from regulation.deviation import Finding
from regulation.disposing import DisposalRecord
from regulation.filing import Draft, FilingAction
from regulation.handovers import HandOverAsk, HandOverEnd
from regulation.notices import Notice, NoticeAction
from regulation.proposals import ProposalState
from regulation.rectifying import Rectification
from regulation.releasing import ReleaseState
from regulation.reporting import ReportAction, ReportDraft, ReportReturn, ReportState
from regulation.returns import Return
from regulation.roster import KeyBasis
from regulation.rounds import MonitoringRound
from regulation.tracking import Tracked


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
class AskHandOver:
    """A colleague is asked to take a project; it stays where it is until they do."""

    ask: HandOverAsk


@dataclass(frozen=True, slots=True)
class EndHandOver:
    """They will not, or are not asked any more."""

    ask: HandOverAsk
    end: HandOverEnd


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
class SaveNotice:
    """Keep a notice as it is now; ``action`` names what was done to it."""

    notice: Notice
    action: NoticeAction


@dataclass(frozen=True, slots=True)
class AddressNotice:
    """Exactly these people are meant by it."""

    notice_id: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReceiveNotice:
    """This person pressed 收到."""

    notice_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class ResendNotice:
    """Offer what was given up once more, to nobody who got it (T22)."""

    notice_id: str


@dataclass(frozen=True, slots=True)
class WithdrawNotice:
    """What of it has not gone out yet never will."""

    notice_id: str


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


@dataclass(frozen=True, slots=True)
class SendBack:
    """That version goes back to the unit with its reason."""

    sent_back: Return


@dataclass(frozen=True, slots=True)
class StandIn:
    """This person fills the form for its unit from now on, and why."""

    project_id: str
    round: MonitoringRound
    person_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Nudged:
    """These people were pressed for what they owe in that department or unit."""

    round: MonitoringRound
    scope_id: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskCover:
    """A colleague is asked to stand in from ``first`` to ``last``; ``ask`` is the question, bound to its number."""

    person_id: str
    cover_id: str
    first: date
    last: date
    ask: Send


@dataclass(frozen=True, slots=True)
class MoveCover:
    """Leave cover number so-and-so is agreed, refused or called off."""

    number: int
    was: CoverState
    now: CoverState


@dataclass(frozen=True, slots=True)
class Decide:
    """An administrator's word on what a directory says otherwise."""

    key: str
    state: ProposalState


@dataclass(frozen=True, slots=True)
class SaveReportDraft:
    """Keep what the department's budget office typed; 待汇总 becomes 草稿."""

    draft: ReportDraft


@dataclass(frozen=True, slots=True)
class MoveReport:
    """Move a department's report on. With ``entries`` a version is frozen that rests on ``basis``; ``was`` and
    ``base_version`` are what the person saw."""

    department_id: str
    round: MonitoringRound
    action: ReportAction
    was: ReportState
    base_version: int
    entries: tuple[tuple[str, Entry], ...] = ()
    basis: Basis | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class ChangeKey:
    """Put a project on the list of key projects or take it off, with the reason (第五条(二))."""

    project_id: str
    is_key: bool
    basis: KeyBasis | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnReport:
    """Finance sends a report back with its reason and a day of its own."""

    back: ReportReturn


@dataclass(frozen=True, slots=True)
class Order:
    """Finance orders rectification."""

    made: Rectification


@dataclass(frozen=True, slots=True)
class MoveOrder:
    """The order's next step; ``now.version`` is the one the person saw."""

    now: Rectification


@dataclass(frozen=True, slots=True)
class Request:
    """A department applies for an adjusted target, or announces that it will."""

    made: Adjustment


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """The application's next state; an approved one changes the project."""

    now: Adjustment
    was: AdjustmentState


@dataclass(frozen=True, slots=True)
class Dispose:
    """A decision of people about a project is put on record."""

    made: DisposalRecord


@dataclass(frozen=True, slots=True)
class Track:
    """A deviation has reached this stage; ``subject`` is its form."""

    tracked: Tracked
    subject: str


@dataclass(frozen=True, slots=True)
class ProposeRelease:
    """Draw the package for publication from that version of the report and freeze its bytes."""

    department_id: str
    round: MonitoringRound
    version: int


@dataclass(frozen=True, slots=True)
class DecideRelease:
    """Let a frozen package out, or not."""

    department_id: str
    round: MonitoringRound
    digest: str
    state: ReleaseState


Effect = (
    SaveDraft
    | DropDraft
    | SaveFigures
    | RaiseFindings
    | HandOver
    | AskHandOver
    | EndHandOver
    | Pause
    | Send
    | Announce
    | Acted
    | Note
    | SendBack
    | StandIn
    | Nudged
    | AskCover
    | MoveCover
    | Decide
    | SaveReportDraft
    | MoveReport
    | ChangeKey
    | SaveNotice
    | AddressNotice
    | ReceiveNotice
    | ResendNotice
    | WithdrawNotice
    | ReturnReport
    | Order
    | MoveOrder
    | Request
    | MoveRequest
    | Dispose
    | Track
    | ProposeRelease
    | DecideRelease
)
