"""A roster written back as the workbook it can be read from: read_roster(write_roster(r)) gives r again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from intake.layout import DISTRICT_WIDE, NO, PLATFORM_COLUMNS, PUBLIC, SOURCES, YES, Value
from intake.workbook import blank, save
from regulation.roster import ROLE_LABELS, Duty, Indicator, Person, Project, ResponsibleUnit, Roster


def write_roster(roster: Roster) -> bytes:
    """The roster as .xlsx bytes, in the layout of the template. Classified projects are only a count."""
    offline = dict(roster.offline)
    rows: dict[str, Iterable[Sequence[Value]]] = {
        "处室": [(one.id, one.name) for one in roster.divisions],
        "部门": [(one.id, one.name, one.division_id, one.budget_total) for one in roster.departments],
        "单位": [_unit(one, offline.get(one.id)) for one in roster.units],
        "人员": [row for one in roster.people for row in _person(one)],
        "项目": [_project(one) for one in roster.projects],
        "指标": [_indicator(one.id, each) for one in roster.projects for each in one.indicators],
    }
    target = BytesIO()
    save(blank(rows), target)
    return target.getvalue()


def _yes(value: bool) -> str:
    return YES if value else NO


def _unit(unit: ResponsibleUnit, offline: int | None) -> Sequence[Value]:
    return (unit.id, unit.name, unit.department_id, _yes(unit.is_headquarters), offline or None)


def _person(person: Person) -> Iterable[Sequence[Value]]:
    """One row for each duty; the accounts stand on every row, so that rows may be sorted."""
    users = dict(person.identities)
    accounts = [users.get(platform) for platform in PLATFORM_COLUMNS]
    for duty in person.duties or (None,):
        yield (person.id, person.name, *_duty(duty), *accounts, _yes(person.active))


def _duty(duty: Duty | None) -> tuple[str | None, str | None]:
    if duty is None:
        return None, None
    return ROLE_LABELS[duty.role], DISTRICT_WIDE if duty.scope_id == "*" else duty.scope_id


def _project(project: Project) -> Sequence[Value]:
    amounts = dict(project.sources)
    return (
        project.id,
        project.code,
        project.name,
        project.unit_id,
        project.filler_id,
        project.year,
        project.budget_initial,
        *(amounts.get(source) for source in SOURCES),
        project.budget_current,
        _yes(project.is_key),
        project.key_basis.value if project.key_basis else None,
        project.starts,
        project.ends,
        _yes(project.has_ongoing_procurement),
        PUBLIC,
    )


def _indicator(project_id: str, indicator: Indicator) -> Sequence[Value]:
    return (
        project_id,
        indicator.position,
        indicator.level1,
        indicator.level2,
        indicator.name,
        indicator.target_text,
        indicator.stage_q2,
        indicator.stage_q3,
    )
