"""附表1 is open and what came is no answer to it: a nod files nothing, 对 agrees to what was asked, the rest is told
which form is open and how to go on."""

from __future__ import annotations

import re

from bot import forms
from bot.cards import halfway
from bot.cards.collect import REASONS
from bot.events import Text
from bot.forms import Form, Review
from bot.handlers import collect, common
from bot.handlers.drafting import keep
from bot.turn import Case, Turn
from regulation.folding import fold

YES = re.compile(r"(?:对|对的|对就按这个|是|是的|没错)[。.!！~]*")


def said(case: Case) -> Turn | None:
    """对 to a reading that was asked about, or one of the offered reasons in words; None for any other line."""
    form = opened(case)
    if form is None or not isinstance(case.event, Text):
        return None
    text = fold(case.event.text).strip()
    if form.proposals and YES.fullmatch(text.replace(",", "")):
        return keep(case, forms.accept(form, case.event.id, case.at), {})
    if text in REASONS and _asks_why(case, form):
        return collect.with_answers(case, form.subject, (("reason", text),))
    return None


def nodded(case: Case) -> Turn | None:
    """好的 while a form has answers that were not filed: that they are not, and what files them (F15)."""
    form = opened(case)
    if form is None or common.drafted(case, form) is None:
        return None
    seen = _seen(case, form)
    ready = seen.complete and not form.proposals
    return case.say(halfway.not_filed(form.project.name, form.subject, form.stamp, ready=ready))


def lost(case: Case, lead: str) -> Turn | None:
    """Nothing that could be read came while a form is open; None when none is."""
    form = opened(case)
    return case.say(halfway.lost(form.project.name, form.subject, lead)) if form else None


def opened(case: Case) -> Form | None:
    """The form in focus while there is something in it to file."""
    subject = case.session.subject
    form = common.load_form(case, subject) if subject else None
    if form is None:
        return None
    filed = case.world.records.filing(form.project.id, form.round).state in common.DONE
    return None if filed and common.drafted(case, form) is None else form


def _asks_why(case: Case, form: Form) -> bool:
    return "reason" in {known.key for known in _seen(case, form).missing}


def _seen(case: Case, form: Form) -> Review:
    return forms.review(form, case.world.rules_for(form.project, form.round), case.at.date())
