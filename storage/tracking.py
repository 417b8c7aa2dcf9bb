"""How far each open deviation has been dealt with (新发现→已阅→处理中→办结)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from regulation.rounds import MonitoringRound
from regulation.tracking import Stage, Tracked
from storage.audit import detail_text
from storage.ruling_tables import tracking
from storage.sql import Statement, binds, into
from storage.tables import finding
from storage.transaction import Transaction

_put = into(tracking).values(**binds("finding_id", "stage", "by", "at", "words"))
_PUT = Statement(
    _put.on_conflict_do_update(
        index_elements=["finding_id"],
        set_={name: _put.excluded[name] for name in ("stage", "by", "at", "words")},
    )
)
_TRACKED = Statement(
    select(tracking.c.finding_id, tracking.c.stage, tracking.c.by, tracking.c.at, tracking.c.words)
    .join(finding, finding.c.id == tracking.c.finding_id)
    .where(
        finding.c.year == bindparam("in_year"),
        finding.c.quarter == bindparam("in_quarter"),
        finding.c.closed_at.is_(None),
    )
)


class Tracking(Transaction):
    """The tracking's part of a transaction."""

    def track(self, tracked: Tracked, subject: str, at: datetime, by: str) -> None:
        """The finding is in that stage now."""
        self.run(
            _PUT, finding_id=tracked.finding_id, stage=tracked.stage.value, by=by, at=at, words=tracked.words
        )
        detail = detail_text(finding=tracked.finding_id, words=tracked.words)
        self.record(by, f"finding.{tracked.stage.value}", subject, detail, at)

    def tracked(self, round: MonitoringRound) -> dict[int, Tracked]:
        """Finding id -> its stage, of the open findings somebody has touched; the others are 新发现."""
        rows = self.all(_TRACKED, in_year=round.year, in_quarter=round.quarter)
        return {row[0]: Tracked(row[0], Stage(row[1]), *row[2:]) for row in rows}
