"""填报: open a form, take answers by page or by line, echo them, file them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot import forms
from bot.batch import Batch, parse_batch
from bot.cards import alerts
from bot.cards import collect as cards
from bot.cards.card import Card, Input
from bot.cards.plain import refusal
from bot.effects import Acted, Effect
from bot.events import Filled
from bot.forms import Form
from bot.handlers import common, filing, handover, mending, offering, placing, showing
from bot.handlers.drafting import keep
from bot.overdue import opened_key
from bot.people import Action, may
from bot.sessions import Session
from bot.turn import Case, Duty, Handler, Turn
from regulation.folding import shorten
from regulation.problems import Problem, problem
from regulation.returns import Return

#: indicator numbers any form could have.
ANY_POSITION = frozenset(range(1, 100))


def start(case: Case) -> Turn:
    """填报: the named form, the only one owed, or the first owed with a way to the others."""
    if common.names_subject(case.argument):
        return open_form(case, case.argument)
    return _with_questions(case, _named(case))


def _with_questions(case: Case, turn: Turn) -> Turn:
    """What somebody asks this person to take comes along until it is answered."""
    asks = (case.reply(card, f":ask{n}") for n, card in enumerate(handover.questions(case), 1))
    return replace(turn, effects=(*turn.effects, *asks))


def _named(case: Case) -> Turn:
    owed = common.fillable(case)
    if not owed:
        return _nothing(case)
    found = _matching(owed, case.argument)
    if not found:
        unknown = common.not_found(case, "要您填")
        return case.say(unknown, cards.pick(common.choices(case, owed), case.world.round, "填", "fill"))
    return open_form(case, common.subject_of(case.world.round, found[0].project_id))


def pick(case: Case) -> Turn:
    """换个项目: every form still owed."""
    owed = common.fillable(case)
    if not owed:
        return _nothing(case)
    return case.say(cards.pick(common.choices(case, owed), case.world.round, "填", "fill"))


def open_form(case: Case, subject: str) -> Turn:
    """The form card of one subject, with whatever was answered before."""
    form = common.load_form(case, subject)
    if form is None or not _may_fill(case, form):
        return case.say(refusal(problem("person.may_not")))
    key = opened_key(form.round.code, case.person.id)
    first: tuple[Effect, ...] = () if case.world.records.acted(key) else (Acted(key),)
    return Turn(Session(subject), (*first, case.reply(form_card(case, form))))


def check(case: Case) -> Turn:
    """A page of answers came (or 填好了 was tapped): keep them and say what was read."""
    return with_answers(case, _focus(case), case.answers.items())


def line(case: Case) -> Turn | None:
    """A line of chat as answers to the form in focus; None when it is not that."""
    text = getattr(case.event, "text", "")
    form = _form_in_focus(case)
    if form is None:
        return placing.which(case, text) if parse_batch(text, ANY_POSITION).pairs else None
    if not _positions(form, text).pairs and not (
        case.session.subject and parse_batch(text, ANY_POSITION).pairs
    ):
        return None
    return _read(case, form, text)


def place(case: Case) -> Turn:
    """Said which form the line was for: it goes there as if typed now, into a filed one as a correction."""
    form, text = common.load_form(case, case.argument), placing.waiting(case)
    if form is None or not text:
        return open_form(case, case.argument)
    refused = filing.refused_correction(case, form)
    return case.say(alerts.closed(refused)) if refused else _read(replace(case, bound=None), form, text)


def _positions(form: Form, text: str) -> Batch:
    return parse_batch(text, frozenset(i.position for i in form.project.indicators))


def _read(case: Case, form: Form, text: str) -> Turn:
    batch = _positions(form, text)
    unread = problem("form.unread", words=shorten(" ".join(batch.unread), 40)) if batch.unread else None
    return with_answers(case, form.subject, batch.pairs, unread)


def reason(case: Case) -> Turn:
    """One of the offered reasons was tapped."""
    return with_answers(case, _focus(case), (("reason", case.argument),))


def accept(case: Case) -> Turn:
    """对，就按这个: every proposed reading counts from now on."""
    form = common.load_form(case, _focus(case))
    if form is None or not _may_fill(case, form):
        return case.say(refusal(problem("person.may_not")))
    if _stale(case, form):
        return _show_again(case, form)
    return keep(case, forms.accept(form, case.event.id, case.at), {})


def submit(case: Case) -> Turn:
    """确认提交: take what came along, and file when nothing is missing."""
    form = common.load_form(case, _focus(case) or case.session.subject)
    if form is None:
        return case.say(refusal(problem("form.none_in_focus")))
    if not _may_fill(case, form):
        return case.say(refusal(problem("person.may_not")))
    if _already_filed(case, form):
        return case.say(filing.already(case, form))
    if _stale(case, form):
        return _show_again(case, form)
    taken, problems = forms.take(form, _changed(case, form, case.answers), case.event.id, case.at)
    seen = forms.review(taken, case.world.rules_for(taken.project, taken.round), case.at.date())
    if problems or taken.proposals or not seen.complete or mending.unmended(case, taken):
        return keep(case, taken, problems)
    return filing.file(case, taken, seen)


def with_answers(
    case: Case, subject: str, answers: Iterable[tuple[str, str]], unread: Problem | None = None
) -> Turn:
    """Answers to that form, wherever they were written: kept, and said back. ``unread`` stands above them."""
    form = common.load_form(case, subject) if subject else None
    if form is None:
        return case.say(refusal(problem("form.none_in_focus")))
    if not _may_fill(case, form):
        return case.say(refusal(problem("person.may_not")))
    taken, problems = forms.take(form, _changed(case, form, dict(answers)), case.event.id, case.at)
    if _stale(case, form):
        taken = _as_proposals(form, taken)
    if unread:
        problems = {**problems, "": unread}
    return keep(case, taken, problems)


def _changed(case: Case, form: Form, answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """The answers that say something new: an empty input of a page is no answer, and an input sent back as it was
    shown leaves a suggestion a suggestion."""
    page = isinstance(case.event, Filled)
    shown = (
        forms.review(form, case.world.rules_for(form.project, form.round), case.at.date()).entries
        if page
        else {}
    )
    return [
        (key, text)
        for key, text in answers.items()
        if text.strip() and not (key in shown and text.strip() in (shown[key].value, shown[key].text))
    ]


def _as_proposals(before: Form, after: Form) -> Form:
    """Answers from an outdated card never overwrite newer ones: where they differ, the person is asked."""
    old, entries, proposals = before.entries, before.entries, after.proposals
    for key, entry in after.entries.items():
        if key not in old:
            entries[key] = entry
        elif old[key].value != entry.value:
            text = f"旧卡上填的是 {entry.text}，现在记的是 {old[key].text}，改成 {entry.text}？"
            proposals[key] = (entry.value, text)
    draft = replace(after.draft, entries=tuple(entries.items()), proposals=tuple(proposals.items()))
    return replace(after, draft=draft)


def _show_again(case: Case, form: Form) -> Turn:
    stale = refusal(problem("card.stale"), title="这张卡是旧的")
    return case.say(showing.echo(case, form, {}), stale, session=Session(form.subject))


def _already_filed(case: Case, form: Form) -> bool:
    """Nothing was changed since this person's form was filed: there is no draft to file."""
    records = case.world.records
    filed = records.filing(form.project.id, form.round).state in common.DONE
    return filed and form.draft.base_version > 0 and not common.drafted(case, form)


def _stale(case: Case, form: Form) -> bool:
    return case.bound is not None and case.bound.version != form.stamp


def form_card(case: Case, form: Form) -> Card:
    """The questions of one form, answered ones filled in; of a returned one with the reason where it belongs."""
    owed = common.mine(case, owing_only=True)
    why = mending.sent_back(case, form)
    return cards.form(
        form.project,
        form.round,
        due=_until(case, why) if why and why.due else common.due_of(case, form.project, form.round),
        inputs=_inputs(case, form, why),
        ready=showing.ready(form),
        subject=form.subject,
        revision=form.stamp,
        others=len([d for d in owed if d.project_id != form.project.id]),
        correcting=form.draft.base_version > 0,
        returned=mending.words(case, form, why) if why else "",
        offered=handover.offered(case, form.subject),
    )


def _inputs(case: Case, form: Form, why: Return | None) -> tuple[Input, ...]:
    """A form that was never sent back needs no judging to be shown."""
    if why is None:
        return showing.inputs(form)
    seen = forms.review(form, case.world.rules_for(form.project, form.round), case.at.date())
    return showing.inputs(form, mending.at_field(form, why, seen.entries), seen)


def _until(case: Case, why: Return) -> str:
    return f"{case.world.workdays.label(why.due)}前改好再报" if why.due else ""


def _may_fill(case: Case, form: Form) -> bool:
    return may(case.person, Action.FILL, common.permission_subject(case, form.project, round=form.round))


def _focus(case: Case) -> str:
    """The form the tapped card is about, by the server's own record."""
    return case.bound.subject if case.bound else ""


def _form_in_focus(case: Case) -> Form | None:
    """The form being talked about: the one in focus, or the only one it can be."""
    subject = case.session.subject or placing.only_owed(case)
    return common.load_form(case, subject) if subject else None


def _matching(duties: list[Duty], words: str) -> list[Duty]:
    return [d for d in duties if words in d.project_name] if words else duties


def _nothing(case: Case) -> Turn:
    filed = [d for d in common.mine(case) if d.filing.state in common.DONE]
    upcoming = case.world.next_opening
    label = f"{upcoming.year}年{case.world.workdays.label(upcoming)}"
    card = cards.nothing_to_fill(case.world.round, len(filed), label, offering.after_filing(case))
    return case.say(card, session=Session())


HANDLER = Handler(
    name="collect",
    words={
        "填报": start,
        "我要填": start,
        "我来填": start,
        "去填报": start,
        "换个项目": pick,
        "提交": submit,
        "确认提交": submit,
    },
    actions={
        "fill": start,
        "pick": pick,
        "place": place,
        "check": check,
        "submit": submit,
        "accept": accept,
        "reason": reason,
    },
)
