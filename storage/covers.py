"""Leave cover at rest: who asked whom, for which days, and whether they agreed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import bindparam, select, update

from regulation.covers import Cover, CoverState
from storage.audit import detail_text
from storage.errors import LostRace
from storage.sql import Statement, binds, constant, into
from storage.tables import cover
from storage.transaction import Transaction

_SHOWN = (cover.c.id, cover.c.person_id, cover.c.cover_id, cover.c.first_day, cover.c.last_day, cover.c.state)
_ASK = Statement(
    into(cover)
    .values(
        **binds("person_id", "cover_id", "first_day", "last_day", "asked_at"), state=CoverState.ASKED.value
    )
    .returning(cover.c.id)
)
_ONE = Statement(select(*_SHOWN).where(cover.c.id == bindparam("row")))
_STANDING = Statement(
    select(*_SHOWN)
    .where(
        cover.c.state == constant(CoverState.AGREED.value),
        cover.c.first_day <= bindparam("day", type_=cover.c.first_day.type),
        cover.c.last_day >= bindparam("day", type_=cover.c.last_day.type),
    )
    .order_by(cover.c.id)
)
_AHEAD = Statement(
    select(*_SHOWN)
    .where(
        cover.c.state.in_([constant(CoverState.ASKED.value), constant(CoverState.AGREED.value)]),
        cover.c.person_id == bindparam("who"),
        cover.c.last_day >= bindparam("day", type_=cover.c.last_day.type),
    )
    .order_by(cover.c.first_day, cover.c.id)
)
_MOVE = Statement(
    update(cover)
    .where(cover.c.id == bindparam("row"), cover.c.state == bindparam("was"))
    .values(state=bindparam("now"), answered_at=bindparam("moved_at"))
)


def _cover(number: int, person: str, by: str, first: date, last: date, state: str) -> Cover:
    return Cover(number, person, by, first, last, CoverState(state))


class Covers(Transaction):
    """The covers' part of a transaction."""

    def ask_cover(self, person_id: str, cover_id: str, first: date, last: date, at: datetime) -> int:
        """The question is open; its number."""
        given = {"person_id": person_id, "cover_id": cover_id, "first_day": first, "last_day": last}
        number = int(self.all(_ASK, asked_at=at, **given)[0][0])
        self.record(person_id, "cover.ask", cover_id, detail_text(first=first, last=last), at)
        return number

    def move_cover(self, number: int, was: CoverState, now: CoverState, at: datetime, by: str) -> None:
        """Agreed, refused or called off. Raises LostRace when it was no longer as it was."""
        if not self.run(_MOVE, row=number, was=was.value, now=now.value, moved_at=at):
            raise LostRace(f"cover {number}")
        self.record(by, f"cover.{now.value}", str(number), detail_text(), at)

    def cover(self, number: int) -> Cover | None:
        """One of them."""
        row = self.first(_ONE, row=number)
        return _cover(*row) if row else None

    def covers(self, day: date) -> list[Cover]:
        """Those that stand on that day."""
        return [_cover(*row) for row in self.all(_STANDING, day=day)]

    def covers_of(self, person_id: str, day: date) -> list[Cover]:
        """Those of somebody that are asked or agreed and not over on that day."""
        return [_cover(*row) for row in self.all(_AHEAD, who=person_id, day=day)]
