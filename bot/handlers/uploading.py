"""表格填报: the form as a workbook to fill anywhere, and the workbook sent back, read like any other answers."""

from __future__ import annotations

from bot.cards import collect as collect_cards
from bot.cards import tables as cards
from bot.cards.plain import refusal, told
from bot.effects import Effect, Note
from bot.events import Sheet, Uploaded
from bot.handlers import collect, common
from bot.people import Action, may
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.problems import Problem, problem


def offer(case: Case) -> Turn:
    """表格填报: the named form's workbook, the only one's, or a choice."""
    if common.names_subject(case.argument):
        return _one(case, case.argument)
    owed = common.fillable(case)
    found = [d for d in owed if case.argument in d.project_name]
    if len(found) == 1:
        return _one(case, common.subject_of(case.world.round, found[0].project_id))
    if not owed:
        return collect.start(case)
    choices = common.choices(case, found or owed)
    return case.say(collect_cards.pick(choices, case.world.round, "用表格填", "worksheet"))


def _one(case: Case, subject: str) -> Turn:
    form = common.load_form(case, subject)
    if form is None or not may(case.person, Action.FILL, common.permission_subject(case, form.project)):
        return case.say(refusal(problem("person.may_not")))
    card = cards.worksheet(
        form.project.name, form.round, common.due_of(case, form.project, form.round), subject
    )
    return case.say(card, session=Session(subject))


def sent(case: Case) -> Turn | None:
    """A workbook came back; None for any other file."""
    event = case.event
    if not isinstance(event, Uploaded) or event.sheet is None:
        return None
    if event.sheet.refused:
        return case.say(told("这个文件没有收下", event.sheet.refused))
    return _answers(case, event.sheet)


def _answers(case: Case, sheet: Sheet) -> Turn:
    """Whose form it is decides the roster, not the file (X08)."""
    form = common.load_form(case, sheet.subject)
    if form is None or not may(case.person, Action.FILL, common.permission_subject(case, form.project)):
        note: Effect = Note(case.person.id, "workbook.refused", sheet.subject, "")
        return Turn(case.session, (note, case.reply(refusal(problem("workbook.not_yours")))))
    unread = Problem("workbook.rows", "\n".join(sheet.problems)) if sheet.problems else None
    return collect.with_answers(case, form.subject, sheet.answers, unread)


HANDLER = Handler(
    name="uploading", words={"表格填报": offer, "用表格填": offer}, actions={"worksheet": offer}
)
