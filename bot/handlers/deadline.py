"""期限: by when the form is due, and why that day: article, rule, workdays left."""

from __future__ import annotations

import re

from bot.cards import deadline as cards
from bot.events import Text
from bot.handlers import common
from bot.turn import Case, Duty, Handler, Turn
from regulation.deadlines import Annex
from regulation.roster import Role

#: duties in a department that answer for its dates.
OFFICES = (Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD)
#: a question about the date in a person's own words.
ASKED = re.compile(r"截止|期限|到期|最晚|(?:什么时候|哪天|几号|几月几)")


def show(case: Case) -> Turn:
    """The dates of the round being collected, inside the departments the person works for."""
    mine = common.mine(case)
    inside = _departments(case, mine)
    due = common.deadline(case, case.world.round, *inside)
    left = cards.lead(due, case.at, case.world.workdays)
    owed = sum(d.filing.state not in common.DONE for d in mine)
    late = due.is_late(case.at)
    label = case.world.workdays.label(due.nominal)
    reasons = (*due.explanation, *_of_tables(case, inside))
    return case.say(cards.due(case.world.round, label, reasons, left, owed=owed, asked=bool(mine), late=late))


def _departments(case: Case, mine: list[Duty]) -> tuple[str, ...]:
    """Whose dates count for the person: of their forms, and of what they answer for."""
    records = case.world.records
    units = [d.scope_id for d in case.person.duties if d.role is Role.UNIT_HEAD]
    offices = [d.scope_id for d in case.person.duties if d.role in OFFICES]
    heads = [records.unit(unit).department_id for unit in units]
    return tuple(dict.fromkeys((*common.departments_in(mine), *heads, *offices)))


def _of_tables(case: Case, departments: tuple[str, ...]) -> tuple[str, ...]:
    """What a department set for its own 附表2、3."""
    limits = (case.world.deadline(case.world.round, Annex.DEPARTMENT, each) for each in departments)
    return tuple(f"{limit.annex.label}：{limit.explanation[-1]}" for limit in limits if limit.overall)


def asked(case: Case) -> Turn | None:
    """The same for a line that asks about the date; None for any other line."""
    text = case.event.text if isinstance(case.event, Text) else ""
    return show(case) if len(text) <= 30 and ASKED.search(text) else None


HANDLER = Handler(name="deadline", words={"期限": show, "截止": show}, actions={})
