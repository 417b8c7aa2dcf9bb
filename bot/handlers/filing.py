"""Filing a complete form: the version, the receipt, and who is told of what deviates (DOMAIN §4)."""

from __future__ import annotations

from collections.abc import Mapping

from bot import forms
from bot.cards import alerts
from bot.cards import collect as cards
from bot.cards.card import Card, Row
from bot.cards.words import clock, figure
from bot.effects import DropDraft, Effect, RaiseFindings, SaveFigures
from bot.forms import Form, Review
from bot.handlers import alerting, common
from bot.handlers.drafting import keep
from bot.people import Action, may
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.annexes import Entry, Field, draft_deviation
from regulation.filing import FilingAction, FilingState
from regulation.problems import Problem, problem
from regulation.roster import Role

#: states from which another version is a correction.
CORRECTABLE = (FilingState.FILED, FilingState.AWAITING_UNIT)


def file(case: Case, form: Form, seen: Review) -> Turn:
    """File the form, unless somebody else filed in between or the round has closed."""
    present = case.world.records.filing(form.project.id, form.round)
    if present.version != form.draft.base_version:
        return _conflict(case, form)
    refused = refused_correction(case, form)
    if refused:
        return case.say(alerts.closed(refused))
    action = FilingAction.CORRECT if present.state in CORRECTABLE else FilingAction.SUBMIT
    version = present.version + 1
    late = common.deadline(case, form.round).is_late(case.at)
    effects: tuple[Effect, ...] = (
        SaveFigures(
            form.project.id,
            form.round,
            case.person.id,
            form.draft.base_version,
            tuple(_with_facts(form, seen).items()),
            action,
            late=late if present.version == 0 else present.late,
        ),
        DropDraft(form.project.id, form.round, case.person.id),
        RaiseFindings(form.project.id, form.round, version, forms.notable(seen)),
        case.reply(_receipt(case, form, seen, version)),
        *alerting.alerts_of(case, form, seen, version),
    )
    return Turn(Session(), effects)


def _with_facts(form: Form, seen: Review) -> dict[str, Entry]:
    """The entries with 目标偏离情况 drafted from what was judged, printed in front of the reason."""
    facts = draft_deviation(seen.findings)
    drafted = {"deviation": Entry(facts, forms.DRAFTED, forms.latest_message(form))} if facts else {}
    return {**seen.entries, **drafted}


def already(case: Case, form: Form) -> Card:
    """What 确认提交 is answered with when everything is filed already."""
    filed = case.world.records.filing(form.project.id, form.round)
    by = case.world.records.person(filed.filed_by)
    return alerts.already_filed(
        form.project.name,
        form.round,
        form.subject,
        filed.version,
        f"{by.name if by else ''} {clock(filed.filed_at) if filed.filed_at else ''}",
    )


def refused_correction(case: Case, form: Form) -> Problem | None:
    """Why a filed form cannot be changed by the unit any more, or None."""
    present = case.world.records.filing(form.project.id, form.round)
    if present.version == 0 or present.state is FilingState.RETURNED:
        return None
    if present.state is FilingState.ACCEPTED:
        return problem("form.accepted")
    day = common.closing_day(case, form.round)
    if case.at.date() > day:
        return problem("form.closed", round=form.round.short, date=f"{day.month}月{day.day}日")
    return None


def _receipt(case: Case, form: Form, seen: Review, version: int) -> Card:
    limit = common.deadline(case, form.round)
    first = form.draft.base_version == 0  # a correction of what came in time is no late filing
    return cards.receipt(
        form.project,
        form.round,
        subject=form.subject,
        version=version,
        at=case.at,
        by=case.person.name,
        to=_addressee(case, form),
        late_days=limit.days_late(case.at.date()) if first else 0,
        next_form=_next(case, form),
        changed=changes(form, seen),
    )


def changes(form: Form, seen: Review) -> tuple[Row, ...]:
    """What a later version changes, old → new."""
    if not form.filed:
        return ()
    changed = [
        Row(
            "改动",
            f"{known.label} {figure(known, form.filed[known.key].value)} → {figure(known, entry.value)}",
        )
        for known in form.fields
        if (entry := seen.entries.get(known.key)) and _differs(form, known.key, entry)
    ]
    return tuple(changed)


def _differs(form: Form, key: str, entry: Entry) -> bool:
    """Whether a filed answer is another one now; long texts are left to the table."""
    return key in form.filed and form.filed[key].value != entry.value and len(entry.value) <= 20


def _addressee(case: Case, form: Form) -> str:
    department = common.department_of(case, form.project)
    office = case.world.records.people_with(Role.BUDGET_OFFICE, department)
    who = f" {office[0].name}" if office else ""
    return f"{case.world.records.department(department).name} 预算科{who}"


def _next(case: Case, form: Form) -> cards.Choice | None:
    owed = [d for d in common.mine(case, owing_only=True) if d.project_id != form.project.id]
    if not owed:
        return None
    first = owed[0]
    subject = common.subject_of(form.round, first.project_id)
    return cards.Choice(subject, first.project_name, common.state_words(first))


def _conflict(case: Case, form: Form) -> Turn:
    records = case.world.records
    present = records.filing(form.project.id, form.round)
    theirs = records.entries(form.project.id, form.round)
    mine = form.entries
    rows = tuple(
        Row(known.label, f"{_shown(known, theirs)} ｜ {_shown(known, mine)}", "△")
        for known in form.fields
        if known.key in mine and (known.key not in theirs or theirs[known.key].value != mine[known.key].value)
    )
    by = records.person(present.filed_by)
    card = cards.conflict(
        form.project,
        form.subject,
        form.stamp,
        who=by.name if by else "别人",
        at=clock(present.filed_at) if present.filed_at else "",
        rows=rows,
        version=present.version,
    )
    return case.say(card)


def _shown(known: Field, entries: Mapping[str, Entry]) -> str:
    return figure(known, entries[known.key].value) if known.key in entries else "空"


def keep_mine(case: Case) -> Turn:
    """按我的更正: the draft now stands on the filed version, to be checked and confirmed once more."""
    form = common.load_form(case, case.bound.subject if case.bound else "")
    if form is None or not may(case.person, Action.FILL, common.permission_subject(case, form.project)):
        return case.say(alerts.closed(problem("person.may_not")))
    version = case.world.records.filing(form.project.id, form.round).version
    if case.bound is None or case.bound.data != str(version):  # it moved on since it was compared
        return _conflict(case, form)
    return keep(case, forms.rebase(form, version, case.at), {})


def keep_theirs(case: Case) -> Turn:
    """保留已报送的: the person's own draft is dropped, on their word."""
    subject = case.bound.subject if case.bound else ""
    if not common.names_subject(subject):
        return case.say(alerts.closed(problem("card.unknown")))
    round, project_id = common.split(subject)
    drop: Effect = DropDraft(project_id, round, case.person.id)
    return Turn(Session(), (drop, case.reply(alerts.kept(round))))


HANDLER = Handler(name="filing", words={}, actions={"keep_mine": keep_mine, "keep_theirs": keep_theirs})
