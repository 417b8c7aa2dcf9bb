"""Which reminder moments were acted on, and who asked not to be nagged in a round."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from regulation.rounds import MonitoringRound
from storage.audit import detail_text
from storage.sql import Statement, binds, into
from storage.tables import marker, pause
from storage.transaction import Transaction

_ACT = Statement(into(marker).values(**binds("key", "at")).on_conflict_do_nothing(index_elements=["key"]))
_ACTED = Statement(select(marker.c.key).where(marker.c.key == bindparam("key")))
_PAUSE = Statement(
    into(pause)
    .values(**binds("person_id", "year", "quarter", "at"))
    .on_conflict_do_nothing(index_elements=["person_id", "year", "quarter"])
)
_PAUSED = Statement(
    select(pause.c.person_id).where(
        pause.c.person_id == bindparam("person"),
        pause.c.year == bindparam("year"),
        pause.c.quarter == bindparam("quarter"),
    )
)


class Reminders(Transaction):
    """The reminders' part of a transaction."""

    def act(self, key: str, at: datetime) -> None:
        """That moment is dealt with, for ever; repeating it changes nothing."""
        if self.run(_ACT, key=key, at=at):
            self.record("system", "reminder.acted", key, detail_text(), at)

    def acted(self, key: str) -> bool:
        """Whether that moment was dealt with."""
        return self.first(_ACTED, key=key) is not None

    def pause(self, person_id: str, round: MonitoringRound, at: datetime) -> None:
        """No nagging of this person before the due day of the round."""
        if self.run(_PAUSE, person_id=person_id, year=round.year, quarter=round.quarter, at=at):
            self.record(person_id, "reminder.paused", round.code, detail_text(), at)

    def paused(self, person_id: str, round: MonitoringRound) -> bool:
        """Whether the person asked for that."""
        return self.first(_PAUSED, person=person_id, year=round.year, quarter=round.quarter) is not None
