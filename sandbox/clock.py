"""The time of a sandbox: it runs by itself, can be set, and wakes whoever waits for a moment that has come."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """Runs from ``start`` (the machine's own time when None), ``speed`` times as fast; 0: not at all."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        self._at = (start or datetime.now(SHANGHAI)).astimezone(SHANGHAI)
        self._since = time.monotonic()
        self._speed = speed
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """The instant it is in the sandbox, Asia/Shanghai."""
        return self._at + timedelta(seconds=(time.monotonic() - self._since) * self._speed)

    def set(self, at: datetime) -> None:
        """Make it that instant, and run on from there; waits that are over by then end now."""
        self._at, self._since = at.astimezone(SHANGHAI), time.monotonic()
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def advance(self, by: timedelta) -> None:
        """So much later."""
        self.set(self.now() + by)

    async def sleep(self, seconds: float) -> None:
        """Until that much later by this clock, however it gets there."""
        await self.until(self.now() + timedelta(seconds=seconds))

    async def until(self, moment: datetime) -> None:
        """Until it is that moment."""
        while (left := (moment - self.now()).total_seconds()) > 0:
            try:
                await asyncio.wait_for(self._moved.wait(), left / self._speed)
            except TimeoutError:
                continue

    def milliseconds(self) -> int:
        """Now as the vendors write it: milliseconds since 1970."""
        return int(self.now().timestamp() * 1000)
