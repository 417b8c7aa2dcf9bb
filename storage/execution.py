"""Imported execution figures at rest: batches that are never changed, and what the newest says of each project."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from regulation.execution import Execution, digest_of
from regulation.rounds import MonitoringRound
from storage.audit import detail_text
from storage.definitions import read_sources, sources_text
from storage.execution_tables import execution, execution_batch
from storage.sql import Row, Statement, binds, constant, into
from storage.tables import audit
from storage.transaction import Transaction

_BATCH = Statement(
    select(execution_batch.c.digest, execution_batch.c.rows, execution_batch.c.at).where(
        execution_batch.c.id == bindparam("batch")
    )
)
_LAST = Statement(select(func.max(execution_batch.c.number)))
_ADD_BATCH = Statement(
    into(execution_batch).values(
        **binds("id", "number", "year", "quarter", "as_of", "system", "digest", "rows", "at", "by")
    )
)
_ADD = Statement(
    into(execution).values(**binds("batch", "project_id", "year", "quarter", "arrived", "spent", "by_source"))
)
_newest = (
    select(
        execution.c.project_id,
        execution.c.arrived,
        execution.c.spent,
        execution.c.by_source,
        execution.c.batch,
        execution_batch.c.as_of,
        execution_batch.c.system,
    )
    .join(execution_batch, execution_batch.c.id == execution.c.batch)
    .where(execution.c.year == bindparam("in_year"), execution.c.quarter == bindparam("in_quarter"))
    .order_by(execution.c.project_id, execution_batch.c.number.desc())
)
_ONE = Statement(_newest.where(execution.c.project_id == bindparam("form")).limit(1))
_ROUND = Statement(_newest)


_BATCHES = Statement(
    select(
        *(execution_batch.c[name] for name in ("id", "year", "quarter", "as_of", "system")),
        *(execution.c[name] for name in ("project_id", "arrived", "spent", "by_source")),
    )
    .join(execution, execution.c.batch == execution_batch.c.id, isouter=True)
    .order_by(execution_batch.c.number)
)
_IMPORTED = Statement(
    select(audit.c.detail).where(audit.c.action == constant("execution.imported")).order_by(audit.c.id)
)


@dataclass(frozen=True, slots=True)
class TakenBatch:
    """A batch that was taken before."""

    digest: str
    rows: int
    at: datetime


class Executions(Transaction):
    """The imported figures' part of a transaction."""

    def execution_batch(self, batch: str) -> TakenBatch | None:
        """The batch of that id, None when it never came."""
        row = self.first(_BATCH, batch=batch)
        return TakenBatch(*row) if row else None

    def save_execution(self, figures: Sequence[Execution], at: datetime, by: str) -> None:
        """Take a whole batch. All figures are of one batch; it must not have been taken before."""
        first = figures[0]
        round, (last,) = first.round, self.first(_LAST) or (None,)
        digest = digest_of(figures)
        named = {"year": round.year, "quarter": round.quarter}
        self.run(
            _ADD_BATCH,
            id=first.batch,
            number=(last or 0) + 1,
            as_of=first.as_of,
            system=first.system,
            digest=digest,
            rows=len(figures),
            at=at,
            by=by,
            **named,
        )
        self.many(_ADD, ({**named, **_columns(each)} for each in figures))
        detail = detail_text(batch=first.batch, rows=len(figures), as_of=first.as_of, digest=digest)
        self.record(by, "execution.imported", round.code, detail, at)

    def altered_batches(self) -> list[str]:
        """The batches whose figures are not those the audit log vouches for, that it says nothing of, or that are
        gone; the log itself is checked by ``verify``."""
        said = [json.loads(detail) for (detail,) in self.all(_IMPORTED)]
        vouched = {each["batch"]: each["digest"] for each in said}
        kept: dict[str, list[Execution]] = {}
        for batch, year, quarter, as_of, system, *figures in self.all(_BATCHES):
            known = kept.setdefault(batch, [])
            if figures[0] is not None:
                known.append(_read(MonitoringRound(year, quarter), (*figures, batch, as_of, system)))
        found = {batch: digest_of(figures) for batch, figures in kept.items()}
        return [batch for batch in {**vouched, **found} if found.get(batch) != vouched.get(batch)]

    def execution(self, project_id: str, round: MonitoringRound) -> Execution | None:
        """What the newest batch that speaks of the project says."""
        row = self.first(_ONE, form=project_id, in_year=round.year, in_quarter=round.quarter)
        return _read(round, row) if row else None

    def round_execution(self, round: MonitoringRound) -> dict[str, Execution]:
        """The same for every project of a round, in one query."""
        rows = self.all(_ROUND, in_year=round.year, in_quarter=round.quarter)
        return {row[0]: _read(round, row) for row in reversed(rows)}  # the newest is written last


def _columns(figure: Execution) -> dict[str, object]:
    return {
        "batch": figure.batch,
        "project_id": figure.project_id,
        "arrived": figure.arrived,
        "spent": figure.spent,
        "by_source": sources_text(figure.by_source),
    }


def _read(round: MonitoringRound, row: Row) -> Execution:
    project_id, arrived, spent, by_source, batch, as_of, system = row
    return Execution(project_id, round, arrived, spent, read_sources(by_source), batch, as_of, system)
