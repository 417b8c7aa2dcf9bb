"""更正: open a filed form again before the round closes; nothing filed is lost, a new version is made."""

from __future__ import annotations

from bot.cards import alerts
from bot.cards import collect as cards
from bot.cards.plain import refusal
from bot.handlers import collect, common
from bot.handlers.filing import refused_correction
from bot.people import Action, may
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.problems import problem


def start(case: Case) -> Turn:
    """更正: the named form, the only filed one, or a choice."""
    if common.names_subject(case.argument):
        return reopen(case, case.argument)
    filed = [d for d in common.mine(case) if d.filing.version > 0]
    if not filed and not case.argument:
        return collect.start(case)
    if not filed:
        return case.say(refusal(problem("form.nothing_filed", round=case.world.round.short)))
    found = [d for d in filed if case.argument in d.project_name]
    if len(found) == 1:
        return reopen(case, common.subject_of(case.world.round, found[0].project_id))
    unknown = () if found else (common.not_found(case, "您能更正"),)
    choices = common.choices(case, found or filed)
    return case.say(*unknown, cards.pick(choices, case.world.round, "更正", "correct"))


def reopen(case: Case, subject: str) -> Turn:
    """The filed answers as a form again, or the sentence why not."""
    form = common.load_form(case, subject)
    if form is None or not may(case.person, Action.FILL, common.permission_subject(case, form.project)):
        return case.say(refusal(problem("person.may_not")))
    refused = refused_correction(case, form)
    if refused:
        return case.say(alerts.closed(refused))
    return case.say(collect.form_card(case, form), session=Session(subject))


HANDLER = Handler(
    name="correct",
    words={"更正": start, "我填错了": start, "填错了": start},
    actions={"correct": start},
)
