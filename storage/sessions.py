"""Conversations at rest: text and a turn counter, which is the optimistic lock."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from storage.errors import LostRace
from storage.sql import Statement, binds, into
from storage.tables import session
from storage.transaction import Transaction

_READ = Statement(select(session.c.text, session.c.turn).where(session.c.person_id == bindparam("person")))
_FIRST = Statement(
    into(session)
    .values(**binds("person_id", "text"), turn=1)
    .on_conflict_do_nothing(index_elements=["person_id"])
)
_NEXT = Statement(
    update(session)
    .where(session.c.person_id == bindparam("person"), session.c.turn == bindparam("turn_was"))
    .values(text=bindparam("text"), turn=session.c.turn + 1)
)


class Sessions(Transaction):
    """The sessions' part of a transaction."""

    def session(self, person_id: str) -> tuple[str | None, int]:
        """The stored text and its turn; (None, 0) for a person who never spoke."""
        row = self.first(_READ, person=person_id)
        return (row[0], row[1]) if row else (None, 0)

    def save_session(self, person_id: str, text: str, turn_was: int) -> None:
        """Store the next turn. Raises LostRace when another turn was stored since ``turn_was`` was read."""
        if turn_was:
            saved = self.run(_NEXT, person=person_id, text=text, turn_was=turn_was)
        else:
            saved = self.run(_FIRST, person_id=person_id, text=text)
        if not saved:
            raise LostRace(f"session of {person_id}")
