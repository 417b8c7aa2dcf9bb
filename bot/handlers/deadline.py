"""期限: by when the form is due, and why that day: article, rule, workdays left."""

from __future__ import annotations

import re

from bot.cards import deadline as cards
from bot.events import Text
from bot.handlers import common
from bot.turn import Case, Handler, Turn

#: a question about the date in a person's own words.
ASKED = re.compile(r"截止|期限|到期|最晚|(?:什么时候|哪天|几号|几月几)")


def show(case: Case) -> Turn:
    """The dates of the round being collected."""
    due = common.deadline(case, case.world.round)
    left = due.workdays_left(case.at.date(), case.world.workdays)
    mine = common.mine(case)
    owed = sum(d.filing.state not in common.DONE for d in mine)
    late = due.is_late(case.at)
    label = case.world.workdays.label(due.nominal)
    return case.say(
        cards.due(case.world.round, label, due.explanation, left, owed=owed, asked=bool(mine), late=late)
    )


def asked(case: Case) -> Turn | None:
    """The same for a line that asks about the date; None for any other line."""
    text = case.event.text if isinstance(case.event, Text) else ""
    return show(case) if len(text) <= 30 and ASKED.search(text) else None


HANDLER = Handler(name="deadline", words={"期限": show, "截止": show}, actions={})
