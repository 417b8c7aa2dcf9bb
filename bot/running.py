"""The running process: the clock's tick, the platforms that listen, and sending as soon as something was decided."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from bot.app import App
from bot.inlet import Committer, PlatformInlet
from bot.nightly import read_directories
from bot.ports import Connected, Link, Linked
from bot.watching import metered, warn

log = structlog.get_logger()

#: how long to wait before a platform's connection that ended by itself is opened again, doubling.
AGAIN_SECONDS = (1, 60)
#: what is under way when the process is told to stop gets this long (D11).
FAREWELL_SECONDS = 8


class Clock(Protocol):
    """Something that says ``tick(now)`` at once and then again and again while it runs."""

    def start(self) -> None: ...
    def shutdown(self, wait: bool = ...) -> None: ...


class Service(Protocol):
    """A web server in the same loop (uvicorn.Server)."""

    should_exit: bool

    async def serve(self) -> None: ...


@dataclass(slots=True)
class Runner:
    """One process of one district. ``ticking`` makes the clock for a function to be called with the time; ``now``
    says it between ticks."""

    app: App
    ticking: Callable[[Callable[[datetime], Awaitable[None]]], Clock]
    now: Callable[[], datetime] | None = None
    platforms: Sequence[Connected] = ()
    service: Service | None = None
    ticked: datetime | None = None  # the last tick that went well
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    def links(self) -> dict[str, Link]:
        """Platform -> how its connection is."""
        return {each.name: each.link() for each in self.platforms if isinstance(each, Linked)}

    async def tick(self, now: datetime) -> None:
        """What every tick does; a failure is logged and the next tick tries again."""
        try:
            planned = await asyncio.to_thread(self.app.tick, now)
            planned += await asyncio.to_thread(warn, self.app, metered(self.platforms), now)
            planned += await read_directories(self.app, self.platforms, now)
            again = await asyncio.to_thread(self.app.retry, now)
            went = await self._flush(now)
        except Exception:
            log.exception("tick failed")
            return
        self.ticked = now
        if planned or again or went:
            log.info("tick", planned=planned, retried=again, sent=went)

    async def _flush(self, now: datetime) -> int:
        went = 0
        async with self._sending:
            while sent := await self.app.flush(now, aside=asyncio.to_thread):
                went += sent
        return went

    async def until(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what is under way is finished first (D11)."""
        clock = self.ticking(self.tick)
        committer = Committer(self.app, self._changed.set)
        working = [asyncio.ensure_future(each) for each in self._work(committer, stop)]
        clock.start()
        try:
            await stop.wait()
        finally:
            if self.service:
                self.service.should_exit = True
            await self._farewell(working, committer)
            clock.shutdown(wait=True)

    def _work(self, committer: Committer, stop: asyncio.Event) -> list[Awaitable[None]]:
        if self.now is None:
            return []
        listening = [
            self._listen(platform, PlatformInlet(committer, platform.name, self.now), stop)
            for platform in self.platforms
        ]
        serving = [self.service.serve()] if self.service else []
        return [self._send_when_changed(stop, self.now), *listening, *serving]

    async def _send_when_changed(self, stop: asyncio.Event, now: Callable[[], datetime]) -> None:
        """An answer does not wait for the next tick."""
        while not stop.is_set():
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._flush(now())
            except Exception:
                log.exception("sending failed")

    async def _listen(self, platform: Connected, inlet: PlatformInlet, stop: asyncio.Event) -> None:
        """A platform's connection, opened again whenever it ends by itself (T25)."""
        pause, longest = AGAIN_SECONDS
        while not stop.is_set():
            try:
                await platform.run(inlet, stop)
            except Exception:
                log.exception("connection failed", platform=platform.name)
            if not stop.is_set():
                await _either(stop, pause)
                pause = min(pause * 2, longest)

    async def _farewell(self, working: Sequence[asyncio.Future[None]], committer: Committer) -> None:
        self._changed.set()
        if working:
            await asyncio.wait(working, timeout=FAREWELL_SECONDS)
        await committer.drained()
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)


async def _either(stop: asyncio.Event, seconds: float) -> None:
    """Until told to stop, at most so long."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


def settle_in() -> None:
    """What a started program consists of is never garbage. Looking through all of it again and again stopped every
    answer for a tenth of a second, seconds on a busy machine."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


async def run_until_stopped(runner: Runner) -> None:
    """Run until SIGTERM or SIGINT."""
    settle_in()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await runner.until(stop)
