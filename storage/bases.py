"""What a department's tables rest on, read in a handful of queries: its projects and the forms its units have filed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, bindparam, select

from regulation.annexes import Entry
from regulation.basis import Basis, UnitForm, unit_form
from regulation.filing import FilingState
from regulation.roster import KeyBasis, Project
from regulation.rounds import MonitoringRound
from storage.definitions import PROJECT_COLUMNS, read_definition, read_project
from storage.department_reports import DepartmentReports
from storage.filings import Filings
from storage.sql import Statement, one_of
from storage.tables import figure, filing, filing_revision, project, unit

#: states in which a unit's form counts in its department's tables.
COUNTED = (FilingState.FILED.value, FilingState.ACCEPTED.value)

#: by the units' own index: a department is read without looking at any other one's forms.
_in_department = project.c.unit_id.in_(
    select(unit.c.id).where(unit.c.department_id == bindparam("of_department"))
)
_PROJECTS = Statement(
    select(*(project.c[name] for name in PROJECT_COLUMNS))
    .where(_in_department, project.c.year == bindparam("in_year"), project.c.removed.is_(False))
    .order_by(project.c.position, project.c.id)
)
_counted = (
    _in_department,
    project.c.year == bindparam("in_year"),
    filing.c.year == bindparam("in_year"),
    filing.c.quarter == bindparam("in_quarter"),
    one_of(filing.c.state, COUNTED),
)
_of_department = filing.join(project, project.c.id == filing.c.project_id)


def _latest(table: Any) -> Any:
    same = and_(*(table.c[name] == filing.c[name] for name in ("project_id", "year", "quarter", "version")))
    return _of_department.join(table, same)


_DEFINITIONS = Statement(
    select(filing.c.project_id, filing.c.version, filing_revision.c.definition)
    .select_from(_latest(filing_revision))
    .where(*_counted)
)
_FIGURES = Statement(
    select(figure.c.project_id, figure.c.key, figure.c.value, figure.c.text, figure.c.message)
    .select_from(_latest(figure))
    .where(*_counted)
    .order_by(figure.c.project_id, figure.c.position)
)


class Bases(DepartmentReports, Filings):
    """The part of a transaction that gathers what a department's tables are drawn from."""

    def basis(self, department_id: str, round: MonitoringRound) -> Basis:
        """The department's projects and its units' filed forms as they stand now."""
        where = {"of_department": department_id, "in_year": round.year}
        projects = tuple(read_project(row) for row in self.all(_PROJECTS, **where))
        entries: dict[str, dict[str, Entry]] = defaultdict(dict)
        for project_id, key, *rest in self.all(_FIGURES, in_quarter=round.quarter, **where):
            entries[project_id][key] = Entry(*rest)
        known = {
            project_id: (version, read_definition(text))
            for project_id, version, text in self.all(_DEFINITIONS, in_quarter=round.quarter, **where)
        }
        units = {each.id: each for each in self.units() if each.department_id == department_id}
        forms = tuple(
            unit_form(known[p.id][1], units[p.unit_id], known[p.id][0], entries[p.id])
            for p in projects
            if p.id in known and p.unit_id in units
        )
        department = self.department(department_id)
        return Basis(department, round, projects, forms, units, department.budget_total)

    def basis_at(self, department_id: str, round: MonitoringRound, version: int) -> Basis:
        """What that version of the report was made from, whatever was filed since (F04, F09)."""
        stood, unfiled = self.report_basis(department_id, round, version)
        waiting = {each.id: each for each in map(read_definition, unfiled)}
        units = {each.id: each for each in self.units() if each.department_id == department_id}
        projects: list[Project] = []
        forms: list[UnitForm] = []
        for project_id, form_version, key in stood:
            defined = (
                self.definition(project_id, round, form_version)
                if form_version
                else waiting.get(project_id) or self.project(project_id)
            )
            if defined is None:
                continue
            known = replace(defined, is_key=bool(key), key_basis=_key_basis(key))
            projects.append(known)
            units.setdefault(known.unit_id, self.unit(known.unit_id))
            if form_version:
                entries = self.entries(project_id, round, form_version)
                forms.append(unit_form(defined, units[known.unit_id], form_version, entries))
        department = self.department(department_id)
        return Basis(department, round, tuple(projects), tuple(forms), units, department.budget_total)


def _key_basis(text: str) -> KeyBasis | None:
    return next((basis for basis in KeyBasis if basis.value == text), None)
