"""A generated district of any size for rehearsals and load tests; the same seed always gives the same district."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from random import Random

from intake.demo.office import SIMULATOR
from intake.demo.stock import GIVEN_NAMES, INDICATORS, SPHERES, SURNAMES, UNIT_KINDS, Wording
from regulation.roster import (
    Department,
    Duty,
    FinanceDivision,
    FundSource,
    Indicator,
    KeyBasis,
    Person,
    Project,
    ResponsibleUnit,
    Role,
    Roster,
)

UNITS_PER_DEPARTMENT = 10
DEPARTMENTS_PER_DIVISION = 8
#: One project in this many is a key project.
KEY_EVERY = 7


def district(units: int, seed: int, year: int, *, projects_per_unit: tuple[int, int] = (2, 3)) -> Roster:
    """A district of ``units`` responsible units (≥ 1, headquarters included) and a tenth as many departments.

    Each unit has between ``projects_per_unit[0]`` and ``[1]`` projects. Raises ValueError for less than one unit."""
    if units < 1:
        raise ValueError("一个区至少要有一个单位")
    return _Growing(Random(seed), year, projects_per_unit).grown(units)


@dataclass(slots=True)
class _Growing:
    """A district while it is being put together."""

    chance: Random
    year: int
    projects_per_unit: tuple[int, int]
    departments: list[Department] = field(default_factory=list)
    units: list[ResponsibleUnit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)

    def grown(self, units: int) -> Roster:
        count = max(1, units // UNITS_PER_DEPARTMENT)
        divisions = tuple(
            FinanceDivision(f"f{at:02}", f"业务{at}科")
            for at in range(1, count // DEPARTMENTS_PER_DIVISION + 2)
        )
        for at in range(count):
            self._department(at, divisions[at % len(divisions)])
        for at in range(units):
            self._unit(self.departments[at % count], at // count)
        for division in divisions:
            self._person("fin", Duty(Role.FINANCE_DIVISION, division.id))
        for _ in range(2):
            self._person("fin", Duty(Role.PERFORMANCE_OFFICE, "*"))
        self._person("adm", Duty(Role.ADMIN, "*"))
        return Roster(
            divisions, tuple(self._with_totals()), tuple(self.units), tuple(self.people), tuple(self.projects)
        )

    def _with_totals(self) -> Iterator[Department]:
        """本年度预算资金总额 is all of a department's money: a quarter more than its projects (第三条)."""
        department_of = {unit.id: unit.department_id for unit in self.units}
        for department in self.departments:
            own = (p.budget_current for p in self.projects if department_of[p.unit_id] == department.id)
            yield replace(department, budget_total=sum(own, Decimal(0)) * Decimal("1.25"))

    def _department(self, at: int, division: FinanceDivision) -> None:
        sphere = SPHERES[at % len(SPHERES)]
        again = at // len(SPHERES)
        name = f"区{sphere.name}局" if not again else f"区{sphere.name}{again + 1}局"
        department = Department(f"d{at + 1:03}", name, division.id)
        self.departments.append(department)
        self._person("bud", Duty(Role.BUDGET_OFFICE, department.id))
        self._person("dep", Duty(Role.DEPARTMENT_HEAD, department.id))

    def _unit(self, department: Department, at: int) -> None:
        number = len(self.units) + 1
        kind = UNIT_KINDS[at % len(UNIT_KINDS)]
        name = f"{department.name}本级" if at == 0 else f"{department.name.removesuffix('局')}第{at}{kind}"
        unit = ResponsibleUnit(f"u{number:04}", department.id, name, at == 0)
        self.units.append(unit)
        self._person("head", Duty(Role.UNIT_HEAD, unit.id))
        filler = self._person("clerk", Duty(Role.FILLER, unit.id))
        for _ in range(self.chance.randint(*self.projects_per_unit)):
            self._project(unit, filler)

    def _person(self, kind: str, duty: Duty) -> Person:
        code = f"{kind}{len(self.people) + 1:05}"
        name = self.chance.choice(SURNAMES) + self.chance.choice(GIVEN_NAMES)
        person = Person(code, name, (duty,), ((SIMULATOR, code),))
        self.people.append(person)
        return person

    def _project(self, unit: ResponsibleUnit, filler: Person) -> None:
        number = len(self.projects) + 1
        sphere = SPHERES[(int(unit.department_id[1:]) - 1) % len(SPHERES)]
        is_key = self.chance.randrange(KEY_EVERY) == 0
        sources = _sources(self.chance, several=is_key or self.chance.random() < 0.3)
        current = sum((amount for _, amount in sources), Decimal(0))
        starts, ends = _span(self.chance, self.year)
        self.projects.append(
            Project(
                id=f"p{number:05}",
                year=self.year,
                unit_id=unit.id,
                filler_id=filler.id,
                name=f"{self.chance.choice(sphere.works)}{self.chance.choice(sphere.manners)}（{number}）",
                budget_initial=_initial(self.chance, current),
                budget_current=current,
                sources=sources,
                indicators=tuple(_indicators(self.chance)),
                is_key=is_key,
                key_basis=self.chance.choice(list(KeyBasis)) if is_key else None,
                starts=starts,
                ends=ends,
                has_ongoing_procurement=self.chance.random() < 0.25,
            )
        )


def _sources(chance: Random, *, several: bool) -> tuple[tuple[FundSource, Decimal], ...]:
    """One source, mostly the district's own, or two to four of them, in the order of the form."""
    count = chance.randint(2, 4) if several else 1
    chosen = {FundSource.DISTRICT, *chance.sample(list(FundSource), count - 1)}
    return tuple((source, _amount(chance)) for source in FundSource if source in chosen)


def _amount(chance: Random) -> Decimal:
    """Between 8 and 900 万元 with two decimals, small ones more often."""
    return Decimal(chance.randint(800, chance.choice((6000, 20000, 90000)))) / 100


def _initial(chance: Random, current: Decimal) -> Decimal:
    """Mostly the same as the adjusted budget, sometimes a tenth less or more."""
    changed = current * chance.choice((1, 1, 1, Decimal("0.9"), Decimal("1.1")))
    return changed.quantize(Decimal("0.01"))


def _span(chance: Random, year: int) -> tuple[date | None, date | None]:
    """Most run the whole year and say nothing; some start or end within it."""
    if chance.random() < 0.7:
        return None, None
    starts = date(year, chance.randint(1, 7), 1)
    return starts, date(year, chance.randint(starts.month + 2, 12), 28)


def _indicators(chance: Random) -> Iterator[Indicator]:
    """Four to ten: outputs first, then effects, each wording at most once."""
    outputs = chance.sample([one for one in INDICATORS if one.level1 == "产出"], chance.randint(3, 6))
    effects = chance.sample([one for one in INDICATORS if one.level1 == "效果"], chance.randint(1, 4))
    order: Sequence[Wording] = [one for one in INDICATORS if one in outputs or one in effects]
    for position, one in enumerate(order, 1):
        low, high = one.span
        target = one.target.format(chance.randint(low, high))
        yield Indicator(position, one.level1, one.level2, one.name, target)
