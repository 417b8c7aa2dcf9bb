"""Dates finance fixed for one round by notice, and what kind of database this is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from regulation.deadlines import Annex, RoundOverride
from regulation.rounds import MonitoringRound
from storage.audit import detail_text
from storage.errors import StorageRefused
from storage.sql import Statement, binds, into
from storage.tables import meta, override
from storage.transaction import Transaction

_insert = into(override).values(**binds("year", "quarter", "annex", "due", "notice_no"))
_SET = Statement(
    _insert.on_conflict_do_update(
        index_elements=["year", "quarter", "annex"],
        set_={"due": _insert.excluded.due, "notice_no": _insert.excluded.notice_no},
    )
)
_ALL = Statement(
    select(
        override.c.year, override.c.quarter, override.c.annex, override.c.due, override.c.notice_no
    ).order_by(override.c.year, override.c.quarter, override.c.annex)
)
_META = Statement(select(meta.c.value).where(meta.c.key == bindparam("key")))
_SET_META = Statement(
    into(meta).values(**binds("key", "value")).on_conflict_do_nothing(index_elements=["key"])
)

KINDS = {"production": "正式", "rehearsal": "演练"}


class Overrides(Transaction):
    """The settings' part of a transaction."""

    def set_override(self, override: RoundOverride, at: datetime, by: str) -> None:
        """The date holds for this round from now on, replacing an earlier notice's."""
        self.run(
            _SET,
            year=override.round.year,
            quarter=override.round.quarter,
            annex=override.annex.value,
            due=override.due,
            notice_no=override.notice_no,
        )
        detail = detail_text(due=override.due, notice=override.notice_no)
        self.record(by, "round.override", f"{override.round.code}:{override.annex}", detail, at)

    def overrides(self) -> list[RoundOverride]:
        """Every fixed date, in order of round."""
        return [
            RoundOverride(MonitoringRound(year, quarter), Annex(annex), due, notice)
            for year, quarter, annex, due, notice in self.all(_ALL)
        ]

    def kind(self) -> str | None:
        """``production`` or ``rehearsal``; None in a database nobody has claimed yet."""
        row = self.first(_META, key="kind")
        return row[0] if row else None

    def set_kind(self, kind: str, at: datetime, by: str) -> None:
        """Claim the database for one kind of use, once (C10, A12). Raises StorageRefused when it has another."""
        wanted = KINDS[kind]
        if self.run(_SET_META, key="kind", value=kind):
            self.record(by, "database.kind", kind, detail_text(), at)
        elif (present := self.kind() or kind) != kind:
            raise StorageRefused(
                f"这是{KINDS[present]}数据库，不能当作{wanted}数据库使用，请换一个数据库文件"
            )
