"""What a question is about and whether this person may be told: the reach of their duties, or the place they named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.audience import departments_under
from bot.people import Action, Subject, may
from bot.turn import Case, World
from regulation.reporting import ReportState
from regulation.roster import Person, Role
from regulation.rounds import MonitoringRound
from regulation.tallies import KnownName, ProjectMoney, UnitCount

#: states in which finance has a department's report before it: only then may it see the figures (DOMAIN §4).
WITH_FINANCE = (ReportState.FILED, ReportState.APPROVED, ReportState.RECTIFYING, ReportState.CLOSED)


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the district: the whole of it, some departments, some units of them, or one filler's own forms."""

    label: str
    departments: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    filler: str = ""
    whole: bool = False
    division: bool = False

    def holds(self, department_id: str, unit_id: str, filler_id: str = "") -> bool:
        """Whether something there belongs to it."""
        if self.filler:
            return filler_id == self.filler
        return self.whole or (department_id in self.departments and (not self.units or unit_id in self.units))

    @property
    def one_department(self) -> str | None:
        """The one department it lies in, so that storage need not look further."""
        return self.departments[0] if len(self.departments) == 1 else None

    @property
    def subject(self) -> str:
        """How the audit log names it."""
        return ",".join(self.units or self.departments) or self.filler or "*"


def _district(_case: Case, _ids: tuple[str, ...]) -> Scope:
    return Scope("全区", whole=True)


def _division(case: Case, ids: tuple[str, ...]) -> Scope:
    under = tuple(d for each in ids for d in departments_under(case.world, Role.FINANCE_DIVISION, each))
    return Scope("归口部门", under, division=True)


def _departments(case: Case, ids: tuple[str, ...]) -> Scope:
    return Scope("、".join(case.world.records.department(each).name for each in ids), ids)


def _units(case: Case, ids: tuple[str, ...]) -> Scope:
    units = [case.world.records.unit(each) for each in ids]
    departments = tuple(dict.fromkeys(unit.department_id for unit in units))
    return Scope("、".join(unit.name for unit in units), departments, ids)


#: the widest duty first.
_REACH: tuple[tuple[Role, Callable[[Case, tuple[str, ...]], Scope]], ...] = (
    (Role.PERFORMANCE_OFFICE, _district),
    (Role.FINANCE_DIVISION, _division),
    (Role.DEPARTMENT_HEAD, _departments),
    (Role.BUDGET_OFFICE, _departments),
    (Role.UNIT_HEAD, _units),
)


def reach(case: Case) -> Scope:
    """What the person answers for: all scopes of their widest duty (S14), else their own forms."""
    for role, drawn in _REACH:
        ids = tuple(d.scope_id for d in case.person.duties if d.role is role)
        if ids:
            return drawn(case, ids)
    return Scope("您", filler=case.person.id)


def of_place(place: KnownName) -> Scope:
    """The department or unit that was named."""
    units = (place.unit_id or place.id,) if place.kind != "department" else ()
    return Scope(place.name, (place.department_id,), units)


def may_count(case: Case, place: KnownName) -> bool:
    """Whether the person may be told how many forms of that place are in; finance may, also before filing."""
    department = Subject(place.department_id, division_id=division_of(case.world, place.department_id))
    unit = Subject(place.department_id, place.id if place.kind == "unit" else place.unit_id)
    return may(case.person, Action.SEE_DEPARTMENT, department) or (
        place.kind != "department" and may(case.person, Action.SEE_UNIT, unit)
    )


def division_of(world: World, department_id: str) -> str:
    """The 归口业务处室 of a department."""
    return world.records.department(department_id).division_id


def counts_in(case: Case, round: MonitoringRound, scope: Scope) -> list[UnitCount]:
    """The forms of every unit there."""
    every = case.world.records.unit_counts(round, department_id=scope.one_department)
    return [each for each in every if scope.holds(each.department_id, each.unit_id)]


def money_in(case: Case, round: MonitoringRound, scope: Scope) -> tuple[list[ProjectMoney], int]:
    """The money of the filed forms there that the person may see, and how many departments are left out because
    they have not filed with finance yet."""
    every = case.world.records.money(round, department_id=scope.one_department)
    known = Sight(case.world, round)
    inside = [each for each in every if scope.holds(each.department_id, each.unit_id, each.filler_id)]
    seen = [each for each in inside if known.may_see(case.person, each)]
    hidden = {each.department_id for each in inside} - {each.department_id for each in seen}
    return seen, len(hidden)


class Sight:
    """Who may see the figures of which department in a round; asked once, used for every project."""

    def __init__(self, world: World, round: MonitoringRound) -> None:
        self._divisions = {d.id: d.division_id for d in world.records.departments()}
        self._filed = frozenset(
            r.department_id for r in world.records.reports(round) if r.state in WITH_FINANCE
        )

    def may_see(self, person: Person, about: ProjectMoney | KnownName) -> bool:
        """Whether this person may be told the figures of that project."""
        subject = Subject(
            about.department_id,
            about.unit_id,
            about.filler_id,
            filed=about.department_id in self._filed,
            division_id=self._divisions.get(about.department_id, ""),
        )
        return may(person, Action.ASK_FIGURES, subject)


def named(scopes: Iterable[KnownName], kinds: tuple[str, ...]) -> list[KnownName]:
    """Only places of these kinds."""
    return [each for each in scopes if each.kind in kinds]
