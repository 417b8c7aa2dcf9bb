"""Figures came and could be meant for several forms: which one is asked, and the line is kept until that is said."""

from __future__ import annotations

from bot.cards import collect as cards
from bot.cards.plain import refusal
from bot.handlers import common
from bot.sessions import Session
from bot.turn import Case, Duty, Turn
from regulation.filing import FilingState
from regulation.problems import problem

#: how ``Session.asking`` begins while a line waits for its form; the line follows.
WAITING = "line:"
#: what is filed and not yet with the department for good: whoever sends figures may mean to correct it.
_CORRECTABLE = (FilingState.FILED, FilingState.AWAITING_UNIT)


def only_owed(case: Case) -> str:
    """The subject of the one form such a line can be meant for, '' when there are several or none (F15)."""
    owed = common.mine(case, owing_only=True)
    sure = len(owed) == 1 and not _filed(case)
    return common.subject_of(case.world.round, owed[0].project_id) if sure else ""


def which(case: Case, line: str) -> Turn:
    """Never guessed: the forms still owed to fill in, those filed to correct."""
    owed, filed = common.mine(case, owing_only=True), _filed(case)
    asked = refusal(problem("form.none_in_focus"))
    if not owed and not filed:
        return case.say(asked)
    choices = (*common.choices(case, owed), *common.choices(case, filed))
    return case.say(cards.which(choices, len(owed), case.world.round), session=Session(asking=WAITING + line))


def waiting(case: Case) -> str:
    """The line that waits for its form."""
    found = case.session.asking
    return found.removeprefix(WAITING) if found.startswith(WAITING) else ""


def _filed(case: Case) -> list[Duty]:
    return [duty for duty in common.mine(case) if duty.filing.state in _CORRECTABLE]
