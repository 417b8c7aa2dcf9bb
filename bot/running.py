"""The running process: the scheduler's tick says the time, the shell remembers, retries and delivers."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from bot.app import App

log = structlog.get_logger()


class Clock(Protocol):
    """Something that says ``tick(now)`` at once and then again and again while it runs."""

    def start(self) -> None: ...
    def shutdown(self, wait: bool = ...) -> None: ...


@dataclass(frozen=True, slots=True)
class Runner:
    """One process of one district. ``ticking`` makes the clock for a function to be called with the time."""

    app: App
    ticking: Callable[[Callable[[datetime], Awaitable[None]]], Clock]

    async def tick(self, now: datetime) -> None:
        """What every tick does; a failure is logged and the next tick tries again."""
        try:
            planned = await asyncio.to_thread(self.app.tick, now)
            again = await asyncio.to_thread(self.app.retry, now)
            went = await self._flush(now)
        except Exception:
            log.exception("tick failed")
            return
        if planned or again or went:
            log.info("tick", planned=planned, retried=again, sent=went)

    async def _flush(self, now: datetime) -> int:
        went = 0
        while sent := await self.app.flush(now):
            went += sent
        return went

    async def until(self, stop: asyncio.Event) -> None:
        """Tick until told to stop; what is under way is finished first (D11)."""
        clock = self.ticking(self.tick)
        clock.start()
        try:
            await stop.wait()
        finally:
            clock.shutdown(wait=True)


async def run_until_stopped(runner: Runner) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await runner.until(stop)
