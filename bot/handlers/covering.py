"""请假 and 销假: a colleague of the unit stands in for some days, if they agree; it ends by itself (第九条(一))."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from bot.cards import covering as cards
from bot.cards.plain import refusal, told
from bot.effects import AskCover, Effect, MoveCover, Send
from bot.sessions import Session
from bot.turn import Case, Handler, Turn
from regulation.covers import Cover, CoverState, names_days, read_leave
from regulation.problems import Problem, problem
from regulation.roster import Person, Role

#: what Session.asking says while the days of a leave are asked for.
ASKING = "leave"


def start(case: Case) -> Turn:
    """From when to when, then who: said in one line or on the card."""
    text = case.argument or case.answers.get("days", "")
    if not text.strip():
        return case.say(cards.days(), session=Session(asking=ASKING))
    read = read_leave(text, case.at.date())
    if isinstance(read, Problem):
        return case.say(cards.days(read.text), session=Session(asking=ASKING))
    first, last = read
    refused = _taken(case, case.person, first, last)
    if refused:
        return case.say(refusal(refused))
    people = [p for p in _colleagues(case) if _taken(case, p, first, last) is None]
    if not people:
        return case.say(refusal(problem("leave.nobody")))
    return case.say(cards.choose(_until(case, first, last), people, _days(first, last)))


def said(case: Case) -> Turn | None:
    """The days in a line of chat, while they are asked for; None for a line without any."""
    text = str(getattr(case.event, "text", ""))
    if case.session.asking != ASKING or not names_days(text):
        return None
    return start(replace(case, session=case.session.moved_on, argument=text))


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
    told_back = cards.asked(colleague.name, until, _days(first, last))
    return Turn(case.session, (asking, case.reply(told_back)))


def agree(case: Case) -> Turn:
    """我来代班: from the first day on what is asked of the one goes to the other."""
    cover = _asked(case)
    if cover is None:
        return _not_asked(case)
    name, until = _name(case, cover.person_id), _until(case, cover.first, cover.last)
    if cover.last < case.at.date():
        return case.say(told("这几天已经过去了", f"{until}已过，不用代班了。"))
    person = case.world.records.person(cover.person_id)
    taken = _taken(case, person, cover.first, cover.last) if person else problem("card.unknown")
    if taken:
        return case.say(refusal(taken))
    card = cards.agreed(name, case.person.name, until)
    moved: Effect = MoveCover(cover.id, CoverState.ASKED, CoverState.AGREED)
    own = cards.agreed(name, case.person.name, until, _days(cover.first, cover.last))
    others = {cover.person_id, *_heads(case, cover.person_id)} - {case.person.id}
    tell = (
        Send(who, own if who == cover.person_id else card, f"covered:{cover.id}") for who in sorted(others)
    )
    return Turn(case.session, (moved, case.reply(card), *tell))


def refuse(case: Case) -> Turn:
    """不方便: it stays as it was."""
    cover = _asked(case)
    if cover is None:
        return _not_asked(case)
    back = cards.refused(case.person.name, _until(case, cover.first, cover.last))
    moved: Effect = MoveCover(cover.id, CoverState.ASKED, CoverState.REFUSED)
    return Turn(
        case.session,
        (moved, Send(cover.person_id, back, f"uncovered:{cover.id}"), case.reply(told("好的，已经告诉对方"))),
    )


def end(case: Case) -> Turn:
    """销假, 不请假了: every leave that is not over is called off, asked or agreed; by the button of a card the one it
    is about."""
    covers = [c for c in case.world.records.covers_of(case.person.id, case.at.date()) if _meant(case, c)]
    if not covers:
        return case.say(told("没有在请的假", "提醒一直发给您。要请假回“请假 10月12日到10月20日”。"))
    off = [_called_off(case, cover, f":{n}" if n else "") for n, cover in enumerate(covers)]
    return Turn(case.session, tuple(effect for each in off for effect in each))


def _called_off(case: Case, cover: Cover, part: str) -> tuple[Effect, ...]:
    """One leave ends; who was asked, and of an agreed one the unit's heads, hear of it."""
    deputy = _name(case, cover.cover_id)
    until = _until(case, cover.first, cover.last)
    card = (
        cards.ended(case.person.name, deputy)
        if cover.stands(case.at.date())
        else cards.called_off(case.person.name, deputy, until)
    )
    heads = _heads(case, case.person.id) if cover.state is CoverState.AGREED else set()
    told_of = {cover.cover_id, *heads} - {case.person.id}
    tell = (Send(who, card, f"ended:{cover.id}") for who in sorted(told_of))
    return (MoveCover(cover.id, cover.state, CoverState.ENDED), *tell, case.reply(card, part))


def _meant(case: Case, cover: Cover) -> bool:
    """Whether the tapped card is about that leave; a word is about every one."""
    bound = case.bound.data if case.bound else ""
    return not bound or bound == _days(cover.first, cover.last)


def _not_asked(case: Case) -> Turn:
    """The question of the tapped card is not open any more."""
    cover = _of_card(case)
    if cover and cover.state is CoverState.ENDED:
        return case.say(told(f"{_name(case, cover.person_id)}不请假了", "不用代班，没有改动。"))
    return case.say(told("已经答过了", "这次代班没有改动。"))


def _asked(case: Case) -> Cover | None:
    """The cover the tapped card asks about, while it is still open."""
    cover = _of_card(case)
    return cover if cover and cover.state is CoverState.ASKED and cover.cover_id == case.person.id else None


def _of_card(case: Case) -> Cover | None:
    number = json.loads(case.bound.data)["cover"] if case.bound and case.bound.data else 0
    return case.world.records.cover(number)


def _taken(case: Case, person: Person, first: date, last: date) -> Problem | None:
    """Whether somebody already is away then, as far as we know."""
    covers = case.world.records.covers_of(person.id, case.at.date())
    agreed = [c for c in covers if c.state is CoverState.AGREED]
    clash = any(c.first <= last and first <= c.last for c in agreed)
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


def _days(first: date, last: date) -> str:
    """Which leave a card is about."""
    return json.dumps({"first": first.isoformat(), "last": last.isoformat()})


def again(case: Case) -> Turn:
    """The button of the card: what was typed there, or the card once more."""
    return start(replace(case, argument=""))


HANDLER = Handler(
    name="covering",
    words={"请假": start} | dict.fromkeys(("销假", "不请假了", "取消请假"), end),
    actions={"leave": again, "cover": chosen, "cover_yes": agree, "cover_no": refuse, "leave_off": end},
)
