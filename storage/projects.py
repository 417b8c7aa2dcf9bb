"""The district's tree and its projects, and the handing over of one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from regulation.roster import Department, FinanceDivision, Project, ResponsibleUnit
from storage.audit import detail_text
from storage.definitions import PROJECT_COLUMNS, read_project
from storage.errors import LostRace
from storage.sql import Statement
from storage.tables import department, division, draft, project, unit
from storage.transaction import Transaction

_UNIT = (unit.c.id, unit.c.department_id, unit.c.name, unit.c.is_headquarters)
_DEPARTMENT = (department.c.id, department.c.name, department.c.division_id, department.c.budget_total)
_PROJECT = tuple(project.c[name] for name in PROJECT_COLUMNS)

_ONE_UNIT = Statement(select(*_UNIT).where(unit.c.id == bindparam("row")))
_UNITS = Statement(select(*_UNIT).where(unit.c.removed.is_(False)).order_by(unit.c.position, unit.c.id))
_OFFLINE = Statement(
    select(unit.c.id, unit.c.offline).where(unit.c.offline > 0).order_by(unit.c.position, unit.c.id)
)
_ONE_DEPARTMENT = Statement(select(*_DEPARTMENT).where(department.c.id == bindparam("row")))
_DEPARTMENTS = Statement(select(*_DEPARTMENT).order_by(department.c.position, department.c.id))
_DIVISIONS = Statement(select(division.c.id, division.c.name).order_by(division.c.position, division.c.id))
_ONE_PROJECT = Statement(select(*_PROJECT).where(project.c.id == bindparam("row")))
_in_order = select(*_PROJECT).where(project.c.removed.is_(False)).order_by(project.c.position, project.c.id)
_ALL_PROJECTS = Statement(_in_order)
_PROJECTS = Statement(_in_order.where(project.c.year == bindparam("year")))

_NEW_FILLER = Statement(
    update(project)
    .where(project.c.id == bindparam("row"), project.c.filler_id == bindparam("was"))
    .values(filler_id=bindparam("now"))
)
_same = (draft.c.project_id == bindparam("row"), draft.c.person_id == bindparam("who"))
_DRAFTS = Statement(select(draft.c.year, draft.c.quarter, draft.c.updated_at).where(*_same))
_one_round = (*_same, draft.c.year == bindparam("in_year"), draft.c.quarter == bindparam("in_quarter"))
_DROP_DRAFT = Statement(delete(draft).where(*_one_round))
_MOVE_DRAFT = Statement(
    update(draft).where(*_one_round).values(person_id=bindparam("now"), revision=draft.c.revision + 1)
)


class Projects(Transaction):
    """The district's part of a transaction."""

    def unit(self, unit_id: str) -> ResponsibleUnit:
        """Raises KeyError for an unknown id."""
        if row := self.first(_ONE_UNIT, row=unit_id):
            return ResponsibleUnit(*row)
        raise KeyError(unit_id)

    def units(self) -> list[ResponsibleUnit]:
        """Those that still exist, in roster order."""
        return [ResponsibleUnit(*row) for row in self.all(_UNITS)]

    def department(self, department_id: str) -> Department:
        """Raises KeyError for an unknown id."""
        if row := self.first(_ONE_DEPARTMENT, row=department_id):
            return Department(*row)
        raise KeyError(department_id)

    def departments(self) -> list[Department]:
        """All, in roster order."""
        return [Department(*row) for row in self.all(_DEPARTMENTS)]

    def divisions(self) -> list[FinanceDivision]:
        """All, in roster order."""
        return [FinanceDivision(*row) for row in self.all(_DIVISIONS)]

    def offline(self) -> list[tuple[str, int]]:
        """Unit id -> classified projects that report on paper (第十七条), where there are any."""
        return [(unit_id, count) for unit_id, count in self.all(_OFFLINE)]

    def project(self, project_id: str) -> Project | None:
        """One project, also when removed since; None for an unknown id."""
        row = self.first(_ONE_PROJECT, row=project_id)
        return read_project(row) if row else None

    def projects(self, year: int | None = None) -> list[Project]:
        """Those of a year (or of all) that were not removed, in roster order."""
        rows = self.all(_ALL_PROJECTS) if year is None else self.all(_PROJECTS, year=year)
        return [read_project(row) for row in rows]

    def hand_over(self, project_id: str, from_person: str, to_person: str, at: datetime, by: str) -> None:
        """The project is asked of ``to_person`` from now on; drafts go along, of two the newer one stays.
        Raises LostRace when it was no longer asked of ``from_person``."""
        if not self.run(_NEW_FILLER, row=project_id, was=from_person, now=to_person):
            raise LostRace(f"filler of {project_id}")
        self._move_drafts(project_id, from_person, to_person)
        detail = detail_text(former=from_person, now=to_person)
        self.record(by, "project.handed_over", project_id, detail, at)

    def _move_drafts(self, project_id: str, old: str, new: str) -> None:
        theirs = {(year, quarter): at for year, quarter, at in self.all(_DRAFTS, row=project_id, who=new)}
        for year, quarter, updated in self.all(_DRAFTS, row=project_id, who=old):
            where = {"row": project_id, "in_year": year, "in_quarter": quarter}
            if theirs.get((year, quarter), updated) > updated:
                self.run(_DROP_DRAFT, who=old, **where)
                continue
            self.run(_DROP_DRAFT, who=new, **where)
            self.run(_MOVE_DRAFT, who=old, now=new, **where)
