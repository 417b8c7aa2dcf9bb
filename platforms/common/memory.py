"""A shelf that forgets when the process ends, for a check that leaves nothing behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime


class MemoryShelf:
    """See bot.ports.Shelf."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, datetime | None]] = {}
        self._counted: Counter[str] = Counter()

    def get(self, key: str, now: datetime) -> str | None:
        """The value, None once its time is over."""
        value, until = self._kept.get(key, (None, None))
        return value if until is None or until > now else None

    def put(self, key: str, value: str, until: datetime | None = None) -> None:
        """Keep a value."""
        self._kept[key] = (value, until)

    def forget(self, key: str) -> None:
        """Nothing is under that key any more."""
        self._kept.pop(key, None)

    def keys(self, prefix: str) -> Sequence[str]:
        """Every key that begins so, in order."""
        return sorted(key for key in self._kept if key.startswith(prefix))

    def count(self, counter: str, by: int = 1) -> int:
        """Add; the new total."""
        self._counted[counter] += by
        return self._counted[counter]

    def counted(self, prefix: str) -> Mapping[str, int]:
        """Every counter that begins so."""
        return {key: total for key, total in self._counted.items() if key.startswith(prefix)}
