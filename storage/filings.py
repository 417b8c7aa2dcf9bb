"""附表1 at rest: its present state, its filed versions, and their figures, which are only ever added to (P6, F01, F09).

A version is a whole document: the entries saved with it are all its figures. Saving no entries moves the state
and leaves the version as it is (确认、退回、撤回、接收)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, bindparam, func, select, update

from regulation.annexes import Entry
from regulation.filing import Filing, FilingAction, FilingState
from regulation.roster import Project
from regulation.rounds import MonitoringRound, parse_round
from storage.audit import detail_text
from storage.definitions import definition_text, entries_text, read_definition
from storage.errors import VersionConflict
from storage.projects import Projects
from storage.sql import Statement, binds, constant, into
from storage.tables import audit, figure, filing, filing_revision

_FORM = ("project_id", "year", "quarter")
STATE = (filing.c.state, filing.c.version, filing.c.filed_at, filing.c.filed_by, filing.c.late)


def _of(table: Any) -> tuple[Any, ...]:
    """Rows of one form."""
    return (
        table.c.project_id == bindparam("form"),
        table.c.year == bindparam("in_year"),
        table.c.quarter == bindparam("in_quarter"),
    )


def form(project_id: str, round: MonitoringRound) -> dict[str, Any]:
    """The parameters that name one form in a WHERE."""
    return {"form": project_id, "in_year": round.year, "in_quarter": round.quarter}


def form_columns(project_id: str, round: MonitoringRound) -> dict[str, Any]:
    """The columns that name one form in an INSERT."""
    return {"project_id": project_id, "year": round.year, "quarter": round.quarter}


def subject(project_id: str, round: MonitoringRound) -> str:
    """How the audit log names a form: ``2026Q3:p017``."""
    return f"{round.code}:{project_id}"


_FILING = Statement(select(*STATE).where(*_of(filing)))
_START = Statement(
    into(filing)
    .values(**binds(*_FORM, "state"), version=0, filed_by="", late=False)
    .on_conflict_do_nothing(index_elements=list(_FORM))
)
_MOVE = Statement(
    update(filing).where(*_of(filing), filing.c.version == bindparam("base")).values(**binds("state"))
)
_FILE = Statement(
    update(filing)
    .where(*_of(filing), filing.c.version == bindparam("base"))
    .values(version=filing.c.version + 1, **binds("state", "filed_at", "filed_by", "late"))
)
_CONFIRM = Statement(
    update(filing)
    .where(*_of(filing), filing.c.version == bindparam("base"))
    .values(**binds("state", "filed_at", "filed_by", "late"))
)
_SET_LATE = Statement(update(filing).where(*_of(filing)).values(**binds("late")))
_SETSTATE = Statement(update(filing).where(*_of(filing)).values(**binds("state")))
_REVISION = Statement(
    into(filing_revision).values(
        **binds(*_FORM, "version", "at", "by", "action", "late", "base_version", "definition")
    )
)
_FIGURE = Statement(
    into(figure).values(**binds(*_FORM, "version", "position", "key", "value", "text", "message"))
)
_DEFINITION = Statement(
    select(filing_revision.c.definition).where(
        *_of(filing_revision), filing_revision.c.version == bindparam("asked")
    )
)
_REVISIONS = Statement(
    select(
        filing_revision.c.version,
        filing_revision.c.at,
        filing_revision.c.by,
        filing_revision.c.action,
        filing_revision.c.late,
        filing_revision.c.base_version,
    )
    .where(*_of(filing_revision))
    .order_by(filing_revision.c.version)
)
_ENTRY = (figure.c.key, figure.c.value, figure.c.text, figure.c.message)
_VERSION_ENTRIES = Statement(
    select(*_ENTRY).where(*_of(figure), figure.c.version == bindparam("asked")).order_by(figure.c.position)
)
_latest = and_(
    figure.c.project_id == filing.c.project_id,
    figure.c.year == filing.c.year,
    figure.c.quarter == filing.c.quarter,
    figure.c.version == filing.c.version,
)
_LATEST_ENTRIES = Statement(
    select(*_ENTRY).select_from(filing).join(figure, _latest).where(*_of(filing)).order_by(figure.c.position)
)
_ROUND_ENTRIES = Statement(
    select(figure.c.project_id, *_ENTRY)
    .select_from(filing)
    .join(figure, _latest)
    .where(filing.c.year == bindparam("in_year"), filing.c.quarter == bindparam("in_quarter"))
    .order_by(figure.c.project_id, figure.c.position)
)


_VERSIONS = Statement(
    select(*(filing_revision.c[name] for name in ("project_id", "year", "quarter", "version"))).order_by(
        filing_revision.c.project_id,
        filing_revision.c.year,
        filing_revision.c.quarter,
        filing_revision.c.version,
    )
)
_FILED = Statement(
    select(audit.c.subject, audit.c.detail)
    .where(func.substr(audit.c.action, 1, 7) == constant("filing."))
    .order_by(audit.c.id)
)


@dataclass(frozen=True, slots=True)
class Revision:
    """How one version came about."""

    version: int
    at: datetime
    by: str
    action: FilingAction
    late: bool
    base_version: int


def read_filing(project_id: str, round: MonitoringRound, row: Sequence[Any]) -> Filing:
    state, version, filed_at, filed_by, late = row
    return Filing(project_id, round, FilingState(state), version, filed_at, filed_by, late)


def _digest(entries: Iterable[tuple[str, Entry]]) -> str:
    return sha256(entries_text(entries).encode("utf-8", "surrogatepass")).hexdigest()


class Filings(Projects):
    """The forms' part of a transaction."""

    def filing(self, project_id: str, round: MonitoringRound) -> Filing:
        """The present state; 未开始 for a form nobody touched."""
        row = self.first(_FILING, **form(project_id, round))
        return read_filing(project_id, round, row) if row else Filing(project_id, round)

    def entries(
        self, project_id: str, round: MonitoringRound, version: int | None = None
    ) -> Mapping[str, Entry]:
        """The figures of a filed version (the latest by default) in the order they were given; empty when none."""
        where = form(project_id, round)
        rows = (
            self.all(_LATEST_ENTRIES, **where)
            if version is None
            else self.all(_VERSION_ENTRIES, asked=version, **where)
        )
        return {key: Entry(*rest) for key, *rest in rows}

    def round_entries(self, round: MonitoringRound) -> Mapping[str, Mapping[str, Entry]]:
        """The latest figures of every filed form of a round, in one query: project id -> key -> entry."""
        found: dict[str, dict[str, Entry]] = defaultdict(dict)
        for project_id, key, *rest in self.all(_ROUND_ENTRIES, in_year=round.year, in_quarter=round.quarter):
            found[project_id][key] = Entry(*rest)
        return found

    def definition(self, project_id: str, round: MonitoringRound, version: int) -> Project | None:
        """The project and its indicators as they were when that version was filed (F09)."""
        row = self.first(_DEFINITION, asked=version, **form(project_id, round))
        return read_definition(row[0]) if row else None

    def revisions(self, project_id: str, round: MonitoringRound) -> list[Revision]:
        """Every filed version, oldest first."""
        return [
            Revision(version, at, by, FilingAction(action), late, base)
            for version, at, by, action, late, base in self.all(_REVISIONS, **form(project_id, round))
        ]

    def altered_figures(self) -> list[tuple[str, MonitoringRound, int]]:
        """(project id, round, version) of every filed version whose figures are not those the audit log vouches for,
        and of those it says nothing of; the log itself is checked by ``verify``."""
        altered, vouched = [], set()
        for named, said in self.all(_FILED):
            filed, (code, _, project_id) = json.loads(said), named.partition(":")
            if not filed.get("digest"):
                continue
            round = parse_round(code)
            vouched.add((project_id, round, filed["version"]))
            if _digest(self.entries(project_id, round, filed["version"]).items()) != filed["digest"]:
                altered.append((project_id, round, filed["version"]))
        kept = ((each[0], MonitoringRound(*each[1:3]), each[3]) for each in self.all(_VERSIONS))
        return altered + [each for each in kept if each not in vouched]

    def save_figures(
        self,
        project_id: str,
        round: MonitoringRound,
        *,
        base_version: int,
        entries: Sequence[tuple[str, Entry]],
        action: FilingAction,
        state: FilingState,
        late: bool,
        at: datetime,
        by: str,
    ) -> int:
        """File a version on top of ``base_version`` and move the state; without entries only the state moves.
        Returns the version then in force. Raises VersionConflict when another version was filed meanwhile."""
        where, columns = form(project_id, round), form_columns(project_id, round)
        self.run(_START, state=FilingState.NOT_STARTED.value, **columns)
        filed = {"filed_at": at, "filed_by": by, "late": late}
        if entries:
            moved = self.run(_FILE, base=base_version, state=state.value, **filed, **where)
        elif state is FilingState.FILED:
            moved = self.run(_CONFIRM, base=base_version, state=state.value, **filed, **where)
        else:
            moved = self.run(_MOVE, base=base_version, state=state.value, **where)
        if not moved:
            raise VersionConflict(self.filing(project_id, round).version)
        version = base_version + bool(entries)
        if entries:
            self._add_version(
                columns, version, entries, {"at": at, "by": by, "action": action.value, "late": late}
            )
        digest = _digest(entries) if entries else ""  # the audit's chain vouches for the figures too
        detail = detail_text(
            version=version, state=state.value, late=late, entries=len(entries), digest=digest
        )
        self.record(by, f"filing.{action.value}", subject(project_id, round), detail, at)
        return version

    def _add_version(
        self,
        columns: Mapping[str, Any],
        version: int,
        entries: Sequence[tuple[str, Entry]],
        how: Mapping[str, Any],
    ) -> None:
        known = self.project(columns["project_id"])
        if known is None:
            raise KeyError(columns["project_id"])
        definition = definition_text(known)
        self.run(
            _REVISION, version=version, base_version=version - 1, definition=definition, **columns, **how
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

    def set_state(
        self, project_id: str, round: MonitoringRound, state: FilingState, at: datetime, by: str
    ) -> None:
        """Move the state, whatever the version."""
        self.run(_START, state=FilingState.NOT_STARTED.value, **form_columns(project_id, round))
        self.run(_SETSTATE, state=state.value, **form(project_id, round))
        self.record(by, "filing.state", subject(project_id, round), detail_text(state=state.value), at)

    def submitted_at(self, project_id: str, round: MonitoringRound) -> datetime | None:
        """When the form last reached the department otherwise than as a correction; None where the revisions do not
        say, because its unit's head confirmed it."""
        whole = [r for r in self.revisions(project_id, round) if r.action is not FilingAction.CORRECT]
        return whole[-1].at if whole and whole[-1].action is FilingAction.SUBMIT else None

    def set_late(self, project_id: str, round: MonitoringRound, late: bool, at: datetime, by: str) -> None:
        """Whether the form counts as 逾期, after finance moved the date (C09)."""
        self.run(_SET_LATE, late=late, **form(project_id, round))
        self.record(by, "filing.late", subject(project_id, round), detail_text(late=late), at)
