"""Who is told what at a planned moment: whoever has something in hand, merged, each once (DOMAIN §1.2, §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from bot import glancing, overdue, reminding_departments
from bot.cards import handing, review
from bot.cards import remind as cards
from bot.effects import Acted, Effect, Send
from bot.offers import Offers
from bot.overdue import due_words
from bot.owing import Owing, look, several
from bot.turn import Duty, World
from regulation.deadlines import Annex
from regulation.reminders import Audience, Occasion, Reminder, mending_days
from regulation.roster import Person, Role

#: occasions that 在办 silences.
SILENCED = (Occasion.THREE_LEFT, Occasion.ONE_LEFT)


def effects_of(reminder: Reminder, world: World, now: datetime) -> tuple[Effect, ...]:
    """Every message of one planned moment, and the mark that it has been acted upon."""
    if world.records.acted(reminder.key):
        return ()
    speak = SPEAKERS.get((reminder.annex, reminder.audience))
    sends = tuple(speak(reminder, world, now)) if speak else ()
    return (*sends, Acted(reminder.key))


def _grouped(duties: Iterable[Duty], key: Callable[[Duty], str]) -> dict[str, list[Duty]]:
    groups: dict[str, list[Duty]] = {}
    for duty in duties:
        groups.setdefault(key(duty), []).append(duty)
    return groups


def _fillers(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """Only those who still owe, or who stand in for them; 在办 silences the two reminders before the due day. What
    waits for a unit's head is the head's to hear of."""
    owing = look(world, reminder.round, now.date())
    key = f"remind:{reminder.round.code}:{reminder.occasion}:{reminder.at:%Y%m%d}{reminder.whose}"
    due = due_words(reminder, world)
    lost: list[Duty] = []
    to_fill = _concerned(reminder, owing.to_fill)
    offers = Offers.of(world, reminder.round, to_fill)
    for person, duties in _grouped(to_fill, owing.asked_of).items():
        if not _reachable(world, person):
            lost += duties  # what is sent to them is put aside with its reason, and the office hears of it
        if reminder.occasion in SILENCED and world.records.paused(person, reminder.round):
            continue
        owed = cards.Owed(
            _names(world, person, duties),
            sum(d.answered for d in duties),
            offers.given(person),
            offers.taken(person),
        )
        yield Send(person, cards.filler(reminder, due, owed), key)
    for person in offers.others(owing):
        yield Send(person, handing.waiting(due, offers.taken(person)), f"{key}:asked")
    yield from _unreachable(reminder, world, owing, lost)
    yield from _confirmers(reminder, world, owing)


def _concerned(reminder: Reminder, duties: Iterable[Duty]) -> list[Duty]:
    return [duty for duty in duties if reminder.concerns(duty.department_id)]


def _reachable(world: World, person_id: str) -> bool:
    person = world.records.person(person_id)
    return person is not None and person.active and bool(person.identities)


def _unreachable(reminder: Reminder, world: World, owing: Owing, lost: list[Duty]) -> Iterator[Send]:
    """Who cannot be told, because they left or have no account, is named to their budget office (T21)."""
    due, key = due_words(reminder, world), f"unreachable:{reminder.round.code}:{reminder.at:%Y%m%d}"
    for department, duties in _grouped(lost, lambda d: d.department_id).items():
        people = _grouped(duties, owing.asked_of)
        rows = [
            (_name(world, who), f"{world.records.unit(theirs[0].unit_id).name} · {len(theirs)} 个项目")
            for who, theirs in people.items()
        ]
        for office in world.records.people_with(Role.BUDGET_OFFICE, department):
            yield Send(office.id, cards.unreachable(due, rows), f"{key}:{department}")


def _names(world: World, person: str, duties: list[Duty]) -> tuple[str, ...]:
    """The projects by name; with whose they are and which department's where that is in question."""
    records, apart = world.records, several(duties)
    return tuple(
        duty.project_name
        + (f"（{records.department(duty.department_id).name}）" if apart else "")
        + (f"（代{_name(world, duty.filler_id)}）" if duty.filler_id != person else "")
        for duty in duties
    )


def _confirmers(reminder: Reminder, world: World, owing: Owing) -> Iterator[Send]:
    """The heads of units whose forms wait for them, and who stands in for them."""
    deputies = {c.person_id: c.cover_id for c in owing.covers}
    for unit_id, duties in _grouped(_concerned(reminder, owing.awaiting), lambda d: d.unit_id).items():
        forms = tuple((f"{reminder.round.code}:{d.project_id}", d.project_name) for d in duties)
        card = cards.awaiting(due_words(reminder, world), world.records.unit(unit_id).name, forms)
        key = f"remind:{reminder.round.code}:awaiting:{unit_id}:{reminder.at:%Y%m%d%H}"
        heads = world.records.people_with(Role.UNIT_HEAD, unit_id)
        for person in dict.fromkeys(deputies.get(head.id, head.id) for head in heads):
            yield Send(person, card, key)


def _unit_heads(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """The heads of each late unit, about what others of the unit owe. What nobody else in the unit can press for,
    because its head fills it, goes one level up (F11)."""
    owing = look(world, reminder.round, now.date())
    due = due_words(reminder, world)
    for unit_id, duties in _grouped(_concerned(reminder, owing.to_fill), lambda d: d.unit_id).items():
        heads = world.records.people_with(Role.UNIT_HEAD, unit_id)
        name = world.records.unit(unit_id).name
        key = f"unit_late:{reminder.round.code}:{unit_id}:{reminder.at:%Y%m%d}"
        for head in heads:
            others = [d for d in duties if d.filler_id != head.id]
            if others:
                yield Send(
                    head.id,
                    cards.unit_head(reminder, due, name, _fillers_of(world, others), len(others)),
                    key,
                )
        alone = [d for d in duties if all(head.id == d.filler_id for head in heads)]
        for person in _above(world, alone):
            card = cards.unit_above(reminder, due, name, _fillers_of(world, alone), len(alone), unit_id)
            yield Send(person.id, card, key)


def _above(world: World, duties: list[Duty]) -> tuple[Person, ...]:
    """The next level over a unit whose head owes: the budget office, or the department's head where that is the same
    person again."""
    fillers = {d.filler_id for d in duties}
    for role in (Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD):
        people = world.records.people_with(role, duties[0].department_id) if duties else ()
        others = tuple(p for p in people if p.id not in fillers)
        if others:
            return others
    return ()


def _fillers_of(world: World, duties: Iterable[Duty]) -> tuple[str, ...]:
    return tuple(_name(world, who) for who in sorted({d.filler_id for d in duties}))


def _name(world: World, person_id: str) -> str:
    person = world.records.person(person_id)
    return person.name if person else person_id


def _menders(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """Who has forms sent back with a date of their own: the workday before it, on it, and while it is past."""
    owing, today = look(world, reminder.round, now.date()), now.date()
    until = max(world.deadline(reminder.round, annex).late_after for annex in Annex)
    due_now = [
        (duty, why)
        for duty, why in owing.to_mend
        if why.due and today in mending_days(why.due, until, world.workdays)
    ]
    key = f"remind:{reminder.round.code}:mend:{reminder.at:%Y%m%d}"
    for person in dict.fromkeys(owing.asked_of(duty) for duty, _ in due_now):
        mine = [(d, why.due) for d, why in due_now if owing.asked_of(d) == person and why.due]
        rows = [(d.project_name, f"{world.workdays.label(due)}前改好") for d, due in mine]
        first = min(due for _, due in mine)
        yield Send(person, review.mend(rows, (first - today).days, late=first < today), key)


def _administrators(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    for admin in world.records.people_with(Role.ADMIN, "*"):
        year = reminder.at.year + 1
        yield Send(admin.id, cards.calendar_missing(year), f"calendar:{year}")


Speaker = Callable[[Reminder, World, datetime], Iterator[Send]]

#: which planned moments become messages, on either clock.
SPEAKERS: dict[tuple[Annex, Audience], Speaker] = {
    (Annex.UNIT, Audience.FILLER): _fillers,
    (Annex.UNIT, Audience.MENDER): _menders,
    (Annex.UNIT, Audience.UNIT_HEAD): _unit_heads,
    (Annex.UNIT, Audience.BUDGET_OFFICE): overdue.offices,
    (Annex.UNIT, Audience.DEPARTMENT_HEAD): overdue.heads,
    (Annex.UNIT, Audience.PERFORMANCE_OFFICE): glancing.performance_office,
    (Annex.UNIT, Audience.ADMIN): _administrators,
    (Annex.DEPARTMENT, Audience.BUDGET_OFFICE): reminding_departments.offices,
    (Annex.DEPARTMENT, Audience.DEPARTMENT_HEAD): reminding_departments.heads,
    (Annex.DEPARTMENT, Audience.FINANCE_DIVISION): reminding_departments.finance,
}
