"""Questions in chat: read by the table of bot.questions, answered from the records by permission, always on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.cards import answers as cards
from bot.cards.plain import refusal
from bot.cards.words import clock
from bot.effects import Note
from bot.events import Text
from bot.handlers import counting, figuring, tracing, yearly
from bot.handlers.inquiry import Asked, sees_any
from bot.naming import matching
from bot.questions import Ask, Question, round_of, understood
from bot.scopes import may_count, of_place, reach
from bot.turn import Case, Handler, Turn
from regulation.folding import shorten
from regulation.problems import problem
from regulation.tallies import KnownName


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of question is answered: which places it may name, and whether it needs one at all. Figures are
    checked project by project by the answer itself; everything else needs the right to count there."""

    answer: Callable[[Case, Asked], Turn]
    names: tuple[str, ...] = ("department", "unit")
    needs_name: bool = False
    figures: bool = False


KINDS: dict[Ask, Kind] = {
    Ask.OWING: Kind(counting.owing),
    Ask.PROGRESS: Kind(counting.progress),
    Ask.UNOPENED: Kind(counting.unopened),
    Ask.NUDGED: Kind(counting.nudged),
    Ask.SLOWEST: Kind(figuring.slowest, figures=True),
    Ask.WORST: Kind(figuring.worst, figures=True),
    Ask.WHY: Kind(figuring.why, ("department", "unit", "project"), needs_name=True, figures=True),
    Ask.HOW: Kind(figuring.how, ("department", "unit", "project"), needs_name=True, figures=True),
    Ask.TRACE: Kind(tracing.answer, ("department", "unit", "project"), figures=True),
    Ask.RESULTS: Kind(yearly.results, ("department",), figures=True),
    Ask.EXPORT: Kind(figuring.export, ("department",), figures=True),
    Ask.EXPORT_FORMS: Kind(figuring.export_forms, ("unit", "project"), figures=True),
}


def asked(case: Case) -> Turn | None:
    """The answer to a line that is a question of the table; None for any other line."""
    question = understood(case.event.text) if isinstance(case.event, Text) else None
    return _ask(case, question) if question else None


def said(case: Case) -> Turn:
    """还有谁没交 and 谁没交 as a command, with or without a name behind it."""
    return asked(case) or _about(case, Question(Ask.OWING), None)


def year(case: Case) -> Turn:
    """全年结果 as a command, with or without a department behind it."""
    return asked(case) or _about(case, Question(Ask.RESULTS), None)


def chosen(case: Case) -> Turn:
    """One of several places of the same name was tapped: ``why/3/10/department/d01``."""
    asked, quarter, count, kind, place_id = (*case.argument.split("/"), "", "", "", "", "")[:5]
    ask, _, figure = asked.partition(".")
    question = Question(Ask(ask), quarter=int(quarter), count=int(count), figure=figure)
    places = case.world.records.names(round_of(question, case.world.round), projects=kind == "project")
    found = [each for each in places if (each.kind, each.id) == (kind, place_id)]
    return _about(case, question, found[0]) if found else case.say(refusal(problem("card.unknown")))


def _ask(case: Case, question: Question) -> Turn | None:
    kind = KINDS[question.ask]
    if not question.who:
        return None if kind.needs_name else _about(case, question, None)
    round = round_of(question, case.world.round)
    every = case.world.records.names(round, projects="project" in kind.names)
    known = [each for each in every if each.kind in kind.names and _knows(case, each)]
    if question.ask is Ask.TRACE and not question.figure:
        question = _divided(question, known)
    found = matching(question.who, known)
    if len(found) == 1:
        return _about(case, question, found[0])
    if found:
        ask = ".".join(filter(None, (question.ask, question.figure)))
        action = f"question:{ask}/{question.quarter}/{question.count}"
        return case.say(cards.which(shorten(question.who), _own_first(case, found), action))
    if question.ask is Ask.HOW or (question.ask is Ask.TRACE and not question.figure):
        return None  # an everyday phrase, not a question about a form
    return case.say(refusal(problem("question.unknown_name", text=shorten(question.who))))


def _divided(question: Question, known: list[KnownName]) -> Question:
    """``校舍安全改造采购课桌椅`` apart: the longest beginning that names one place, and the indicator behind it."""
    words = question.who
    for end in range(len(words), 1, -1):
        if len(matching(words[:end], known)) == 1:
            return replace(question, who=words[:end], figure=words[end:].removeprefix("的"))
    return question


def _knows(case: Case, place: KnownName) -> bool:
    """Departments and units are public; what projects there are is known to finance and to whoever answers there."""
    own = reach(case)
    return place.kind != "project" or own.holds(place.department_id, place.unit_id, place.filler_id)


def _own_first(case: Case, found: list[KnownName]) -> list[KnownName]:
    """What the person answers for stands first, so that it is among those offered."""
    own = reach(case)
    return sorted(found, key=lambda each: not own.holds(each.department_id, each.unit_id or each.id))


def _about(case: Case, question: Question, place: KnownName | None) -> Turn:
    """Permission first, then the answer; whose data were asked for is on record either way (A01)."""
    kind = KINDS[question.ask]
    round = round_of(question, case.world.round)
    scope = of_place(place) if place else reach(case)
    where = f"{round.code}:{place.id if place else scope.subject}"
    whole = Asked(question, round, scope, place, f"数据截至 {clock(case.at)}")
    if place and not (_may_figures(case, whole, place) if kind.figures else may_count(case, place)):
        note = Note(case.person.id, "question.refused", where, str(question.ask))
        return Turn(case.session, (note, case.reply(refusal(problem("person.may_not")))))
    turn = kind.answer(case, whole)
    if scope.filler and not place:
        return turn
    note = Note(case.person.id, "question.asked", where, str(question.ask))
    return replace(turn, effects=(note, *turn.effects))


def _may_figures(case: Case, whole: Asked, place: KnownName) -> bool:
    """A department or unit: whoever answers for it, for an answer about it must be about all of it. A project: also
    its filler. Finance of that department passes here and is told when it is too early."""
    return may_count(case, place) or (place.kind == "project" and sees_any(case, whole))


HANDLER = Handler(
    name="asking", words={"还有谁没交": said, "谁没交": said, "全年结果": year}, actions={"question": chosen}
)
