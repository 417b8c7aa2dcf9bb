"""What must hold between a roster's rows: codes once, references that lead somewhere, duties held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from intake.rows import WIDE_ROLES, Placed
from regulation.roster import (
    ROLE_LABELS,
    Department,
    Duty,
    FinanceDivision,
    Indicator,
    Person,
    Project,
    ResponsibleUnit,
    Role,
)

#: Whose code a duty's scope must be.
SCOPES = {
    Role.FILLER: "单位",
    Role.UNIT_HEAD: "单位",
    Role.BUDGET_OFFICE: "部门",
    Role.DEPARTMENT_HEAD: "部门",
    Role.FINANCE_DIVISION: "处室",
}


class Coded(Protocol):
    """Anything with a code."""

    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing", bound=Coded)


@dataclass(frozen=True, slots=True)
class Sheets:
    """Everything read, still with its rows. ``hidden`` are the codes of classified projects."""

    divisions: Sequence[Placed[FinanceDivision]]
    departments: Sequence[Placed[Department]]
    units: Sequence[Placed[ResponsibleUnit]]
    person_rows: Sequence[Placed[Person]]
    people: Sequence[Placed[Person]]
    projects: Sequence[Placed[Project]]
    indicators: Sequence[Placed[tuple[str, Indicator]]]
    hidden: frozenset[str] = frozenset()


def check(sheets: Sheets) -> None:
    """Note every broken rule on the row that breaks it."""
    _once(sheets.divisions, "处室编码")
    _once(sheets.departments, "部门编码")
    _once(sheets.units, "单位编码")
    _once(sheets.projects, "项目编码")
    _departments(sheets)
    _units(sheets)
    _duties(sheets)
    _projects(sheets)
    _indicators(sheets)
    _held(sheets)


def by_code(placed: Iterable[Placed[Thing]]) -> dict[str, Thing]:
    """The items by their code, the first of each."""
    found: dict[str, Thing] = {}
    for one in placed:
        found.setdefault(one.item.id, one.item)
    return found


def _once(placed: Iterable[Placed[Thing]], column: str) -> None:
    rows: dict[str, int] = {}
    for one in placed:
        first = rows.setdefault(one.item.id, one.row.number)
        if one.item.id and first != one.row.number:
            one.row.fault(column, f"“{one.item.id}”在第 {first} 行已用过。编码不能重复。")


def _departments(sheets: Sheets) -> None:
    divisions = by_code(sheets.divisions)
    headquarters = Counter(one.item.department_id for one in sheets.units if one.item.is_headquarters)
    for one in sheets.departments:
        _refers(one.row.fault, "归口处室编码", one.item.division_id, divisions, "处室")
        if one.item.id and not headquarters[one.item.id]:
            one.row.fault("部门编码", "《单位》里没有这个部门的本级。请加一行，是否本级填“是”（第四条）。")


def _units(sheets: Sheets) -> None:
    departments, units = by_code(sheets.departments), by_code(sheets.units)
    first: dict[str, int] = {}
    for one in sheets.units:
        parent = one.item.department_id
        if parent and parent not in departments and parent in units:
            one.row.fault("部门编码", f"“{parent}”是单位的编码。这里要写部门的编码，单位下面不再挂单位。")
        else:
            _refers(one.row.fault, "部门编码", parent, departments, "部门")
        if one.item.is_headquarters and first.setdefault(parent, one.row.number) != one.row.number:
            one.row.fault("是否本级", f"第 {first[parent]} 行已是这个部门的本级，只能有一个。")


def _duties(sheets: Sheets) -> None:
    known: dict[str, Mapping[str, object]] = {
        "处室": by_code(sheets.divisions),
        "部门": by_code(sheets.departments),
        "单位": by_code(sheets.units),
    }
    for one in sheets.person_rows:
        for duty in one.item.duties:
            if duty.role not in WIDE_ROLES:
                _refers(
                    one.row.fault, "职责范围编码", duty.scope_id, known[SCOPES[duty.role]], SCOPES[duty.role]
                )


class _Note(Protocol):
    def __call__(self, column: str, text: str, /) -> None: ...


def _refers(note: _Note, column: str, code: str, known: Mapping[str, object], sheet: str) -> None:
    if code and code not in known:
        note(column, f"《{sheet}》里没有编码“{code}”。")


def _projects(sheets: Sheets) -> None:
    units, people = by_code(sheets.units), by_code(sheets.people)
    counted = Counter(code for code, _ in (one.item for one in sheets.indicators))
    for one in sheets.projects:
        _refers(one.row.fault, "单位编码", one.item.unit_id, units, "单位")
        _filler(one, people)
        _basis(one)
        _dates(one)
        if one.item.id in sheets.hidden:
            one.row.fault("项目编码", "这个编码和一个涉密项目相同。请换一个编码。")
        if one.item.id and not counted[one.item.id]:
            one.row.warn("项目编码", "《指标》里没有这个项目的指标。附表1 的指标部分会是空的。")
    _names(sheets.projects)
    if len({one.item.year for one in sheets.projects if one.item.year}) > 1:
        sheets.projects[0].row.warn("年度", "这本名册里不止一个年度，请核对。")


def _filler(one: Placed[Project], people: Mapping[str, Person]) -> None:
    """第九条(一): every project has a named person, who can still do it."""
    _refers(one.row.fault, "经办人编码", one.item.filler_id, people, "人员")
    filler = people.get(one.item.filler_id)
    if filler and not filler.active:
        one.row.fault("经办人编码", f"{filler.name}已停用。请换一位经办人（第九条）。")
    elif filler and not filler.has(Role.FILLER, one.item.unit_id):
        one.row.warn("经办人编码", f"{filler.name}在《人员》里不是这个单位的经办人，请核对。")


def _basis(one: Placed[Project]) -> None:
    if one.item.key_basis and not one.item.is_key:
        one.row.fault("重点依据", "写了依据，是否重点却不是“是”。请改成一致。")
    if one.item.is_key and not one.item.key_basis:
        one.row.warn("重点依据", "重点项目没有写依据（第五条）。")


def _dates(one: Placed[Project]) -> None:
    starts, ends = one.item.starts, one.item.ends
    if starts and ends and ends < starts:
        one.row.fault("计划结束", "早于计划开始。")
    elif one.item.year and ends and ends.year < one.item.year:
        one.row.warn("计划结束", f"早于 {one.item.year} 年，请核对。")
    elif one.item.year and starts and starts.year > one.item.year:
        one.row.warn("计划开始", f"晚于 {one.item.year} 年，请核对。")


def _names(projects: Iterable[Placed[Project]]) -> None:
    first: dict[tuple[str, str], int] = {}
    for one in projects:
        row = first.setdefault((one.item.unit_id, one.item.name), one.row.number)
        if row != one.row.number and one.item.name:
            one.row.warn("项目名称", f"和第 {row} 行同一单位、同一名称，请核对是不是重复。")


def _indicators(sheets: Sheets) -> None:
    projects = by_code(sheets.projects)
    first: dict[tuple[str, int], int] = {}
    for one in sheets.indicators:
        project, indicator = one.item
        _refers(one.row.fault, "项目编码", project, projects, "项目")
        row = first.setdefault((project, indicator.position), one.row.number)
        if project and indicator.position and row != one.row.number:
            one.row.fault("序号", f"第 {row} 行已是这个项目的第 {indicator.position} 条。")


def _held(sheets: Sheets) -> None:
    """Duties nobody holds stop nothing, but somebody will miss a message: warn."""
    active = (person.item for person in sheets.people if person.item.active)
    held = frozenset(duty for person in active for duty in person.duties)
    for one in sheets.departments:
        for role in (Role.BUDGET_OFFICE, Role.DEPARTMENT_HEAD):
            _warn_unheld(one, role, held)
    for unit in sheets.units:
        _warn_unheld(unit, Role.UNIT_HEAD, held)
    for division in sheets.divisions:
        _warn_unheld(division, Role.FINANCE_DIVISION, held)
    for person in sheets.people:
        if person.item.active and not person.item.identities:
            person.row.warn("姓名", f"{person.item.name}没有写任何平台的账号，收不到消息。")


def _warn_unheld(one: Placed[Thing], role: Role, held: frozenset[Duty]) -> None:
    if one.item.id and Duty(role, one.item.id) not in held:
        one.row.warn("", f"《人员》里没有人是它的{ROLE_LABELS[role]}，相应的提醒没有人收。")
