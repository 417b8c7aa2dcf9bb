"""What one platform remembers across restarts: values with an end, and counters; each call one small transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select

from storage.sql import Statement, binds, into
from storage.tables import shelf, tally
from storage.transaction import Transaction

if TYPE_CHECKING:
    from storage.store import Store

_put = into(shelf).values(**binds("platform", "key", "value", "until"))
_PUT = Statement(
    _put.on_conflict_do_update(
        index_elements=["platform", "key"],
        set_={"value": _put.excluded.value, "until": _put.excluded.until},
    )
)
_mine = shelf.c.platform == bindparam("platform")
_GET = Statement(select(shelf.c.value, shelf.c.until).where(_mine, shelf.c.key == bindparam("key")))
_FORGET = Statement(delete(shelf).where(_mine, shelf.c.key == bindparam("key")))
_prefix = bindparam("prefix", type_=shelf.c.key.type)
_KEYS = Statement(
    select(shelf.c.key)
    .where(_mine, func.substr(shelf.c.key, 1, func.length(_prefix)) == _prefix)
    .order_by(shelf.c.key)
)
_count = into(tally).values(**binds("platform", "key", "total"))
_COUNT = Statement(
    _count.on_conflict_do_update(
        index_elements=["platform", "key"], set_={"total": tally.c.total + _count.excluded.total}
    ).returning(tally.c.total)
)
_COUNTED = Statement(
    select(tally.c.key, tally.c.total).where(
        tally.c.platform == bindparam("platform"),
        func.substr(tally.c.key, 1, func.length(_prefix)) == _prefix,
    )
)


class Shelves(Transaction):
    """The shelves' part of a transaction. Nothing the district decides is kept here, so nothing here is audited."""

    def shelve(self, platform: str, key: str, value: str, until: datetime | None) -> None:
        """Keep a value under a key, in the place of an earlier one; with ``until`` it is gone after that."""
        self.run(_PUT, platform=platform, key=key, value=value, until=until)

    def shelved(self, platform: str, key: str, now: datetime) -> str | None:
        """The value, None when there is none or its time is over."""
        row = self.first(_GET, platform=platform, key=key)
        return row[0] if row and (row[1] is None or row[1] > now) else None

    def unshelve(self, platform: str, key: str) -> None:
        """Nothing is under that key any more."""
        self.run(_FORGET, platform=platform, key=key)

    def shelf_keys(self, platform: str, prefix: str) -> list[str]:
        """Every key that begins so, in order."""
        return [row[0] for row in self.all(_KEYS, platform=platform, prefix=prefix)]

    def tally(self, platform: str, counter: str, by: int) -> int:
        """Add to a counter; its new total."""
        total: int = self.all(_COUNT, platform=platform, key=counter, total=by)[0][0]
        return total

    def tallied(self, platform: str, prefix: str) -> dict[str, int]:
        """Counter -> total, of every counter that begins so."""
        return dict(self.all(_COUNTED, platform=platform, prefix=prefix))


@dataclass(frozen=True, slots=True)
class StoredShelf:
    """One platform's shelf in the database (bot.ports.Shelf)."""

    store: Store
    platform: str

    def get(self, key: str, now: datetime) -> str | None:
        """See :meth:`Shelves.shelved`."""
        with self.store.read() as tx:
            return tx.shelved(self.platform, key, now)

    def put(self, key: str, value: str, until: datetime | None = None) -> None:
        """See :meth:`Shelves.shelve`."""
        with self.store.begin() as tx:
            tx.shelve(self.platform, key, value, until)

    def forget(self, key: str) -> None:
        """See :meth:`Shelves.unshelve`."""
        with self.store.begin() as tx:
            tx.unshelve(self.platform, key)

    def keys(self, prefix: str) -> Sequence[str]:
        """See :meth:`Shelves.shelf_keys`."""
        with self.store.read() as tx:
            return tx.shelf_keys(self.platform, prefix)

    def count(self, counter: str, by: int = 1) -> int:
        """See :meth:`Shelves.tally`."""
        with self.store.begin() as tx:
            return tx.tally(self.platform, counter, by)

    def counted(self, prefix: str) -> Mapping[str, int]:
        """See :meth:`Shelves.tallied`."""
        with self.store.read() as tx:
            return tx.tallied(self.platform, prefix)
