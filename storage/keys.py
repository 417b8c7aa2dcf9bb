"""The list of key projects and the log of every change to it: who, when, why (第五条(二))."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from regulation.reporting import KeyChange
from regulation.roster import KeyBasis, Project
from storage.audit import detail_text
from storage.report_tables import key_change
from storage.sql import Statement, binds, into
from storage.tables import project
from storage.transaction import Transaction

#: the reason written when the roster itself says so.
ROSTER = "名册"

_CHANGES = Statement(
    select(key_change.c.is_key, key_change.c.basis, key_change.c.reason, key_change.c.at, key_change.c.by)
    .where(key_change.c.project_id == bindparam("row"))
    .order_by(key_change.c.position)
)
_NEXT = Statement(
    select(func.coalesce(func.max(key_change.c.position), 0) + 1).where(
        key_change.c.project_id == bindparam("row")
    )
)
_ADD = Statement(
    into(key_change).values(**binds("project_id", "position", "is_key", "basis", "reason", "at", "by"))
)
_SET = Statement(
    update(project)
    .where(project.c.id == bindparam("row"))
    .values(**binds("is_key"), key_basis=bindparam("why"))
)
_BY_HAND = Statement(
    select(key_change.c.project_id, key_change.c.is_key, key_change.c.basis)
    .where(key_change.c.reason != bindparam("not_by"))
    .order_by(key_change.c.project_id, key_change.c.position)
)
_NOW = Statement(select(project.c.id, project.c.is_key, project.c.key_basis))


class Keys(Transaction):
    """The key projects' part of a transaction."""

    def key_changes(self, project_id: str) -> list[KeyChange]:
        """Every change of one project's place on the list, oldest first."""
        return [
            KeyChange(project_id, is_key, KeyBasis(basis) if basis else None, reason, at, by)
            for is_key, basis, reason, at, by in self.all(_CHANGES, row=project_id)
        ]

    def set_key_project(self, change: KeyChange) -> None:
        """Put a project on the list or take it off. The project follows at once; the log keeps every change."""
        basis = change.basis.value if change.basis and change.is_key else None
        self.run(_SET, row=change.project_id, is_key=change.is_key, why=basis)
        self._log_key(change.project_id, change.is_key, basis, change.reason, change.at, change.by)
        detail = detail_text(key=change.is_key, basis=basis or "", reason=change.reason)
        self.record(change.by, "project.key", change.project_id, detail, change.at)

    def listed(self) -> dict[str, tuple[bool, str | None]]:
        """Project id -> on the list, and why, as it stands now."""
        return {row: (is_key, basis) for row, is_key, basis in self.all(_NOW)}

    def keep_keys(
        self,
        before: dict[str, tuple[bool, str | None]],
        imported: Iterable[Project],
        at: datetime,
        by: str,
    ) -> None:
        """After a roster came in: what people decided by hand stands (基础不变，财政可增加); what the roster itself
        changed is logged."""
        by_hand = {row: (is_key, basis) for row, is_key, basis in self.all(_BY_HAND, not_by=ROSTER)}
        for each in imported:
            said = (each.is_key, each.key_basis.value if each.key_basis else None)
            if each.id in by_hand:
                is_key, basis = by_hand[each.id]
                self.run(_SET, row=each.id, is_key=is_key, why=basis)
            elif each.id in before and before[each.id] != said:
                self._log_key(each.id, *said, ROSTER, at, by)

    def _log_key(
        self, project_id: str, is_key: bool, basis: str | None, reason: str, at: datetime, by: str
    ) -> None:
        row = self.first(_NEXT, row=project_id)
        self.run(
            _ADD,
            project_id=project_id,
            position=row[0] if row else 1,
            is_key=is_key,
            basis=basis,
            reason=reason,
            at=at,
            by=by,
        )
