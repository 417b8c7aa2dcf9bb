"""A district's roster taken in whole or not at all; what was filed is never touched by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update

from regulation.roster import Person, Project, Roster
from storage.audit import detail_text
from storage.definitions import project_columns
from storage.errors import StorageRefused
from storage.keys import Keys
from storage.people import People
from storage.rulings import Rulings
from storage.sql import Statement, binds, into
from storage.tables import department, division, duty, person, project, unit


def _upsert(table: Table) -> Statement:
    names = [column.name for column in table.columns]
    clause = into(table).values(**binds(*names))
    changed = {name: clause.excluded[name] for name in names if name != "id"}
    return Statement(clause.on_conflict_do_update(index_elements=["id"], set_=changed))


_DIVISION, _DEPARTMENT, _UNIT, _PERSON, _PROJECT = map(_upsert, (division, department, unit, person, project))
_KNOWN = Statement(select(project.c.id, project.c.year, project.c.filler_id))
_NO_DUTIES = Statement(delete(duty).where(duty.c.person_id == bindparam("who")))
_DUTY = Statement(
    into(duty)
    .values(**binds("person_id", "role", "scope_id", "position"))
    .on_conflict_do_nothing(index_elements=["person_id", "role", "scope_id"])
)
_UNIT_IDS = Statement(select(unit.c.id).where(unit.c.removed.is_(False)))
_PERSON_IDS = Statement(select(person.c.id).where(person.c.active.is_(True)))
_PROJECT_IDS = Statement(select(project.c.id).where(project.c.removed.is_(False)))
_DROP_UNIT = Statement(update(unit).where(unit.c.id == bindparam("row")).values(removed=True))
_DROP_PERSON = Statement(update(person).where(person.c.id == bindparam("row")).values(active=False))
_DROP_PROJECT = Statement(update(project).where(project.c.id == bindparam("row")).values(removed=True))


def _numbered(rows: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    return ({**row, "position": position} for position, row in enumerate(rows))


def _refuse_reused_ids(projects: Iterable[Project], known: Mapping[str, tuple[int, str]]) -> None:
    for row in projects:
        year = known[row.id][0] if row.id in known else row.year
        if year != row.year:
            raise StorageRefused(
                f"项目编号 {row.id} 已经用于{year}年的项目，不能再用于{row.year}年，请换一个编号"
            )


class Rosters(People, Rulings, Keys):
    """The roster's part of a transaction."""

    def import_roster(self, roster: Roster, at: datetime, by: str, *, complete: bool = False) -> None:
        """Insert what is new, update what is known. Whoever and whatever is missing from a ``complete`` roster is
        marked as gone; without it they stay as they are. Raises StorageRefused when a project id is used again
        for another year."""
        known = {row[0]: (row[1], row[2]) for row in self.all(_KNOWN)}
        _refuse_reused_ids(roster.projects, known)
        listed = self.listed()
        self._import_tree(roster)
        self._import_people(roster.people)
        for p in roster.projects:
            if known.get(p.id, ("", p.filler_id))[1] != p.filler_id:
                self._move_drafts(p.id, known[p.id][1], p.filler_id)
        self.many(_PROJECT, _numbered({**project_columns(p), "removed": False} for p in roster.projects))
        self.restore_adjustments([p.id for p in roster.projects])
        self.keep_keys(listed, roster.projects, at, by)
        gone = self._drop_missing(roster) if complete else 0
        counts = detail_text(
            units=len(roster.units), people=len(roster.people), projects=len(roster.projects), gone=gone
        )
        self.record(by, "roster.imported", "roster", counts, at)

    def roster(self) -> Roster:
        """The roster as it stands."""
        return Roster(
            tuple(self.divisions()),
            tuple(self.departments()),
            tuple(self.units()),
            tuple(self.people()),
            tuple(self.projects()),
            tuple(self.offline()),
        )

    def _import_tree(self, roster: Roster) -> None:
        offline = dict(roster.offline)
        self.many(_DIVISION, _numbered({"id": d.id, "name": d.name} for d in roster.divisions))
        self.many(
            _DEPARTMENT,
            _numbered(
                {"id": d.id, "name": d.name, "division_id": d.division_id, "budget_total": d.budget_total}
                for d in roster.departments
            ),
        )
        self.many(
            _UNIT,
            _numbered(
                {
                    "id": u.id,
                    "department_id": u.department_id,
                    "name": u.name,
                    "is_headquarters": u.is_headquarters,
                    "offline": offline.get(u.id, 0),
                    "removed": False,
                }
                for u in roster.units
            ),
        )

    def _import_people(self, people: tuple[Person, ...]) -> None:
        self.many(_PERSON, _numbered({"id": p.id, "name": p.name, "active": p.active} for p in people))
        self.many(_NO_DUTIES, ({"who": p.id} for p in people))
        self.many(
            _DUTY,
            (
                {"person_id": p.id, "role": d.role.value, "scope_id": d.scope_id, "position": position}
                for p in people
                for position, d in enumerate(p.duties)
            ),
        )
        for p in people:
            for platform, user in p.identities:
                self._bind(p.id, platform, user)

    def _drop_missing(self, roster: Roster) -> int:
        dropped = 0
        for known, drop, present in (
            (_UNIT_IDS, _DROP_UNIT, roster.units),
            (_PERSON_IDS, _DROP_PERSON, roster.people),
            (_PROJECT_IDS, _DROP_PROJECT, roster.projects),
        ):
            keep = {row.id for row in present}
            gone = [{"row": row[0]} for row in self.all(known) if row[0] not in keep]
            self.many(drop, gone)
            dropped += len(gone)
        return dropped
