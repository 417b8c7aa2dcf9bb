"""Who is told what at a planned moment: only people who still owe, merged, each once (DOMAIN §1.2, §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from bot.cards import remind as cards
from bot.effects import Acted, Effect, Send
from bot.turn import Duty, Raised, World
from regulation.deadlines import Annex
from regulation.deviation import Level
from regulation.filing import FilingState
from regulation.reminders import Audience, Occasion, Reminder
from regulation.roster import Role

#: states in which a form is still owed.
OWING = (FilingState.NOT_STARTED, FilingState.DRAFT, FilingState.RETURNED)
#: occasions that 在办 silences.
SILENCED = (Occasion.THREE_LEFT, Occasion.ONE_LEFT)


def effects_of(reminder: Reminder, world: World, now: datetime) -> tuple[Effect, ...]:
    """Every message of one planned moment, and the mark that it has been acted upon."""
    if world.records.acted(reminder.key):
        return ()
    speak = SPEAKERS.get((reminder.annex, reminder.audience))
    sends = tuple(speak(reminder, world, now)) if speak else ()
    return (*sends, Acted(reminder.key))


def _due(reminder: Reminder, world: World) -> str:
    due = world.deadline(reminder.round, Annex.UNIT)
    label = world.workdays.label(due.nominal)
    return f"应于{label}报送" if reminder.days_late else f"{label}前报送"


def _grouped(duties: Iterable[Duty], key: Callable[[Duty], str]) -> dict[str, list[Duty]]:
    groups: dict[str, list[Duty]] = {}
    for duty in duties:
        groups.setdefault(key(duty), []).append(duty)
    return groups


def _fillers(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """Only those who still owe; 在办 silences the two reminders before the due day."""
    owing = world.records.duties(reminder.round, owing_only=True)
    key = f"remind:{reminder.round.code}:{reminder.occasion}:{reminder.at:%Y%m%d}"
    due = _due(reminder, world)
    for person, duties in _grouped(owing, lambda d: d.filler_id).items():
        if reminder.occasion in SILENCED and world.records.paused(person, reminder.round):
            continue
        owed = cards.Owed(tuple(d.project_name for d in duties), sum(d.answered for d in duties))
        yield Send(person, cards.filler(reminder, due, owed), key)


def _unit_heads(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """The head of each late unit, unless the head is the one who owes (F11: it goes one level up anyway)."""
    owing = world.records.duties(reminder.round, owing_only=True)
    due = _due(reminder, world)
    for unit_id, duties in _grouped(owing, lambda d: d.unit_id).items():
        fillers = {d.filler_id for d in duties}
        card = cards.unit_head(
            reminder, due, world.records.unit(unit_id).name, _names(world, fillers), len(duties)
        )
        for head in world.records.people_with(Role.UNIT_HEAD, unit_id):
            if head.id not in fillers:
                yield Send(head.id, card, f"unit_late:{reminder.round.code}:{unit_id}:{reminder.at:%Y%m%d}")


def _offices(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """Each department's budget office: said again only when something changed (merged, 17:00; late, 09:00)."""
    everything = world.records.duties(reminder.round)
    for department, duties in _grouped(everything, lambda d: d.department_id).items():
        owing = [d for d in duties if _owes(d)]
        for person in world.records.people_with(Role.BUDGET_OFFICE, department):
            told = world.records.findings(reminder.round, department_id=department, untold_to=person.id)
            if reminder.occasion is Occasion.LATE and not owing:
                continue
            yield _office(reminder, world, department, duties, owing, told, person.id)
    if reminder.occasion is Occasion.COLLECTED:
        yield from _red_to_heads(reminder, world, now)


def _office(
    reminder: Reminder,
    world: World,
    department: str,
    duties: Sequence[Duty],
    owing: Sequence[Duty],
    untold: Sequence[Raised],
    person_id: str,
) -> Send:
    late = _overdue(world, owing) if reminder.days_late else ()
    missing = tuple(dict.fromkeys(world.records.unit(d.unit_id).name for d in owing))
    filed = len(duties) - len(owing)
    name = world.records.department(department).name
    card = cards.office(
        f"{name}附表1 收齐 {filed}/{len(duties)}",
        _due(reminder, world),
        late=late,
        missing=missing,
        deviating=_deviating(world, untold),
        department_id=department,
        can_nudge=bool(owing),
    )
    moment = f":{reminder.at:%Y%m%d}" if reminder.occasion is Occasion.LATE else ""
    state = f"{filed}:{len(late)}:{max((r.id for r in untold), default=0)}"
    key = f"office:{reminder.round.code}:{department}{moment}:{state}"
    return Send(person_id, card, key, told=tuple(r.id for r in untold))


def _heads(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """Each department head with late units: overdue and untold red findings in the one message of the day."""
    owing = world.records.duties(reminder.round, owing_only=True)
    for department, duties in _grouped(owing, lambda d: d.department_id).items():
        yield from _to_heads(reminder, world, now, department, duties)


def _red_to_heads(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """Heads of departments with red findings nobody told them of yet, late units or not."""
    red = [r for r in world.records.findings(reminder.round) if r.finding.level is Level.RED]
    projects = {r.project_id: world.records.project(r.project_id) for r in red}
    units = {p.unit_id for p in projects.values() if p}
    departments = sorted({world.records.unit(unit).department_id for unit in units})
    for department in departments:
        yield from _to_heads(reminder, world, now, department, ())


def _to_heads(
    reminder: Reminder, world: World, now: datetime, department: str, owing: Sequence[Duty]
) -> Iterator[Send]:
    late = _overdue(world, owing) if reminder.days_late else ()
    finance = world.deadline(reminder.round, Annex.DEPARTMENT).nominal
    for head in world.records.people_with(Role.DEPARTMENT_HEAD, department):
        untold = [
            r
            for r in world.records.findings(reminder.round, department_id=department, untold_to=head.id)
            if r.finding.level is Level.RED
        ]
        if not late and not untold:
            continue
        card = cards.head(
            world.records.department(department).name,
            _due(reminder, world),
            late=late,
            deviating=_deviating(world, untold),
            days_late=reminder.days_late,
            department_id=department,
            days_to_finance=(finance - now.date()).days,
        )
        yield Send(head.id, card, f"head:{now.date()}", told=tuple(r.id for r in untold))


def _overdue(world: World, owing: Sequence[Duty]) -> tuple[cards.Overdue, ...]:
    groups = _grouped(owing, lambda d: d.unit_id)
    return tuple(
        cards.Overdue(
            world.records.unit(unit).name,
            "、".join(_names(world, {d.filler_id for d in duties})),
            len(duties),
        )
        for unit, duties in groups.items()
    )


def _deviating(world: World, raised: Sequence[Raised]) -> tuple[cards.Deviating, ...]:
    found = []
    for item in raised:
        project = world.records.project(item.project_id)
        found.append(cards.Deviating(project.name if project else item.project_id, item.finding))
    return tuple(found)


def _names(world: World, people: Iterable[str]) -> tuple[str, ...]:
    return tuple(p.name for p in map(world.records.person, sorted(people)) if p)


def _owes(duty: Duty) -> bool:
    return duty.filing.state in OWING


def _administrators(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    for admin in world.records.people_with(Role.ADMIN, "*"):
        year = reminder.at.year + 1
        yield Send(admin.id, cards.calendar_missing(year), f"calendar:{year}")


Speaker = Callable[[Reminder, World, datetime], Iterator[Send]]

#: which planned moments become messages; the department clock speaks once departments file 附表2、3 here.
SPEAKERS: dict[tuple[Annex, Audience], Speaker] = {
    (Annex.UNIT, Audience.FILLER): _fillers,
    (Annex.UNIT, Audience.UNIT_HEAD): _unit_heads,
    (Annex.UNIT, Audience.BUDGET_OFFICE): _offices,
    (Annex.UNIT, Audience.DEPARTMENT_HEAD): _heads,
    (Annex.UNIT, Audience.ADMIN): _administrators,
}
