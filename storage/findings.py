"""Open deviations, who was told of them, and those that closed; nothing is deleted (F07, F08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, exists, select, update

from regulation.deviation import Finding, Level
from regulation.rounds import MonitoringRound
from storage.audit import detail_text
from storage.definitions import finding_text, read_finding
from storage.filings import form, form_columns, subject
from storage.sql import Statement, binds, into
from storage.tables import finding, project, told, unit
from storage.transaction import Transaction

RANKS = {Level.INFO: 0, Level.YELLOW: 1, Level.RED: 2}

_OPEN = Statement(
    select(finding.c.id, finding.c.field, finding.c.code, finding.c.rank).where(
        finding.c.project_id == bindparam("form"),
        finding.c.year == bindparam("in_year"),
        finding.c.quarter == bindparam("in_quarter"),
        finding.c.closed_at.is_(None),
    )
)
_RAISE = Statement(
    into(finding).values(
        **binds("project_id", "year", "quarter", "field", "code", "rank", "version", "content", "raised_at")
    )
)
_RENEW = Statement(
    update(finding).where(finding.c.id == bindparam("row")).values(**binds("rank", "version", "content"))
)
_CLOSE = Statement(update(finding).where(finding.c.id == bindparam("row")).values(**binds("closed_at")))
_TELL = Statement(
    into(told)
    .values(**binds("finding_id", "person_id", "at"))
    .on_conflict_do_nothing(index_elements=["finding_id", "person_id"])
)
_HISTORY = Statement(
    select(finding.c.id, finding.c.project_id, finding.c.version, finding.c.content, finding.c.closed_at)
    .where(
        finding.c.project_id == bindparam("form"),
        finding.c.year == bindparam("in_year"),
        finding.c.quarter == bindparam("in_quarter"),
    )
    .order_by(finding.c.id)
)


@dataclass(frozen=True, slots=True)
class RaisedFinding:
    """A finding as stored. ``closed_at``: when a later version no longer showed it."""

    id: int
    project_id: str
    version: int
    finding: Finding
    closed_at: datetime | None = None


@cache
def _findings(project_: bool, department_: bool, untold: bool) -> Statement:
    """One query per combination of filters, built once; worst first, then in roster order."""
    asked = (
        select(finding.c.id, finding.c.project_id, finding.c.version, finding.c.content)
        .join(project, project.c.id == finding.c.project_id)
        .join(unit, unit.c.id == project.c.unit_id)
        .where(
            finding.c.year == bindparam("in_year"),
            finding.c.quarter == bindparam("in_quarter"),
            finding.c.closed_at.is_(None),
            project.c.removed.is_(False),
        )
        .order_by(finding.c.rank.desc(), project.c.position, project.c.id, finding.c.id)
    )
    heard = exists().where(told.c.finding_id == finding.c.id, told.c.person_id == bindparam("untold"))
    for wanted, condition in (
        (project_, finding.c.project_id == bindparam("project")),
        (department_, unit.c.department_id == bindparam("department")),
        (untold, ~heard),
    ):
        asked = asked.where(condition) if wanted else asked
    return Statement(asked)


class Findings(Transaction):
    """The findings' part of a transaction."""

    def findings(
        self,
        round: MonitoringRound,
        *,
        project_id: str | None = None,
        department_id: str | None = None,
        untold_to: str | None = None,
    ) -> list[RaisedFinding]:
        """Open findings of a round, worst first; ``untold_to`` leaves those this person has not heard of."""
        filters = {"project": project_id, "department": department_id, "untold": untold_to}
        given = {name: value for name, value in filters.items() if value is not None}
        asked = _findings(project_id is not None, department_id is not None, untold_to is not None)
        rows = self.all(asked, in_year=round.year, in_quarter=round.quarter, **given)
        return [RaisedFinding(row[0], row[1], row[2], read_finding(row[3])) for row in rows]

    def finding_history(self, project_id: str, round: MonitoringRound) -> list[RaisedFinding]:
        """Every finding the form ever had in that round, in the order raised."""
        rows = self.all(_HISTORY, **form(project_id, round))
        return [RaisedFinding(row[0], row[1], row[2], read_finding(row[3]), row[4]) for row in rows]

    def raise_findings(
        self,
        project_id: str,
        round: MonitoringRound,
        version: int,
        findings: Sequence[Finding],
        at: datetime,
        by: str,
    ) -> None:
        """These are the findings of that version. The same (field, code) stays open with its new numbers and keeps
        who was told; one that got worse is raised anew, so that they are told again; the others are closed."""
        before = {(row[1], row[2]): (row[0], row[3]) for row in self.all(_OPEN, **form(project_id, round))}
        now = {(found.field, found.code): found for found in findings}
        kept = {key for key, found in now.items() if key in before and RANKS[found.level] <= before[key][1]}
        self.many(_CLOSE, ({"row": before[key][0], "closed_at": at} for key in before if key not in kept))
        columns = form_columns(project_id, round)
        for key, found in now.items():
            content = {"rank": RANKS[found.level], "version": version, "content": finding_text(found)}
            if key in kept:
                self.run(_RENEW, row=before[key][0], **content)
            else:
                self.run(_RAISE, field=key[0], code=key[1], raised_at=at, **columns, **content)
        if before or now:
            counts = detail_text(
                version=version, open=len(now), raised=len(now) - len(kept), closed=len(before) - len(kept)
            )
            self.record(by, "finding.judged", subject(project_id, round), counts, at)

    def tell(self, finding_ids: Sequence[int], person_id: str, at: datetime) -> None:
        """This person has been told of these findings."""
        if finding_ids:
            self.many(_TELL, ({"finding_id": n, "person_id": person_id, "at": at} for n in finding_ids))
            self.record("system", "finding.told", person_id, detail_text(findings=list(finding_ids)), at)
