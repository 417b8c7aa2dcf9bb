"""What every handler needs to know of a subject: its parts, its project, its dates, who may see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from bot import dues, forms
from bot.cards.card import Card
from bot.cards.collect import Choice
from bot.cards.plain import refusal
from bot.people import Subject
from bot.turn import Case, Duty
from regulation.deadlines import Annex, Deadline
from regulation.filing import STATE_LABELS, Draft, Filing, FilingState
from regulation.folding import shorten
from regulation.problems import problem
from regulation.roster import Project, Role
from regulation.rounds import MonitoringRound, parse_round

#: how a subject is written; anything else after a word is part of a project's name.
SUBJECT = re.compile(r"20\d\dQ[23]:[\w.-]{1,64}")
#: the filler has done their part …
DONE = (FilingState.FILED, FilingState.AWAITING_UNIT, FilingState.ACCEPTED)
#: … and has the department's budget office got it.
REACHED = (FilingState.FILED, FilingState.ACCEPTED)


def names_subject(argument: str) -> bool:
    """Whether the words after a command are a subject rather than part of a project's name."""
    return SUBJECT.fullmatch(argument) is not None


def split(subject: str) -> tuple[MonitoringRound, str]:
    """``2026Q3:p017`` -> its round and project id."""
    code, _, project_id = subject.partition(":")
    return parse_round(code), project_id


def subject_of(round: MonitoringRound, project_id: str) -> str:
    """``2026Q3:p017``."""
    return f"{round.code}:{project_id}"


def permission_subject(
    case: Case, project: Project, filing: Filing | None = None, round: MonitoringRound | None = None
) -> Subject:
    """Where an action on this project falls, and who may act in others' places today."""
    records = case.world.records
    unit = records.unit(project.unit_id)
    filed = filing is None or filing.state in DONE
    covers = records.covers(case.at.date())
    heads = {p.id for p in records.people_with(Role.UNIT_HEAD, unit.id)} if covers else set()
    return Subject(
        unit.department_id,
        unit.id,
        project.filler_id,
        filed,
        covers=frozenset(c.cover_id for c in covers if c.person_id == project.filler_id),
        stand_ins=frozenset(s.person_id for s in records.stand_ins(project.id, round or case.world.round)),
        head_covers=frozenset(c.cover_id for c in covers if c.person_id in heads),
    )


def department_of(case: Case, project: Project) -> str:
    """The id of the department a project belongs to."""
    return case.world.records.unit(project.unit_id).department_id


def deadline(case: Case, round: MonitoringRound, *departments: str) -> Deadline:
    """The unit clock of that round, inside those departments: of several the day that comes first (第十八条)."""
    limits = [case.world.deadline(round, Annex.UNIT, each) for each in departments or ("",)]
    return min(limits, key=lambda limit: limit.nominal)


def departments_in(duties: Iterable[Duty]) -> tuple[str, ...]:
    """The departments of these forms, each once."""
    return tuple(dict.fromkeys(duty.department_id for duty in duties))


def due_words(case: Case, round: MonitoringRound, *departments: str) -> str:
    """``10月10日（周六·调休上班）前报送``, or that it is late."""
    limit = deadline(case, round, *departments)
    if limit.is_late(case.at):
        return f"已过 {case.world.workdays.label(limit.last)}期限，仍可填，记为逾期"
    return dues.until(limit, case.at, case.world.workdays, "报送")


def due_of(case: Case, project: Project, round: MonitoringRound) -> str:
    """The same for one project, by the day its own department set."""
    return due_words(case, round, department_of(case, project))


def closing_day(case: Case, round: MonitoringRound) -> date:
    """The last day a filed form can be corrected by the unit itself."""
    return max(case.world.deadline(round, annex).late_after for annex in Annex)


def covered(case: Case) -> list[str]:
    """Whose work the person does today, by leave cover."""
    return [c.person_id for c in case.world.records.covers(case.at.date()) if c.cover_id == case.person.id]


def mine(case: Case, *, owing_only: bool = False) -> list[Duty]:
    """The person's own forms of the round being collected, then those of whom they stand in for."""
    records, round = case.world.records, case.world.round
    people = (case.person.id, *covered(case))
    return [d for who in people for d in records.duties(round, filler_id=who, owing_only=owing_only)]


def choices(case: Case, duties: Iterable[Duty]) -> tuple[Choice, ...]:
    """These forms as a list to choose from."""
    listed = list(duties)
    where = places(case, listed)
    return tuple(
        Choice(subject_of(case.world.round, d.project_id), d.project_name, state_words(d) + where(d))
        for d in listed
    )


def places(case: Case, duties: Iterable[Duty]) -> Callable[[Duty], str]:
    """How a form says which department it belongs to: only where there are several (S14)."""
    names = {d.department_id: case.world.records.department(d.department_id).name for d in duties}
    return lambda duty: f" · {names[duty.department_id]}" if len(names) > 1 else ""


def not_found(case: Case, which: str) -> Card:
    """No form's name holds the words after the command; shown above the forms that do exist."""
    return refusal(problem("form.not_among_yours", words=shorten(case.argument), which=which))


def fillable(case: Case) -> list[Duty]:
    """What the person may fill and nobody has filed: their own forms first, then those of the units they head."""
    owed = mine(case, owing_only=True)
    heads = [d.scope_id for d in case.person.duties if d.role is Role.UNIT_HEAD]
    records, round = case.world.records, case.world.round
    others = [d for unit in heads for d in records.duties(round, unit_id=unit, owing_only=True)]
    known = {d.project_id for d in owed}
    return owed + [d for d in others if d.project_id not in known]


def load_form(case: Case, subject: str, *, standing_in: bool = False) -> forms.Form | None:
    """The form with the person's draft, a fresh one when there is none; None when there is no such form
    or its round has not opened. ``standing_in``: the person begins to fill it for its unit right now."""
    if not names_subject(subject):
        return None
    round, project_id = split(subject)
    records = case.world.records
    project = records.project(project_id)
    if project is None or project.year != round.year or round > case.world.round:
        return None
    filing = records.filing(project_id, round)
    filed = records.entries(project_id, round) if filing.version else {}
    # cumulative figures start anew each year: only a round of the same year is the one before
    same_year = round.previous.year == round.year
    previous = records.entries(project_id, round.previous) if same_year else {}
    known = records.execution(project_id, round)
    kept = records.draft(project_id, round, case.person.id)
    kept = kept or _handed_draft(case, project, round, filing, standing_in=standing_in)
    draft = (
        forms.prefilled(kept, project, known)
        if kept
        else forms.open_draft(
            project,
            round,
            case.person.id,
            base_version=filing.version,
            filed=filed,
            previous=previous,
            known=known,
        )
    )
    return forms.Form(project, records.unit(project.unit_id).name, round, draft, previous, filed, known)


def drafted(case: Case, form: forms.Form) -> Draft | None:
    """The person's own draft of that form, if any is kept."""
    return case.world.records.draft(form.project.id, form.round, case.person.id)


def _handed_draft(
    case: Case, project: Project, round: MonitoringRound, filing: Filing, *, standing_in: bool
) -> Draft | None:
    """What the filler had typed, for whoever acts in their place."""
    if case.person.id == project.filler_id:
        return None
    where = permission_subject(case, project, filing, round)
    if not standing_in and case.person.id not in where.covers | where.stand_ins:
        return None
    theirs = case.world.records.draft(project.id, round, project.filler_id)
    if theirs is None or theirs.base_version != filing.version:
        return None
    return replace(theirs, person_id=case.person.id, revision=0)


def filed_form(case: Case, project: Project, round: MonitoringRound) -> forms.Form:
    """The filed version as a form, its project as it was defined then."""
    records = case.world.records
    filing = records.filing(project.id, round)
    entries = records.entries(project.id, round)
    then = records.definition(project.id, round, filing.version) or project
    previous = records.entries(project.id, round.previous) if round.previous.year == round.year else {}
    draft = Draft(project.id, round, filing.filed_by, filing.version, tuple(entries.items()))
    return forms.Form(then, records.unit(project.unit_id).name, round, draft, previous, entries)


def state_words(duty: Duty) -> str:
    """Where one form is, in words."""
    filing = duty.filing
    if filing.state is FilingState.AWAITING_UNIT:
        return "△ 等单位负责人确认"
    if filing.state in DONE:
        label = STATE_LABELS[filing.state]
        return f"✓ {label} 版本{filing.version}" + ("（逾期）" if filing.late else "")
    if filing.state is FilingState.RETURNED:
        return "△ 已退回，待修改"
    if filing.version:
        return "△ 已撤回，还没有再报"
    return f"填了 {duty.answered} 项，未提交" if duty.answered else "未填"
