"""请假 and 销假: a colleague of the unit stands in for some days, if they agree; it ends by itself (第九条(一))."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from bot.cards import covering as cards
from bot.cards.plain import refusal, told
from bot.effects import AskCover, Effect, MoveCover, Send
from bot.turn import Case, Handler, Turn
from regulation.covers import Cover, CoverState, read_leave
from regulation.problems import Problem, problem
from regulation.roster import Person, Role


def start(case: Case) -> Turn:
    """From when to when, then who: said in one line or on the card."""
    text = case.argument or case.answers.get("days", "")
    if not text.strip():
        return case.say(cards.days())
    read = read_leave(text, case.at.date())
    if isinstance(read, Problem):
        return case.say(cards.days(read.text))
    first, last = read
    refused = _taken(case, case.person, first, last)
    if refused:
        return case.say(refusal(refused))
    people = [p for p in _colleagues(case) if _taken(case, p, first, last) is None]
    if not people:
        return case.say(refusal(problem("leave.nobody")))
    data = json.dumps({"first": first.isoformat(), "last": last.isoformat()})
    return case.say(cards.choose(_until(case, first, last), people, data))


def chosen(case: Case) -> Turn:
    """A colleague was tapped: the question goes to them."""
    if case.bound is None or not case.bound.data:
        return case.say(refusal(problem("card.unknown")))
    first, last = (date.fromisoformat(json.loads(case.bound.data)[end]) for end in ("first", "last"))
    colleague = next((p for p in _colleagues(case) if p.id == case.argument), None)
    if colleague is None:
        return case.say(refusal(problem("person.may_not")))
    refused = _taken(case, case.person, first, last)
    if refused:
        return case.say(refusal(refused))
    until = _until(case, first, last)
    forms = len(case.world.records.duties(case.world.round, filler_id=case.person.id, owing_only=True))
    question = Send(colleague.id, cards.ask(case.person.name, until, forms), f"cover:{case.event.id}")
    asking = AskCover(case.person.id, colleague.id, first, last, question)
    return Turn(case.session, (asking, case.reply(cards.asked(colleague.name, until))))


def agree(case: Case) -> Turn:
    """我来代班: from the first day on what is asked of the one goes to the other."""
    cover = _asked(case)
    if cover is None:
        return case.say(told("已经答过了", "这次代班没有改动。"))
    name, until = _name(case, cover.person_id), _until(case, cover.first, cover.last)
    if cover.last < case.at.date():
        return case.say(told("这几天已经过去了", f"{until}已过，不用代班了。"))
    person = case.world.records.person(cover.person_id)
    taken = _taken(case, person, cover.first, cover.last) if person else problem("card.unknown")
    if taken:
        return case.say(refusal(taken))
    card = cards.agreed(name, case.person.name, until)
    moved: Effect = MoveCover(cover.id, CoverState.ASKED, CoverState.AGREED)
    others = {cover.person_id, *_heads(case, cover.person_id)} - {case.person.id}
    tell = (Send(who, card, f"covered:{cover.id}") for who in sorted(others))
    return Turn(case.session, (moved, case.reply(card), *tell))


def refuse(case: Case) -> Turn:
    """不方便: it stays as it was."""
    cover = _asked(case)
    if cover is None:
        return case.say(told("已经答过了", "这次代班没有改动。"))
    back = cards.refused(case.person.name, _until(case, cover.first, cover.last))
    moved: Effect = MoveCover(cover.id, CoverState.ASKED, CoverState.REFUSED)
    return Turn(
        case.session,
        (moved, Send(cover.person_id, back, f"uncovered:{cover.id}"), case.reply(told("好的，已经告诉对方"))),
    )


def end(case: Case) -> Turn:
    """销假: every cover that is not over is called off."""
    covers = case.world.records.covers_of(case.person.id, case.at.date())
    if not covers:
        return case.say(told("没有在请的假", "提醒一直发给您。要请假回“请假 10月12日到10月20日”。"))
    card = cards.ended(case.person.name, "、".join(_name(case, c.cover_id) for c in covers))
    moved = tuple(MoveCover(c.id, CoverState.AGREED, CoverState.ENDED) for c in covers)
    tell = (Send(c.cover_id, card, f"ended:{c.id}") for c in covers)
    return Turn(case.session, (*moved, *tell, case.reply(card)))


def _asked(case: Case) -> Cover | None:
    """The cover the tapped card asks about, while it is still open."""
    number = json.loads(case.bound.data)["cover"] if case.bound and case.bound.data else 0
    cover = case.world.records.cover(number)
    return cover if cover and cover.state is CoverState.ASKED and cover.cover_id == case.person.id else None


def _taken(case: Case, person: Person, first: date, last: date) -> Problem | None:
    """Whether somebody already is away then, as far as we know."""
    covers = case.world.records.covers_of(person.id, case.at.date())
    clash = any(c.first <= last and first <= c.last for c in covers)
    return problem("leave.taken") if clash else None


def _units(person: Person) -> list[str]:
    return [d.scope_id for d in person.duties if d.role in (Role.FILLER, Role.UNIT_HEAD)]


def _colleagues(case: Case) -> list[Person]:
    """The others of the person's units, each once."""
    everyone = [p for unit in _units(case.person) for p in case.world.records.people_of_unit(unit)]
    return list({p.id: p for p in everyone if p.id != case.person.id and p.active}.values())


def _heads(case: Case, person_id: str) -> set[str]:
    person = case.world.records.person(person_id)
    units = _units(person) if person else []
    return {p.id for unit in units for p in case.world.records.people_with(Role.UNIT_HEAD, unit)}


def _name(case: Case, person_id: str) -> str:
    person = case.world.records.person(person_id)
    return person.name if person else person_id


def _until(case: Case, first: date, last: date) -> str:
    label = case.world.workdays.label
    return label(first) if first == last else f"{label(first)}到{label(last)}"


def again(case: Case) -> Turn:
    """The button of the card: what was typed there, or the card once more."""
    return start(replace(case, argument=""))


HANDLER = Handler(
    name="covering",
    words={"请假": start, "销假": end},
    actions={"leave": again, "cover": chosen, "cover_yes": agree, "cover_no": refuse},
)
