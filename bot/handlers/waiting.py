"""What waits for this person's word: forms of their unit, their department's 附表2、3; saying so opens the card, and
only its button acts."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cards import remind
from bot.cards.card import Card
from bot.cards.plain import told
from bot.events import Text
from bot.handlers import approve, common, confirming, desks, halfway
from bot.people import Action, may
from bot.turn import Case, Duty, Handler, Turn
from regulation.filing import FilingState
from regulation.folding import fold
from regulation.reporting import ReportState
from regulation.roster import Role

DECIDING = (Role.UNIT_HEAD, Role.DEPARTMENT_HEAD)
WORD = re.compile(r"(?:我?同意|我?确认|可以|退回)(?:报送|说明)?了?[。.!！~]*")


def said(case: Case) -> Turn | None:
    """同意, 确认, 退回 without a card and with no form begun; None for other lines and who has nothing to decide."""
    if not isinstance(case.event, Text) or not WORD.fullmatch(fold(case.event.text).strip()):
        return None
    if (form := halfway.opened(case)) and common.drafted(case, form):
        return None
    return show(case) if any(duty.role in DECIDING for duty in case.person.duties) else shown(case)


def shown(case: Case) -> Turn | None:
    """The card with the button, a list where several forms wait; None where nothing does."""
    waiting, reports = forms(case), [_report(case, each) for each in _departments(case)]
    if len(waiting) == 1 and not reports:
        subject = common.subject_of(case.world.round, waiting[0].project_id)
        return confirming.ask_again(replace(case, bound=None, argument=subject))
    cards = [*_lists(case, waiting), *reports]
    return case.say(*cards) if cards else None


def show(case: Case) -> Turn:
    """The button of 进度 and of the menu."""
    case = replace(case, bound=None)  # the tapped card stays
    nothing = told("没有等您定的", "有表等您定时，会发卡片给您。")
    return shown(case) or case.say(nothing)


def forms(case: Case, unit_id: str = "") -> list[Duty]:
    """The forms that wait for this person's 确认报送, of that unit or of all they answer for today."""
    records, round = case.world.records, case.world.round
    units = [unit for unit in _units(case) if unit_id in ("", unit)]
    duties = (d for unit in units for d in records.duties(round, unit_id=unit))
    return [d for d in duties if d.filing.state is FilingState.AWAITING_UNIT and _may_confirm(case, d)]


def _units(case: Case) -> list[str]:
    """The units this person heads, and those whose head they stand in for today."""
    people = (case.person, *filter(None, map(case.world.records.person, common.covered(case))))
    heads = (duty for person in people for duty in person.duties if duty.role is Role.UNIT_HEAD)
    return list(dict.fromkeys(duty.scope_id for duty in heads))


def _may_confirm(case: Case, duty: Duty) -> bool:
    project = case.world.records.project(duty.project_id)
    if project is None:
        return False
    where = common.permission_subject(case, project, duty.filing, case.world.round)
    return may(case.person, Action.CONFIRM, where)


def _lists(case: Case, waiting: list[Duty]) -> list[Card]:
    """One list per unit."""
    return [_list(case, unit, [d for d in waiting if d.unit_id == unit]) for unit in _each(waiting)]


def _each(waiting: list[Duty]) -> dict[str, None]:
    return dict.fromkeys(duty.unit_id for duty in waiting)


def _list(case: Case, unit_id: str, waiting: list[Duty]) -> Card:
    round = case.world.round
    named = tuple((common.subject_of(round, d.project_id), d.project_name) for d in waiting)
    due = common.due_words(case, round, *common.departments_in(waiting))
    return remind.awaiting(due, case.world.records.unit(unit_id).name, named)


def _departments(case: Case) -> list[str]:
    """The departments this person heads whose 附表2、3 wait for them."""
    records, round = case.world.records, case.world.round
    heads = [duty.scope_id for duty in case.person.duties if duty.role is Role.DEPARTMENT_HEAD]
    return [each for each in heads if records.report(each, round).state is ReportState.AWAITING_HEAD]


def _report(case: Case, department_id: str) -> Card:
    desk = desks.load(case, common.subject_of(case.world.round, department_id))
    return approve.head_again(case, desk)


HANDLER = Handler(name="waiting", words={}, actions={"awaiting": show})
