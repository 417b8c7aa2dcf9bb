"""What superiors are told: who is late, how often they were pressed, what deviates; merged, each once (DOMAIN §4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot import dues
from bot.cards import remind as cards
from bot.effects import Send
from bot.owing import Owing, look, may_consolidate
from bot.turn import Duty, Raised, World
from regulation.chasing import Chased, chased
from regulation.deadlines import Annex
from regulation.deviation import Level
from regulation.filing import FilingState
from regulation.reminders import Occasion, Reminder
from regulation.roster import Role
from regulation.rounds import MonitoringRound


def offices(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """Each department's budget office: said again only when something changed (merged, 17:00; late, 09:00)."""
    owing = look(world, reminder.round, now.date())
    outstanding = {d.project_id for d in owing.outstanding}
    for department, duties in grouped(owing.duties).items():
        if not reminder.concerns(department):
            continue
        missing = [d for d in duties if d.project_id in outstanding]
        for person in world.records.people_with(Role.BUDGET_OFFICE, department):
            told = world.records.findings(reminder.round, department_id=department, untold_to=person.id)
            if reminder.occasion is Occasion.LATE and not missing:
                continue
            yield _office(reminder, world, department, duties, missing, owing, told, person.id)
    if reminder.occasion is Occasion.COLLECTED:
        yield from _red_to_heads(reminder, world, now)


def _office(
    reminder: Reminder,
    world: World,
    department: str,
    duties: Sequence[Duty],
    missing: Sequence[Duty],
    owing: Owing,
    untold: Sequence[Raised],
    person_id: str,
) -> Send:
    late = _overdue(reminder, world, owing, department) if reminder.days_late else ()
    names = tuple(dict.fromkeys(world.records.unit(d.unit_id).name for d in missing))
    filed = len(duties) - len(missing)
    ready = filed > 0 and may_consolidate(world, department, reminder.round)
    waiting = sum(d.filing.state is FilingState.FILED for d in duties)
    card = cards.office(
        f"{world.records.department(department).name}附表1 收齐 {filed}/{len(duties)}",
        due_words(reminder, world),
        late=late,
        missing=names,
        deviating=_deviating(world, untold),
        department_id=department,
        can_nudge=bool(missing),
        waiting=waiting,
        begin=f"{reminder.round.code}:{department}" if ready else "",
    )
    moment = f":{reminder.at:%Y%m%d}" if reminder.occasion is Occasion.LATE else ""
    state = f"{filed}:{len(late)}:{max((r.id for r in untold), default=0)}"
    key = f"office:{reminder.round.code}:{department}{moment}:{state}"
    return Send(person_id, card, key, told=tuple(r.id for r in untold))


def heads(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """Each department head with late units: overdue and untold red findings in the one message of the day."""
    owing = look(world, reminder.round, now.date())
    for department in filter(reminder.concerns, grouped(owing.overdue())):
        yield from _to_heads(reminder, world, now, department, owing)


def _red_to_heads(reminder: Reminder, world: World, now: datetime) -> Iterator[Send]:
    """Heads of departments with red findings nobody told them of yet, late units or not."""
    red = [r for r in world.records.findings(reminder.round) if r.finding.level is Level.RED]
    projects = {r.project_id: world.records.project(r.project_id) for r in red}
    units = {p.unit_id for p in projects.values() if p}
    departments = sorted({world.records.unit(unit).department_id for unit in units})
    for department in filter(reminder.concerns, departments):
        yield from _to_heads(reminder, world, now, department, None)


def _to_heads(
    reminder: Reminder, world: World, now: datetime, department: str, owing: Owing | None
) -> Iterator[Send]:
    late = _overdue(reminder, world, owing, department) if reminder.days_late and owing else ()
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
            due_words(reminder, world),
            late=late,
            deviating=_deviating(world, untold),
            days_late=reminder.days_late,
            department_id=department,
            days_to_finance=(finance - now.date()).days,
        )
        yield Send(head.id, card, f"head:{now.date()}", told=tuple(r.id for r in untold))


def due_words(reminder: Reminder, world: World) -> str:
    """``10月10日（周六）前报送``, or that it was due then."""
    limit = world.deadline(reminder.round, Annex.UNIT, reminder.department)
    if reminder.days_late:
        return f"应于{world.workdays.label(limit.last)}报送"
    return dues.until(limit, reminder.at, world.workdays, "报送")


def grouped(duties: Iterable[Duty]) -> dict[str, list[Duty]]:
    """Department id -> its duties, in their order."""
    groups: dict[str, list[Duty]] = {}
    for duty in duties:
        groups.setdefault(duty.department_id, []).append(duty)
    return groups


def _overdue(reminder: Reminder, world: World, owing: Owing, department: str) -> tuple[cards.Overdue, ...]:
    pressed = chased(world.records.nudges(reminder.round))
    units: dict[str, list[Duty]] = {}
    for duty in owing.overdue():
        if duty.department_id == department:
            units.setdefault(duty.unit_id, []).append(duty)
    return tuple(_late_unit(reminder, world, owing, unit, late, pressed) for unit, late in units.items())


def _late_unit(
    reminder: Reminder,
    world: World,
    owing: Owing,
    unit_id: str,
    late: Sequence[Duty],
    pressed: dict[str, Chased],
) -> cards.Overdue:
    """One unit that is late: in whose hands its forms are, how often they were pressed, whether they ever looked."""
    to_fill = [d for d in late if d.filing.state is not FilingState.AWAITING_UNIT]
    asked = dict.fromkeys(owing.asked_of(d) for d in to_fill)
    names = [p.name for p in map(world.records.person, sorted(asked)) if p]
    names += ["等负责人确认"] if len(to_fill) < len(late) else []
    nudges = max((pressed[who].times for who in asked if who in pressed), default=0)
    unopened = bool(asked) and not any(opened(world, reminder.round, who, to_fill) for who in asked)
    dated = [owing.dated[d.project_id].due for d in late if d.project_id in owing.dated]
    own = max(((owing.day - due).days for due in dated if due), default=0)
    days = own if len(dated) == len(late) else 0
    name = world.records.unit(unit_id).name
    return cards.Overdue(name, "、".join(names), len(late), nudges=nudges, unopened=unopened, days=days)


def opened(world: World, round: MonitoringRound, person_id: str, duties: Sequence[Duty]) -> bool:
    """Whether somebody did anything about it: typed, opened a form, or read a reminder where the platform says so."""
    if any(d.answered or d.filing.version for d in duties if d.filler_id == person_id):
        return True
    records = world.records
    return records.acted(opened_key(round.code, person_id)) or records.was_read(
        person_id, f"remind:{round.code}"
    )


def opened_key(code: str, person_id: str) -> str:
    """The mark that somebody opened a form of that round."""
    return f"opened:{code}:{person_id}"


def _deviating(world: World, raised: Sequence[Raised]) -> tuple[cards.Deviating, ...]:
    found = []
    for item in raised:
        project = world.records.project(item.project_id)
        found.append(cards.Deviating(project.name if project else item.project_id, item.finding))
    return tuple(found)
