"""Filing a complete form: the version, the receipt, and who is told of what deviates (DOMAIN §4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot import forms
from bot.cards import alerts
from bot.cards import collect as cards
from bot.cards.card import Card, Row
from bot.cards.words import clock, figure
from bot.effects import DropDraft, Effect, RaiseFindings, SaveFigures
from bot.forms import Form, Review
from bot.handlers import alerting, common, gathering, heads, sources
from bot.handlers.drafting import keep
from bot.people import Action, may
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.annexes import Entry, Field, draft_deviation
from regulation.filing import Filing, FilingAction, FilingState
from regulation.problems import Problem, problem
from regulation.returns import is_late
from regulation.roster import Project, Role

#: states in which nothing was reported yet, or has to come again.
OPEN = (FilingState.NOT_STARTED, FilingState.DRAFT, FilingState.RETURNED)


def file(case: Case, form: Form, seen: Review) -> Turn:
    """File the form, unless somebody else filed in between or the round has closed; where the unit's head confirms,
    it goes to the head first and nobody outside the unit hears of it."""
    present = case.world.records.filing(form.project.id, form.round)
    if present.version != form.draft.base_version:
        return _conflict(case, form)
    refused = refused_correction(case, form)
    if refused:
        return case.say(alerts.closed(refused))
    action = _road(case, form, present)
    version = present.version + 1
    late = late_now(case, form, present) if action is not FilingAction.CORRECT else present.late
    effects: tuple[Effect, ...] = (
        SaveFigures(
            form.project.id,
            form.round,
            case.person.id,
            form.draft.base_version,
            tuple(_with_facts(form, seen).items()),
            action,
            late=late,
        ),
        *(DropDraft(form.project.id, form.round, who) for who in _drafts_done(case, form, seen)),
    )
    if action is FilingAction.SUBMIT_TO_HEAD:
        return Turn(Session(), (*effects, *heads.asked(case, form, seen, version, late=late)))
    return Turn(
        Session(),
        (
            *effects,
            RaiseFindings(form.project.id, form.round, version, forms.notable(seen)),
            case.reply(_receipt(case, form, seen, version, late=late)),
            *alerting.alerts_of(case, form, seen, version),
            *_told_of(case, form, seen, version, action),
            *sources.changed(case, form, version),
            *(gathering.last_form(case, form.project, form.round, version) if _new(action) else ()),
        ),
    )


def _new(action: FilingAction) -> bool:
    """Whether the department gets the form now rather than a correction of one it has."""
    return action is FilingAction.SUBMIT


def _drafts_done(case: Case, form: Form, seen: Review) -> tuple[str, ...]:
    """Whose drafts hold nothing any more: one's own; in the filler's place also theirs, when all of it is filed."""
    me, filler = case.person.id, form.project.filler_id
    instead = me != filler and (filler in common.covered(case) or standing_for(case, form))
    theirs = case.world.records.draft(form.project.id, form.round, filler) if instead else None
    taken_over = theirs and all(
        key in seen.entries and seen.entries[key].value == entry.value for key, entry in theirs.entries
    )
    return (me, filler) if taken_over else (me,)


def _road(case: Case, form: Form, present: Filing) -> FilingAction:
    """A correction of what is filed, straight to the department, or through the unit's head (decision 0011)."""
    if present.state is FilingState.FILED:
        return FilingAction.CORRECT
    through = case.world.head_confirms and heads.confirmers(case, form.project)
    return FilingAction.SUBMIT_TO_HEAD if through else FilingAction.SUBMIT


def late_now(case: Case, form: Form, present: Filing) -> bool:
    """Whether the form is 逾期 when it reaches the department now."""
    why = case.world.records.last_return(form.project.id, form.round) if present.version else None
    return is_late(present, why, common.deadline(case, form.round), case.at)


def _told_of(case: Case, form: Form, seen: Review, version: int, action: FilingAction) -> Iterator[Effect]:
    """Who of the unit hears that somebody else filed for it, or corrected what its head had confirmed."""
    why = standing_for(case, form)
    if why:
        yield from heads.stood_in(case, form, why, version)
    elif action is FilingAction.CORRECT and case.world.head_confirms:
        yield from heads.corrected(case, form, version, changes(form, seen))


def standing_for(case: Case, form: Form) -> str:
    """The sentence why this person of the budget office fills the form; empty for anybody else."""
    if case.person.id == form.project.filler_id:
        return ""
    those = case.world.records.stand_ins(form.project.id, form.round)
    return next((s.reason for s in those if s.person_id == case.person.id), "")


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
    if present.state in OPEN:
        return None
    if present.state in LOCKED:
        return problem(LOCKED[present.state])
    day = common.closing_day(case, form.round)
    if case.at.date() > day:
        return problem("form.closed", round=form.round.short, date=f"{day.month}月{day.day}日")
    return None


#: states in which the unit cannot change the form by itself, and what is said then.
LOCKED = {FilingState.ACCEPTED: "form.accepted", FilingState.AWAITING_UNIT: "form.awaiting"}


def _receipt(case: Case, form: Form, seen: Review, version: int, *, late: bool) -> Card:
    why = standing_for(case, form)
    return cards.receipt(
        form.project,
        form.round,
        subject=form.subject,
        version=version,
        at=case.at,
        by=signed(case, form.project) if not why else f"{case.person.name} 代{_filler(case, form)}填",
        to=addressee(case, form),
        late_days=_late_days(case, form) if late and _was_open(case, form) else 0,
        next_form=_next(case, form),
        changed=changes(form, seen),
        why=why,
    )


def _was_open(case: Case, form: Form) -> bool:
    """A correction of what came in time is no late filing."""
    return case.world.records.filing(form.project.id, form.round).state in OPEN


def _late_days(case: Case, form: Form) -> int:
    """Calendar days past the date the form was asked for: its own after a return, the unit's otherwise."""
    why = case.world.records.last_return(form.project.id, form.round)
    if why and why.due and case.at.date() > why.due:
        return (case.at.date() - why.due).days
    return common.deadline(case, form.round).days_late(case.at.date())


def signed(case: Case, project: Project) -> str:
    """Who files, and for whom when it is a colleague on leave: ``吴芳（代张敏）``."""
    filler = case.world.records.person(project.filler_id)
    if project.filler_id in common.covered(case) and filler:
        return f"{case.person.name}（代{filler.name}）"
    return case.person.name


def _filler(case: Case, form: Form) -> str:
    filler = case.world.records.person(form.project.filler_id)
    return filler.name if filler else form.unit_name


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


def addressee(case: Case, form: Form) -> str:
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
    if form is None or not may(
        case.person, Action.FILL, common.permission_subject(case, form.project, round=form.round)
    ):
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
