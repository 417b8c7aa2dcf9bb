"""A department's report at rest: state, its one draft, versions that are only added to, and what they rest on (F04)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select, update

from regulation.annexes import Entry
from regulation.basis import Basis
from regulation.reporting import Report, ReportAction, ReportDraft, ReportState
from regulation.rounds import MonitoringRound, parse_round
from storage.audit import detail_text
from storage.definitions import (
    definition_text,
    dumps,
    entries_text,
    proposals_text,
    read_entries,
    read_proposals,
)
from storage.errors import VersionConflict
from storage.report_tables import report, report_draft, report_figure, report_revision
from storage.sql import Statement, binds, constant, into
from storage.tables import audit
from storage.transaction import Transaction

_REPORT = ("department_id", "year", "quarter")
_STATE = (report.c.state, report.c.version, report.c.filed_at, report.c.filed_by, report.c.late)


def _of(table: Any) -> tuple[Any, ...]:
    """Rows of one report."""
    return (
        table.c.department_id == bindparam("of_department"),
        table.c.year == bindparam("in_year"),
        table.c.quarter == bindparam("in_quarter"),
    )


def _where(department_id: str, round: MonitoringRound) -> dict[str, Any]:
    return {"of_department": department_id, "in_year": round.year, "in_quarter": round.quarter}


def _columns(department_id: str, round: MonitoringRound) -> dict[str, Any]:
    return {"department_id": department_id, "year": round.year, "quarter": round.quarter}


def report_subject(department_id: str, round: MonitoringRound) -> str:
    """How the audit log names a report: ``2026Q3:d01``."""
    return f"{round.code}:{department_id}"


_ONE = Statement(select(*_STATE).where(*_of(report)))
_ALL = Statement(
    select(report.c.department_id, *_STATE)
    .where(report.c.year == bindparam("in_year"), report.c.quarter == bindparam("in_quarter"))
    .order_by(report.c.department_id)
)
_START = Statement(
    into(report)
    .values(**binds(*_REPORT, "state"), version=0, filed_by="", late=False)
    .on_conflict_do_nothing(index_elements=list(_REPORT))
)
_based = (*_of(report), report.c.version == bindparam("base"), report.c.state == bindparam("was"))
_MOVE = Statement(update(report).where(*_based).values(**binds("state", "version")))
_FILE = Statement(
    update(report).where(*_based).values(**binds("state", "version", "filed_at", "filed_by", "late"))
)
_SET_LATE = Statement(update(report).where(*_of(report)).values(**binds("late")))
_REVISION = Statement(
    into(report_revision).values(**binds(*_REPORT, "version", "at", "by", "basis", "unfiled"))
)
_FIGURE = Statement(
    into(report_figure).values(**binds(*_REPORT, "version", "position", "key", "value", "text", "message"))
)
_ENTRIES = Statement(
    select(report_figure.c.key, report_figure.c.value, report_figure.c.text, report_figure.c.message)
    .where(*_of(report_figure), report_figure.c.version == bindparam("asked"))
    .order_by(report_figure.c.position)
)
_BASIS = Statement(
    select(report_revision.c.basis, report_revision.c.unfiled, report_revision.c.at).where(
        *_of(report_revision), report_revision.c.version == bindparam("asked")
    )
)
_DRAFT = Statement(
    select(
        report_draft.c.base_version,
        report_draft.c.entries,
        report_draft.c.proposals,
        report_draft.c.basis,
        report_draft.c.revision,
        report_draft.c.updated_at,
    ).where(*_of(report_draft))
)
_CONTENT = ("base_version", "entries", "proposals", "basis", "updated_at")
_ADD_DRAFT = Statement(
    into(report_draft)
    .values(**binds(*_REPORT, *_CONTENT), revision=1)
    .on_conflict_do_nothing(index_elements=list(_REPORT))
)
_CHANGE_DRAFT = Statement(
    update(report_draft)
    .where(*_of(report_draft), report_draft.c.revision == bindparam("revision_was"))
    .values(**binds(*_CONTENT), revision=report_draft.c.revision + 1)
)


def _read(department_id: str, round: MonitoringRound, row: Sequence[Any]) -> Report:
    state, version, filed_at, filed_by, late = row
    return Report(department_id, round, ReportState(state), version, filed_at, filed_by, late)


_SUBMITTED = Statement(
    select(audit.c.subject, audit.c.detail)
    .where(audit.c.action == constant(f"report.{ReportAction.SUBMIT.value}"))
    .order_by(audit.c.id)
)


class DepartmentReports(Transaction):
    """The reports' part of a transaction."""

    def report(self, department_id: str, round: MonitoringRound) -> Report:
        """The present state; 待汇总 for a report nobody touched."""
        row = self.first(_ONE, **_where(department_id, round))
        return _read(department_id, round, row) if row else Report(department_id, round)

    def reports(self, round: MonitoringRound) -> list[Report]:
        """Every report somebody has touched in that round."""
        rows = self.all(_ALL, in_year=round.year, in_quarter=round.quarter)
        return [_read(department_id, round, rest) for department_id, *rest in rows]

    def report_entries(
        self, department_id: str, round: MonitoringRound, version: int | None = None
    ) -> Mapping[str, Entry]:
        """The entries of a version (the latest by default), in order; empty when there is none."""
        asked = self.report(department_id, round).version if version is None else version
        rows = self.all(_ENTRIES, asked=asked, **_where(department_id, round))
        return {key: Entry(*rest) for key, *rest in rows}

    def report_basis(
        self, department_id: str, round: MonitoringRound, version: int
    ) -> tuple[tuple[tuple[str, int, str], ...], tuple[str, ...]]:
        """What a version rests on: (project id, version of its 附表1, key basis or ''), and the definitions of key
        projects that had not come in. Raises KeyError for an unknown version."""
        row = self.first(_BASIS, asked=version, **_where(department_id, round))
        if row is None:
            raise KeyError(version)
        return tuple((p, v, k) for p, v, k in json.loads(row[0])), tuple(json.loads(row[1]))

    def report_draft(self, department_id: str, round: MonitoringRound) -> ReportDraft | None:
        """What the department has typed so far."""
        row = self.first(_DRAFT, **_where(department_id, round))
        if row is None:
            return None
        base, entries, proposals, basis, revision, updated = row
        stood = tuple((project_id, version) for project_id, version in json.loads(basis))
        return ReportDraft(
            department_id,
            round,
            base,
            read_entries(entries),
            read_proposals(proposals),
            stood,
            revision,
            updated,
        )

    def save_report_draft(self, draft: ReportDraft, at: datetime, by: str) -> None:
        """Keep what was typed; 待汇总 becomes 草稿. ``draft.revision`` is the one read, the stored one is the next.
        Raises VersionConflict when the draft was changed elsewhere meanwhile (F02)."""
        content = {
            "base_version": draft.base_version,
            "entries": entries_text(draft.entries),
            "proposals": proposals_text(draft.proposals),
            "basis": dumps([list(pair) for pair in draft.basis]),
            "updated_at": at,
        }
        columns = _columns(draft.department_id, draft.round)
        where = _where(draft.department_id, draft.round)
        if draft.revision:
            saved = self.run(_CHANGE_DRAFT, revision_was=draft.revision, **content, **where)
        else:
            self.run(_START, state=ReportState.NOT_STARTED.value, **columns)
            saved = self.run(_ADD_DRAFT, **content, **columns)
        if not saved:
            present = self.report_draft(draft.department_id, draft.round)
            raise VersionConflict(present.revision if present else 0)
        begun = {"was": ReportState.NOT_STARTED.value, "state": ReportState.DRAFT.value}
        self.run(_MOVE, base=0, version=0, **begun, **where)
        detail = detail_text(answered=len(draft.entries), revision=draft.revision + 1)
        self.record(by, "report.drafted", report_subject(draft.department_id, draft.round), detail, at)

    def save_report(
        self,
        department_id: str,
        round: MonitoringRound,
        *,
        base_version: int,
        was: ReportState,
        entries: Sequence[tuple[str, Entry]],
        basis: Basis | None,
        action: ReportAction,
        state: ReportState,
        late: bool,
        at: datetime,
        by: str,
    ) -> int:
        """Move the report on from ``was``; with entries a new version resting on ``basis`` is kept. Returns the version
        in force. Raises VersionConflict when somebody moved it meanwhile."""
        where, columns = _where(department_id, round), _columns(department_id, round)
        self.run(_START, state=ReportState.NOT_STARTED.value, **columns)
        version = base_version + bool(entries)
        values = {"base": base_version, "was": was.value, "state": state.value, "version": version, **where}
        if action is ReportAction.APPROVE:
            moved = self.run(_FILE, filed_at=at, filed_by=by, late=late, **values)
        else:
            moved = self.run(_MOVE, **values)
        if not moved:
            raise VersionConflict(self.report(department_id, round).version)
        if entries and basis is not None:
            self._add_report_version(columns, version, entries, basis, at, by)
        digest = report_digest(entries) if entries else ""
        detail = detail_text(
            version=version, state=state.value, late=late, entries=len(entries), digest=digest
        )
        self.record(by, f"report.{action.value}", report_subject(department_id, round), detail, at)
        return version

    def _add_report_version(
        self,
        columns: Mapping[str, Any],
        version: int,
        entries: Sequence[tuple[str, Entry]],
        basis: Basis,
        at: datetime,
        by: str,
    ) -> None:
        stood = basis.versions
        rests = [
            [p.id, stood.get(p.id, 0), (p.key_basis or "重点") if p.is_key else ""] for p in basis.projects
        ]
        unfiled = [definition_text(p) for p in basis.missing if p.is_key]
        self.run(
            _REVISION,
            version=version,
            at=at,
            by=by,
            basis=dumps(rests),
            unfiled=dumps(unfiled),
            **columns,
        )
        self.many(
            _FIGURE,
            (
                {
                    **columns,
                    "version": version,
                    "position": position,
                    "key": key,
                    "value": entry.value,
                    "text": entry.text,
                    "message": entry.message,
                }
                for position, (key, entry) in enumerate(entries)
            ),
        )

    def altered_reports(self) -> list[tuple[str, MonitoringRound, int]]:
        """(department id, round, version) of every report whose entries are no longer those the audit log vouches for;
        the log itself is checked by ``verify``."""
        altered = []
        for named, said in self.all(_SUBMITTED):
            handed, (code, _, department_id) = json.loads(said), named.partition(":")
            if not handed.get("digest"):
                continue
            round, version = parse_round(code), handed["version"]
            kept = tuple(self.report_entries(department_id, round, version).items())
            if report_digest(kept) != handed["digest"]:
                altered.append((department_id, round, version))
        return altered

    def set_report_late(
        self, department_id: str, round: MonitoringRound, late: bool, at: datetime, by: str
    ) -> None:
        """Whether the report counts as 逾期, after finance moved the date (C09)."""
        self.run(_SET_LATE, late=late, **_where(department_id, round))
        self.record(by, "report.late", report_subject(department_id, round), detail_text(late=late), at)


def report_digest(entries: Sequence[tuple[str, Entry]]) -> str:
    """What the audit log vouches for of a version."""
    return sha256(entries_text(entries).encode("utf-8", "surrogatepass")).hexdigest()
