"""Keeping what somebody answered so far, and saying back what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.effects import Effect, SaveDraft
from bot.forms import Form
from bot.handlers import mending, showing
from bot.sessions import Session
from bot.turn import Case, Turn
from regulation.problems import Problem


def keep(case: Case, form: Form, problems: Mapping[str, Problem]) -> Turn:
    """Save the draft and echo it; the echo carries the revision the saved draft will have."""
    saved = replace(form, draft=replace(form.draft, revision=form.draft.revision + 1))
    wrong = {**mending.unmended(case, saved), **problems}
    card = showing.echo(case, saved, {key: p.text for key, p in wrong.items()})
    draft: Effect = SaveDraft(form.draft)
    return Turn(Session(form.subject), (draft, case.reply(card)))
