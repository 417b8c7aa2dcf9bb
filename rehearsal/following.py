"""``jixiao run`` in a rehearsal: it lives by the clock of the sandboxes, and ticks at what a jump of it passes over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.law import Law
from rehearsal.stops import MINUTE, next_stop, whole_minute
from sandbox.clock import GLANCE, Reached, SharedClock
from storage.store import Store

log = structlog.get_logger()

HOUR = timedelta(hours=1)
#: how often it is asked what is planned next, while nobody sets the clock, in real seconds.
PLANNING = 1.0
Tick = Callable[[datetime], Awaitable[None]]


class Followed:
    """A clock, and the program with that store and that law which follows it."""

    def __init__(self, clock: SharedClock, store: Store, law: Law) -> None:
        self.clock, self.store, self.law = clock, store, law

    def now(self) -> datetime:
        """The instant of the rehearsal."""
        return self.clock.now()

    def ticking(self, tick: Tick) -> Follower:
        """For bot.running.Runner: ``tick(now)`` at once, every minute, and whenever the clock was set."""
        return Follower(self, tick)

    def planned(self, after: datetime) -> datetime | None:
        """The minute of the next planned moment, message that waits, or notice that is due."""
        return whole_minute(next_stop(self.store, self.law, after))

    def next_tick(self, after: datetime) -> datetime:
        """What is planned, or the full hour: some things are done once a day from an hour on."""
        hour = (after + HOUR).replace(minute=0, second=0, microsecond=0)
        planned = self.planned(after)
        return min(planned, hour) if planned and planned > after else hour


class Follower:
    """The task that looks at the clock."""

    def __init__(self, followed: Followed, tick: Tick) -> None:
        self.followed, self.clock, self._tick = followed, followed.clock, tick
        self._setting = self.clock.setting
        self._reached: datetime | None = None
        self._said = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Tick now, and go on."""
        self._task = asyncio.get_running_loop().create_task(self._follow())

    def shutdown(self, wait: bool = True) -> None:
        """No more ticks."""
        if self._task:
            self._task.cancel()

    async def _follow(self) -> None:
        while True:
            try:
                await self._look()
            except Exception:
                log.exception("clock not followed")
            await asyncio.sleep(GLANCE)

    async def _look(self) -> None:
        setting, now = self.clock.setting, self.clock.now()
        if self._reached is None or setting != self._setting or now - self._reached >= MINUTE:
            self._setting = setting
            await self._catch_up(now)
        elif time.monotonic() - self._said >= PLANNING:
            await self._say(self._reached)

    async def _catch_up(self, now: datetime) -> None:
        """Every moment on the way at its time: what is decided at one may plan another. A program that was not running
        meanwhile only hears of the present."""
        while self._reached and (moment := await self._next(self._reached)) < now:
            await self._tick_at(moment)
        await self._tick_at(now)

    async def _tick_at(self, moment: datetime) -> None:
        await self._tick(moment)
        self._reached = moment
        await self._say(moment)

    async def _next(self, after: datetime) -> datetime:
        return await asyncio.to_thread(self.followed.next_tick, after)

    async def _say(self, reached: datetime) -> None:
        """Beside the clock, for whoever waits for us or wants to know what comes."""
        planned = await asyncio.to_thread(self.followed.planned, reached)
        if (told := Reached(reached, planned)) != self.clock.reached():
            self.clock.reach(told)
        self._said = time.monotonic()
