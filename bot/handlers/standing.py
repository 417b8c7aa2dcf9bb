"""代填: the budget office fills for a unit, says why, and leaves its name (UX B2, S13)."""

from __future__ import annotations

import re

from bot.cards import collect as choosing
from bot.cards import confirm as cards
from bot.cards.card import Card
from bot.cards.plain import refusal, told
from bot.effects import StandIn
from bot.events import Text
from bot.handlers import collect, common
from bot.handlers.confirming import opened_form
from bot.people import Action
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.filing import STATE_LABELS, FilingState
from regulation.folding import clean_text
from regulation.problems import Problem, problem
from regulation.roster import Project, Role
from regulation.rounds import MonitoringRound

ASKING = "stand_in"
#: how somebody says they do not want to after all.
GIVEN_UP = re.compile(r"(?:算了|取消|不代填|不用|先不)")
LEAST = 4
FILLABLE = (FilingState.NOT_STARTED, FilingState.DRAFT, FilingState.RETURNED)


def start(case: Case) -> Turn:
    """Which form, and why?"""
    if common.names_subject(case.argument):
        return _why(case, case.argument)
    scopes = [d.scope_id for d in case.person.duties if d.role is Role.BUDGET_OFFICE]
    if not scopes:
        return case.say(refusal(problem("person.may_not")))
    round = case.world.round
    owed = [d for s in scopes for d in case.world.records.duties(round, department_id=s, owing_only=True)]
    found = [d for d in owed if case.argument in d.project_name]
    if len(found) == 1:
        return _why(case, common.subject_of(round, found[0].project_id))
    unknown = () if found else (common.not_found(case, "还没报"),)
    return case.say(*unknown, choosing.pick(common.choices(case, found or owed), round, "代填", "stand"))


def _why(case: Case, subject: str) -> Turn:
    opened = _open(case, subject)
    if isinstance(opened, Problem):
        return case.say(refusal(opened))
    project, round = opened
    if case.person.id in {s.person_id for s in case.world.records.stand_ins(project.id, round)}:
        return collect.open_form(case, subject)
    return case.say(_card(case, project, round), session=Session(subject, ASKING))


def given(case: Case) -> Turn:
    """The reason came with the card."""
    return _begin(case, case.bound.subject if case.bound else "", case.answers.get("why", ""))


def said(case: Case) -> Turn | None:
    """The reason in a line of chat; None when it is not asked for."""
    if case.session.asking != ASKING or not isinstance(case.event, Text):
        return None
    if GIVEN_UP.match(case.event.text.strip()):
        return case.say(told("没有代填", "这张表没有改动。"), session=Session())
    return _begin(case, case.session.subject, case.event.text)


def _begin(case: Case, subject: str, text: str) -> Turn:
    opened = _open(case, subject)
    if isinstance(opened, Problem):
        return case.say(refusal(opened), session=Session())
    project, round = opened
    reason = clean_text(text).strip()
    if len(reason) < LEAST:
        wrong = problem("stand_in.no_reason", least=LEAST).text
        return case.say(_card(case, project, round, wrong), session=Session(subject, ASKING))
    form = common.load_form(case, subject, standing_in=True)
    if form is None:
        return case.say(refusal(problem("person.may_not")))
    begun = StandIn(project.id, round, case.person.id, reason[:300])
    return Turn(Session(subject), (begun, case.reply(collect.form_card(case, form))))


def _open(case: Case, subject: str) -> tuple[Project, MonitoringRound] | Problem:
    opened = opened_form(case, Action.STAND_IN, subject)
    if isinstance(opened, Problem):
        return opened
    project, round, present = opened
    if present.state not in FILLABLE:
        return problem("stand_in.filed", state=STATE_LABELS[present.state])
    return project, round


def _card(case: Case, project: Project, round: MonitoringRound, wrong: str = "") -> Card:
    unit = case.world.records.unit(project.unit_id).name
    return cards.reason(project.name, round, unit, common.subject_of(round, project.id), wrong)


HANDLER = Handler(name="standing", words={"代填": start}, actions={"stand": start, "stand_in": given})
