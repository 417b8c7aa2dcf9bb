"""Who a notice reaches: from its audience, the forms of the round and the roster to people; pure, no permission."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time

from bot.turn import Duty, World
from regulation.deadlines import SHANGHAI, Annex
from regulation.filing import FilingState
from regulation.notices import Condition, Notice
from regulation.roster import ROLE_LABELS, Person, Role

OWING = (FilingState.NOT_STARTED, FilingState.DRAFT, FilingState.RETURNED)
#: the duties that may write to many, the widest first, and whom each may write to.
AUTHORS: dict[Role, tuple[Role, ...]] = {
    Role.PERFORMANCE_OFFICE: (Role.FILLER, Role.UNIT_HEAD, Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD),
    Role.FINANCE_DIVISION: (Role.FILLER, Role.UNIT_HEAD, Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD),
    Role.BUDGET_OFFICE: (Role.FILLER, Role.UNIT_HEAD),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A department or unit that can be named as 范围."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a condition may look at."""

    late: bool
    opened: frozenset[str]


def _late(duty: Duty, seen: _Seen) -> bool:
    return seen.late and duty.filing.state in OWING


def _unopened(duty: Duty, seen: _Seen) -> bool:
    return duty.filing.state in OWING and not duty.answered and duty.filler_id not in seen.opened


_HOLDS: dict[Condition, Callable[[Duty, _Seen], bool]] = {
    Condition.ALL: lambda _duty, _seen: True,
    Condition.OWING: lambda duty, _seen: duty.filing.state in OWING,
    Condition.LATE: _late,
    Condition.RETURNED: lambda duty, _seen: duty.filing.state is FilingState.RETURNED,
    Condition.UNOPENED: _unopened,
    Condition.FILED: lambda duty, _seen: duty.filing.state not in OWING,
}


def capacities(person: Person) -> tuple[tuple[Role, str], ...]:
    """(duty, scope) this person may write to many as, the widest first."""
    return tuple((role, d.scope_id) for role in AUTHORS for d in person.duties if d.role is role)


def departments_under(world: World, role: Role, scope_id: str) -> tuple[str, ...]:
    """The departments that duty answers for."""
    if role is Role.BUDGET_OFFICE:
        return (scope_id,)
    every = world.records.departments()
    return tuple(d.id for d in every if role is Role.PERFORMANCE_OFFICE or d.division_id == scope_id)


def places(world: World, role: Role, scope_id: str) -> tuple[Place, ...]:
    """What that duty may name as 范围: finance its departments, a budget office its units."""
    under = departments_under(world, role, scope_id)
    if role is Role.BUDGET_OFFICE:
        return tuple(Place(u.id, u.name) for u in world.records.units() if u.department_id in under)
    return tuple(Place(d.id, d.name) for d in world.records.departments() if d.id in under)


def recipients(world: World, notice: Notice, now: datetime) -> tuple[Person, ...]:
    """The people the notice is for at that moment, each once, in roster order; never its author."""
    duties = _duties(world, notice, now)
    wanted = {key for role in notice.audience.roles for duty in duties for key in _KEYS[role](duty)}
    return tuple(
        person
        for person in world.records.people()
        if person.id != notice.author_id and not wanted.isdisjoint(_held(person))
    )


_KEYS: dict[Role, Callable[[Duty], tuple[tuple[str, str], ...]]] = {
    Role.FILLER: lambda duty: (("person", duty.filler_id),),
    Role.UNIT_HEAD: lambda duty: ((Role.UNIT_HEAD, duty.unit_id),),
    Role.BUDGET_OFFICE: lambda duty: ((Role.BUDGET_OFFICE, duty.department_id),),
    Role.DEPARTMENT_HEAD: lambda duty: ((Role.DEPARTMENT_HEAD, duty.department_id),),
}


def _held(person: Person) -> Iterable[tuple[str, str]]:
    """What of ``wanted`` this person is: the filler of a form, also one who has left (T21), a head or an office."""
    return (("person", person.id), *((d.role, d.scope_id) for d in person.duties if person.active))


def _duties(world: World, notice: Notice, now: datetime) -> list[Duty]:
    audience = notice.audience
    under = set(departments_under(world, notice.role, notice.scope_id))
    one = next(iter(under)) if len(under) == 1 else None
    since = datetime.combine(world.deadline(world.round, Annex.UNIT).opens, time(), SHANGHAI)
    opened = world.records.opened_since(since) if audience.condition is Condition.UNOPENED else ()
    seen = _Seen(world.deadline(world.round, Annex.UNIT).is_late(now), frozenset(opened))
    return [
        duty
        for duty in world.records.duties(world.round, department_id=one)
        if duty.department_id in under
        and (not audience.scopes or {duty.department_id, duty.unit_id} & set(audience.scopes))
        and _HOLDS[audience.condition](duty, seen)
    ]


def without_account(people: Iterable[Person]) -> tuple[Person, ...]:
    """Those nothing can be sent to: no account on any platform, or no longer here."""
    return tuple(p for p in people if not p.identities or not p.active)


def office_name(world: World, role: Role, scope_id: str) -> str:
    """``区财政局绩效科``, ``教科文科``, ``区教育局预算科``: what stands under a notice."""
    if role is Role.PERFORMANCE_OFFICE:
        return "区财政局绩效科"
    if role is Role.FINANCE_DIVISION:
        return next((d.name for d in world.records.divisions() if d.id == scope_id), ROLE_LABELS[role])
    return f"{world.records.department(scope_id).name}预算科"
