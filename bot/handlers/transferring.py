"""移交 by the budget office or an administrator: somebody's projects move to a colleague of the unit (第九条(一))."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from bot.cards import covering as cards
from bot.cards.card import Card
from bot.cards.plain import refusal, told
from bot.effects import Effect, HandOver, Send
from bot.people import Action, Subject, may
from bot.turn import Case, Duty, Handler, Turn
from regulation.folding import clean_text, shorten
from regulation.problems import problem
from regulation.roster import Person, Role

_GIVEN = re.compile(r"(\S+?)\s*(?:的项目)?\s*(?:移交给|交给|给|→|->|\s)\s*(\S+)")


def start(case: Case) -> Turn:
    """``移交 张敏 给 吴芳`` moves; ``移交 张敏`` asks to whom."""
    words = clean_text(case.argument).strip()
    if not _may_somewhere(case.person):
        return case.say(refusal(problem("person.may_not")))
    if not words:
        return case.say(told("移交谁的项目？", "请写“移交 原经办人 给 新经办人”，两个人在同一单位的名单里。"))
    both = _GIVEN.fullmatch(words)
    giver = _filler(case, both[1] if both else words)
    if giver is None:
        return case.say(refusal(problem("transfer.whom", words=shorten(words))))
    duties = _movable(case, giver.id)
    if both is None:
        return case.say(_whom(case, giver, duties))
    takers = [p for p in _colleagues(case, giver, duties) if p.name == both[2]]
    if len(takers) != 1:
        unknown = refusal(problem("transfer.whom", words=shorten(words)))
        return case.say(unknown, _whom(case, giver, duties))
    return _move(case, giver, takers[0], duties)


def chosen(case: Case) -> Turn:
    """The colleague was tapped on the card."""
    giver_id = json.loads(case.bound.data)["from"] if case.bound and case.bound.data else ""
    giver, taker = case.world.records.person(giver_id), case.world.records.person(case.argument)
    duties = _movable(case, giver_id)
    if giver is None or taker is None:
        return case.say(refusal(problem("person.may_not")))
    if not duties:
        return case.say(refusal(problem("transfer.nothing", name=giver.name)))
    if taker.id not in {p.id for p in _colleagues(case, giver, duties)}:
        return case.say(refusal(problem("person.may_not")))
    return _move(case, giver, taker, duties)


def _move(case: Case, giver: Person, taker: Person, duties: Sequence[Duty]) -> Turn:
    """Every project whose unit the taker belongs to."""
    mine = {d.scope_id for d in taker.duties if d.role in (Role.FILLER, Role.UNIT_HEAD)}
    moving = [d for d in duties if d.unit_id in mine]
    card = cards.moved(giver.name, taker.name, [d.project_name for d in moving], case.person.name)
    heads = {p.id for d in moving for p in case.world.records.people_with(Role.UNIT_HEAD, d.unit_id)}
    moved: tuple[Effect, ...] = tuple(HandOver(d.project_id, giver.id, taker.id) for d in moving)
    people = sorted({giver.id, taker.id, *heads} - {case.person.id})
    tell = (Send(who, card, f"transferred:{case.event.id}") for who in people)
    return Turn(case.session, (*moved, *tell, case.reply(card)))


def _whom(case: Case, giver: Person, duties: Sequence[Duty]) -> Card:
    names = [d.project_name for d in duties]
    return cards.whom(giver.name, names, _colleagues(case, giver, duties), json.dumps({"from": giver.id}))


def _filler(case: Case, name: str) -> Person | None:
    """The one person of that name who fills something this person may move; None where the name is not enough."""
    fillers = {d.filler_id for d in case.world.records.duties(case.world.round) if _may(case, d)}
    found = [p for p in map(case.world.records.person, sorted(fillers)) if p and p.name == name]
    return found[0] if len(found) == 1 else None


def _movable(case: Case, person_id: str) -> list[Duty]:
    duties = case.world.records.duties(case.world.round, filler_id=person_id)
    return [d for d in duties if _may(case, d)]


def _colleagues(case: Case, giver: Person, duties: Sequence[Duty]) -> list[Person]:
    units = dict.fromkeys(d.unit_id for d in duties)
    everyone = [p for unit in units for p in case.world.records.people_of_unit(unit)]
    return list({p.id: p for p in everyone if p.id != giver.id and p.active}.values())


def _may(case: Case, duty: Duty) -> bool:
    return may(case.person, Action.TRANSFER, Subject(duty.department_id, duty.unit_id, duty.filler_id))


def _may_somewhere(person: Person) -> bool:
    scopes = ("", *(d.scope_id for d in person.duties))
    return any(may(person, Action.TRANSFER, Subject(department_id=scope)) for scope in scopes)


HANDLER = Handler(name="transferring", words={"移交": start}, actions={"transfer": chosen})
