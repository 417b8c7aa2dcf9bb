"""退回: a reason that points at a field and a new date; the filler mends it in place (第八条(二), UX B2)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

from bot.cards import review as cards
from bot.cards.card import Card
from bot.cards.plain import refusal, told
from bot.cards.words import short
from bot.effects import Effect, Send, SendBack
from bot.events import Text
from bot.forms import Form
from bot.handlers import common, mending, showing
from bot.handlers.confirming import opened_form
from bot.people import Action
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation import returns
from regulation.annexes import FieldKind
from regulation.covers import coverer
from regulation.deadlines import Annex, Deadline
from regulation.deviation import Level
from regulation.filing import STATE_LABELS, Filing, FilingState
from regulation.folding import clean_text, fold
from regulation.problems import Problem, problem
from regulation.returns import Return

ASKING = "return"
#: how somebody says they do not want to after all.
GIVEN_UP = re.compile(r"(?:算了|取消|不退|不用|先不)")
_DATE = re.compile(r"(?:^|[\s，,])(?:(20\d\d)[年/-])?(\d{1,2})[月/-](\d{1,2})日?(?:前|之前|前改好)?$")
_FIELD = re.compile(r"([^\s:：，,]+)[\s:：，,]+(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to send back: answers as they were given."""

    field: str
    reason: str
    due: str


def ask(case: Case) -> Turn:
    """Where, why and until when? Anything may be chosen on the card or said in one line."""
    found = _found(case, case.argument)
    if isinstance(found, Problem):
        return case.say(refusal(found))
    wish = Wish(_worst(case, found), "", "")
    return case.say(_card(case, found, wish, {}), session=Session(found.subject, ASKING))


def send_back(case: Case) -> Turn:
    """The card came back with its answers."""
    found = _found(case, case.bound.subject if case.bound else "")
    if isinstance(found, Problem):
        return case.say(refusal(found))
    field = case.answers.get("field", "").strip()
    named = _names(found).get(fold(field), field)
    return _ask_sure(case, found, Wish(named, case.answers.get("reason", ""), case.answers.get("due", "")))


def said(case: Case) -> Turn | None:
    """The same in one line: ``2 和合同数对不上 10月15日``; None when nothing is being sent back."""
    if case.session.asking != ASKING or not isinstance(case.event, Text):
        return None
    found = _found(case, case.session.subject)
    if isinstance(found, Problem):
        return case.say(refusal(found), session=Session())
    text = clean_text(case.event.text).strip()
    if GIVEN_UP.match(text):
        return case.say(told("没有退回", "这张表没有改动。"), session=Session())
    dated = _DATE.search(fold(text))
    rest = text[: dated.start()].rstrip() if dated else text
    field, reason = _pointed(found, rest)
    return _ask_sure(case, found, Wish(field, reason, dated[0].strip(" ，,") if dated else ""))


def _ask_sure(case: Case, form: Form, wish: Wish) -> Turn:
    """A line may have been meant otherwise, and a return cannot be taken back: what was read is shown first."""
    read = _read(case, form, wish)
    if isinstance(read, Turn):
        return read
    card = cards.sure(
        form.project.name,
        form.unit_name,
        mending.label_of(form, read.field),
        read.reason,
        _until(case, form, read),
        subject=form.subject,
        version=read.version,
        data=json.dumps([wish.field, wish.reason, wish.due], ensure_ascii=False),
    )
    return case.say(card, session=Session(form.subject))


def sure(case: Case) -> Turn:
    """确认退回: what was shown, by the server's own record."""
    bound = case.bound
    found = _found(case, bound.subject if bound else "")
    if isinstance(found, Problem) or bound is None or not bound.data:
        return case.say(refusal(found if isinstance(found, Problem) else problem("card.unknown")))
    if found.draft.base_version != bound.version:
        return case.say(refusal(problem("card.stale"), title="这张卡是旧的"))
    return _send(case, found, Wish(*json.loads(bound.data)))


def _found(case: Case, subject: str) -> Form | Problem:
    """The form, when it waits for this person: for the unit's head before it is filed, for the office afterwards."""
    opened = opened_form(case, Action.CONFIRM, subject)
    if not isinstance(opened, Problem) and opened[2].state is FilingState.AWAITING_UNIT:
        return common.filed_form(case, opened[0], opened[1])
    reviewed = opened_form(case, Action.REVIEW, subject)
    if isinstance(reviewed, Problem):
        return reviewed if isinstance(opened, Problem) else _not_now("form.not_awaiting", opened[2])
    project, round, present = reviewed
    if present.state not in (FilingState.FILED, FilingState.ACCEPTED):
        return _not_now("form.not_filed", present)
    return common.filed_form(case, project, round)


def _not_now(code: str, present: Filing) -> Problem:
    return problem(code, state=STATE_LABELS[present.state])


def _card(case: Case, form: Form, wish: Wish, problems: dict[str, str]) -> Card:
    workdays, today = case.world.workdays, case.at.date()
    days = () if _inside(case, form) else returns.days_offered(_limit(case, form), today, workdays)
    usual = returns.usual_due(_limit(case, form), today, workdays) if days else None
    return cards.sending_back(
        form.project.name,
        form.unit_name,
        fields=[("", mending.WHOLE), *((key, short(mending.label_of(form, key), 20)) for key in _keys(form))],
        field=wish.field,
        days=[(day.isoformat(), workdays.label(day)) for day in days],
        day=wish.due or (usual.isoformat() if usual else ""),
        reason=wish.reason,
        problems=problems,
        subject=form.subject,
        version=form.draft.base_version,
    )


def _send(case: Case, form: Form, wish: Wish) -> Turn:
    """Back it goes, or the card again with the sentence where something is missing."""
    back = _read(case, form, wish)
    return back if isinstance(back, Turn) else Turn(Session(), (SendBack(back), *_told(case, form, back)))


def _read(case: Case, form: Form, wish: Wish) -> Return | Turn:
    """The return as it was wished, or the card again."""
    reason, today = clean_text(wish.reason).strip(), case.at.date()
    inside = _inside(case, form)
    due = None if inside else _due(case, form, wish.due)
    problems: dict[str, str] = {}
    if isinstance(due, Problem):
        problems["due"], due = due.text, None
    if wish.field not in ("", *_keys(form)):
        problems["field"] = problem("return.no_field", text=short(wish.field, 20)).text
    refused = returns.refused(reason, due, _limit(case, form), today, case.world.workdays)
    if refused:
        problems["due" if refused.code == "return.bad_date" else "reason"] = refused.text
    if problems:
        return case.say(_card(case, form, wish, problems), session=Session(form.subject, ASKING))
    version = form.draft.base_version
    return Return(form.project.id, form.round, version, case.at, case.person.id, wish.field, reason, due)


def _until(case: Case, form: Form, back: Return) -> str:
    if back.due:
        return f"{case.world.workdays.label(back.due)}前改好再报"
    return common.due_of(case, form.project, form.round)


def _told(case: Case, form: Form, back: Return) -> tuple[Effect, ...]:
    """The filler, or who stands in for them, and whoever filed it if that is somebody else; then the office."""
    records = case.world.records
    filler = coverer(records.covers(case.at.date()), form.project.filler_id)
    people = {filler, records.filing(form.project.id, form.round).filed_by} - {"", case.person.id}
    label = mending.label_of(form, back.field)
    until = _until(case, form, back)
    why = f"{case.person.name}：{back.reason}"
    value = mending.shown_value(form, back.field)
    card = cards.sent_back(form.project.name, label, value, why, until, form.subject)
    key = f"returned:{form.subject}:v{back.version}"
    names = "、".join(p.name for p in map(records.person, sorted(people)) if p)
    done = cards.returned(form.project.name, names, until, inside=back.due is None)
    due = case.world.disturbable(case.at)
    return (*(Send(person, card, key, due=due) for person in sorted(people)), case.reply(done))


def _inside(case: Case, form: Form) -> bool:
    """Whether it has not left the unit yet: its head sends it back without a date of its own."""
    return case.world.records.filing(form.project.id, form.round).state is FilingState.AWAITING_UNIT


def _limit(case: Case, form: Form) -> Deadline:
    return case.world.deadline(form.round, Annex.DEPARTMENT, common.department_of(case, form.project))


def _due(case: Case, form: Form, text: str) -> date | Problem:
    """The chosen day, a day in words, or the usual one."""
    if not text.strip():
        return returns.usual_due(_limit(case, form), case.at.date(), case.world.workdays)
    found = _DATE.search(fold(text).strip())
    try:
        if found:
            return date(int(found[1] or case.at.year), int(found[2]), int(found[3]))
    except ValueError:
        pass
    return problem("return.unreadable_date", text=short(text, 20))


def _keys(form: Form) -> list[str]:
    """What a return can point at: every number and every text, and a likelihood."""
    return [f.key for f in form.fields if f.kind is not FieldKind.TEXT or f.key in form.filed]


def _pointed(form: Form, text: str) -> tuple[str, str]:
    """The field a line begins with, by its number or its name on the card, and the rest; "" when it names none."""
    found = _FIELD.fullmatch(text)
    key = _names(form).get(fold(found[1])) if found else None
    return (key, found[2].strip()) if found and key is not None else ("", text)


def _names(form: Form) -> dict[str, str]:
    """How a field may be called -> its key."""
    short_names = {showing.short_key(f): f.key for f in form.fields}
    return {mending.WHOLE: ""} | {f.label: f.key for f in form.fields} | short_names


def _worst(case: Case, form: Form) -> str:
    """The field of the gravest finding, chosen in advance."""
    found = case.world.records.findings(form.round, project_id=form.project.id)
    red = [r.finding.field for r in found if r.finding.level is Level.RED]
    return next((field for field in red if field in _keys(form)), "")


HANDLER = Handler(
    name="returning", words={}, actions={"return": ask, "send_back": send_back, "send_back_sure": sure}
)
