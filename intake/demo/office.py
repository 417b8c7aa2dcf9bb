"""The demonstration district, put together from its TOML files; names and projects are invented."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

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

YEAR = 2026
SIMULATOR = "simulator"

FILES = (
    "education",
    "city_management",
    "water",
    "health",
    "housing",
    "civil_affairs",
    "agriculture",
    "culture",
    "emergency",
)
OUTPUTS = frozenset({"数量", "质量", "时效", "成本"})
SATISFACTION = "满意度"

Table = dict[str, Any]


@cache
def demo_roster() -> Roster:
    """The district of the demonstration in 2026: 9 departments, 31 units, 67 projects."""
    district, departments = _toml("district"), tables()
    return Roster(
        divisions=tuple(FinanceDivision(one["id"], one["name"]) for one in district["division"]),
        departments=tuple(
            Department(one["id"], one["name"], one["division"], _total(one)) for one in departments
        ),
        units=tuple(_units(departments)),
        people=_people([*_duties(departments), *_district_duties(district)]),
        projects=tuple(_project(one, table) for table in departments for one in table["project"]),
        offline=tuple(
            (unit["id"], unit["offline"]) for one in departments for unit in one["unit"] if "offline" in unit
        ),
    )


def _total(department: Table) -> Decimal | None:
    """本年度预算资金总额; 区应急管理局 leaves it to its budget office."""
    return Decimal(department["total"]) if "total" in department else None


@cache
def tables() -> tuple[Table, ...]:
    """The departments as written."""
    return tuple(_toml(name) for name in FILES)


def rows(project: Table) -> Iterator[list[str]]:
    """The indicators of one project as written: 二级, 三级, 年度目标, 二季度完成, 可能性, 阶段值."""
    for line in project["indicators"]:
        parts = line.split("|")
        yield parts + [""] * (6 - len(parts))


def _toml(name: str) -> Table:
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _units(departments: Iterable[Table]) -> Iterator[ResponsibleUnit]:
    for one in departments:
        for unit in one["unit"]:
            yield ResponsibleUnit(unit["id"], one["id"], unit["name"], unit.get("headquarters", False))


def _duties(departments: Iterable[Table]) -> Iterator[tuple[str, Duty]]:
    """Who holds what, as ``id 姓名`` and the duty."""
    for one in departments:
        yield one["head"], Duty(Role.DEPARTMENT_HEAD, one["id"])
        for who in one["budget_office"]:
            yield who, Duty(Role.BUDGET_OFFICE, one["id"])
        for unit in one["unit"]:
            yield unit["head"], Duty(Role.UNIT_HEAD, unit["id"])
            for who in unit.get("fillers", ()):
                yield who, Duty(Role.FILLER, unit["id"])


def _district_duties(district: Table) -> Iterator[tuple[str, Duty]]:
    for one in district["division"]:
        for who in one["people"]:
            yield who, Duty(Role.FINANCE_DIVISION, one["id"])
    for who in district["performance_office"]:
        yield who, Duty(Role.PERFORMANCE_OFFICE, "*")
    for who in district["admin"]:
        yield who, Duty(Role.ADMIN, "*")


def _people(duties: Iterable[tuple[str, Duty]]) -> tuple[Person, ...]:
    people: dict[str, Person] = {}
    for who, duty in duties:
        code, name = who.split()
        known = people.get(code) or Person(code, name, (), ((SIMULATOR, code),))
        people[code] = replace(known, duties=(*known.duties, duty))
    return tuple(people.values())


def _project(one: Table, department: Table) -> Project:
    sources = tuple(
        (source, Decimal(one["sources"][source])) for source in FundSource if source in one["sources"]
    )
    return Project(
        id=one["id"],
        year=YEAR,
        unit_id=one["unit"],
        filler_id=one["filler"],
        name=one["name"],
        budget_initial=Decimal(one["initial"]),
        budget_current=sum((amount for _, amount in sources), Decimal(0)),
        sources=sources,
        indicators=tuple(_indicators(one, long=department.get("long_levels", False))),
        code=one.get("code", ""),
        is_key="basis" in one,
        key_basis=KeyBasis(one["basis"]) if "basis" in one else None,
        starts=one.get("starts"),
        ends=one.get("ends"),
        has_ongoing_procurement=one.get("procurement", False),
    )


def _indicators(project: Table, *, long: bool) -> Iterator[Indicator]:
    for position, (level2, name, target, _, _, stages) in enumerate(rows(project), 1):
        second, third = ([Decimal(stage) for stage in stages.split("/")]) if stages else (None, None)
        yield Indicator(position, *_levels(level2, long=long), name, target, second, third)


def _levels(level2: str, *, long: bool) -> tuple[str, str]:
    """一级 and 二级 in the words of the 办法, or ``long`` in the words of older goal tables."""
    if not long:
        return ("产出" if level2 in OUTPUTS else "效果"), level2
    if level2 == SATISFACTION:
        return "满意度指标", "服务对象满意度指标"
    return ("产出指标" if level2 in OUTPUTS else "效益指标"), f"{level2}指标"
