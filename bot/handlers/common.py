"""What every handler needs to know of a subject: its parts, its project, its dates, who may see it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from bot import forms
from bot.cards.card import Card
from bot.cards.collect import Choice
from bot.cards.plain import refusal
from bot.people import Subject
from bot.turn import Case, Duty
from regulation.deadlines import Annex, Deadline
from regulation.filing import Filing, FilingState
from regulation.folding import shorten
from regulation.problems import problem
from regulation.roster import Project, Role
from regulation.rounds import MonitoringRound, parse_round

#: how a subject is written; anything else after a word is part of a project's name.
SUBJECT = re.compile(r"20\d\dQ[23]:[\w.-]{1,64}")
DONE = (FilingState.FILED, FilingState.AWAITING_UNIT, FilingState.ACCEPTED)


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


def permission_subject(case: Case, project: Project, filing: Filing | None = None) -> Subject:
    """Where an action on this project falls."""
    unit = case.world.records.unit(project.unit_id)
    filed = filing is None or filing.state in DONE
    return Subject(unit.department_id, unit.id, project.filler_id, filed)


def department_of(case: Case, project: Project) -> str:
    """The id of the department a project belongs to."""
    return case.world.records.unit(project.unit_id).department_id


def deadline(case: Case, round: MonitoringRound) -> Deadline:
    """The unit clock of that round."""
    return case.world.deadline(round, Annex.UNIT)


def due_words(case: Case, round: MonitoringRound) -> str:
    """``10月10日（周六·调休上班）前报送``, or that it is late."""
    due = deadline(case, round)
    if due.is_late(case.at):
        return f"已过 {case.world.workdays.label(due.nominal)}期限，仍可填，记为逾期"
    return f"{case.world.workdays.label(due.nominal)}前报送"


def closing_day(case: Case, round: MonitoringRound) -> date:
    """The last day a filed form can be corrected by the unit itself."""
    return max(case.world.deadline(round, annex).late_after for annex in Annex)


def mine(case: Case, *, owing_only: bool = False) -> list[Duty]:
    """The person's own forms of the round being collected."""
    return list(case.world.records.duties(case.world.round, filler_id=case.person.id, owing_only=owing_only))


def choices(case: Case, duties: Iterable[Duty]) -> tuple[Choice, ...]:
    """These forms as a list to choose from."""
    return tuple(
        Choice(subject_of(case.world.round, d.project_id), d.project_name, state_words(d)) for d in duties
    )


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


def load_form(case: Case, subject: str) -> forms.Form | None:
    """The form with the person's draft, a fresh one when there is none; None when there is no such form
    or its round has not opened."""
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
    draft = records.draft(project_id, round, case.person.id) or forms.open_draft(
        project, round, case.person.id, base_version=filing.version, filed=filed, previous=previous
    )
    return forms.Form(project, records.unit(project.unit_id).name, round, draft, previous, filed)


def state_words(duty: Duty) -> str:
    """Where one form is, in words."""
    filing = duty.filing
    if filing.state in DONE:
        return f"✓ 已报送 版本{filing.version}" + ("（逾期）" if filing.late else "")
    if filing.state is FilingState.RETURNED:
        return "△ 已退回，待修改"
    return f"填了 {duty.answered} 项，未提交" if duty.answered else "未填"
