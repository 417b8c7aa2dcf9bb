"""What each card's token stands for: nothing in a tap's payload is believed (RELIABILITY S01–S04)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.sql import Statement, binds, into
from storage.tables import card
from storage.transaction import Transaction

_SHOWN = ("token", "person_id", "name", "subject", "version", "actions", "data")
_ADD = Statement(into(card).values(**binds(*_SHOWN, "at")))
_READ = Statement(select(*(card.c[name] for name in _SHOWN)).where(card.c.token == bindparam("token")))


@dataclass(frozen=True, slots=True)
class BoundCard:
    """A card as it was sent."""

    token: str
    person_id: str
    name: str
    subject: str
    version: int
    actions: tuple[str, ...]
    data: str


class Cards(Transaction):
    """The cards' part of a transaction."""

    def bind_card(
        self,
        token: str,
        person_id: str,
        name: str,
        subject: str,
        version: int,
        actions: Sequence[str],
        data: str,
        at: datetime,
    ) -> None:
        """Remember whom and what this token is for. A token is never bound twice."""
        given = (token, person_id, name, subject, version, json.dumps(list(actions)), data, at)
        self.run(_ADD, **dict(zip((*_SHOWN, "at"), given, strict=True)))

    def card(self, token: str) -> BoundCard | None:
        """What the token stands for; None for a token we never gave out."""
        row = self.first(_READ, token=token)
        if row is None:
            return None
        name_of = dict(zip(_SHOWN, row, strict=True))
        return BoundCard(**{**name_of, "actions": tuple(json.loads(name_of["actions"]))})
