"""The month's budget: calls and pushes counted on the shelf, how full it is, what still goes out when it is empty."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.ports import SendFailed, Shelf

#: percent at which people are told.
WARNINGS = (70, 90)
#: reminders that go out whatever the month has cost: of the last day, and after it.
URGENT = ("due_morning", "due_afternoon", "late")
#: the outbox keys of reminders: those of another day have lost their meaning by the next month.
REMINDERS = ("remind", "department")
FLUSH_AT = 20


@dataclass(frozen=True, slots=True)
class Quota:
    """One natural month so far; ``by`` names the interface or topic."""

    month: str
    calls: int
    calls_limit: int
    pushes: int
    pushes_limit: int
    by: tuple[tuple[str, int], ...] = ()

    @property
    def percent(self) -> int:
        """How full the fuller of the two is."""
        return max(
            used * 100 // limit if limit else 0
            for used, limit in ((self.calls, self.calls_limit), (self.pushes, self.pushes_limit))
        )

    @property
    def warning(self) -> int:
        """The highest mark that has been passed: 0, 70, 90 or 100."""
        return max((mark for mark in (0, *WARNINGS, 100) if self.percent >= mark), default=0)


def urgent(key: str) -> bool:
    """Whether a message still goes when the month is used up: reminders of the last day and after it, to units and
    departments, and that it is used up. ``key`` is the outbox key."""
    word, _, rest = key.partition(":")
    if word in REMINDERS:
        return any(part in URGENT for part in rest.split(":"))
    return word == "usage"


def answers(key: str) -> bool:
    """Whether a message answers what somebody did just now."""
    return key.partition(":")[0] in ("reply", "sorry")


class Meter:
    """Counts. ``replies``: answers cost calls even when there are none left. Calls under way are kept in memory and
    written together: a killed process forgets twenty at most."""

    def __init__(
        self, shelf: Shelf, clock: Callable[[], datetime], calls: int, pushes: int, replies: bool = False
    ) -> None:
        self._shelf, self._clock, self._replies = shelf, clock, replies
        self._limits = {"calls": calls, "pushes": pushes}
        self._pending: Counter[str] = Counter()
        self._exhausted: dict[str, str] = {}  # kind -> the month that is used up

    def count(self, kind: str, name: str) -> None:
        """One more of ``calls`` or ``pushes``, of that interface or topic."""
        self._pending[f"{kind}:{self._month()}:{name}"] += 1

    def exhausted(self, kind: str) -> None:
        """DingTalk itself says that the month is used up, whatever we counted."""
        self._exhausted[kind] = self._month()

    async def flush(self, *, always: bool = True) -> None:
        """Write what was counted."""
        if self._pending and (always or self._pending.total() >= FLUSH_AT):
            pending, self._pending = self._pending, Counter()
            await asyncio.to_thread(self._write, pending)

    def _write(self, pending: Counter[str]) -> None:
        for counter, by in pending.items():
            self._shelf.count(counter, by)

    def quota(self) -> Quota:
        """The month so far, what is not yet written included. Reads the shelf: from a thread, please."""
        month = self._month()
        by: Counter[str] = Counter()
        for kind in self._limits:
            by.update(self._shelf.counted(f"{kind}:{month}:"))
        by.update({k: n for k, n in self._pending.items() if f":{month}:" in k})
        used = {kind: self._used(kind, month, by) for kind in self._limits}
        named = tuple(sorted((k.replace(f":{month}", ""), n) for k, n in by.items()))
        return Quota(
            month, used["calls"], self._limits["calls"], used["pushes"], self._limits["pushes"], named
        )

    def _used(self, kind: str, month: str, by: Counter[str]) -> int:
        counted = sum(n for counter, n in by.items() if counter.startswith(f"{kind}:"))
        return max(counted, self._limits[kind]) if self._exhausted.get(kind) == month else counted

    async def spent(self, key: str) -> bool:
        """Whether the month is used up and this message must not cost a call."""
        if urgent(key) or (self._replies and answers(key)):
            return False
        quota = await asyncio.to_thread(self.quota)
        return quota.calls >= quota.calls_limit

    async def admit(self, key: str) -> None:
        """Raises SendFailed when it must wait for the next month; reminders are given up on the way there."""
        if await self.spent(key):
            stays = key.partition(":")[0] not in REMINDERS
            raise SendFailed("month used up", retryable=True, pause_seconds=6 * 3600, outage=stays)

    def _month(self) -> str:
        return f"{self._clock():%Y-%m}"
