"""The application as a process of its own: the real runner on the rehearsal's clock, ticking when it is told to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bot import failpoints, wiring
from bot.logs import configure
from bot.settings import Settings
from sandbox.clock import SharedClock

TICK, TICKED, STOP = "tick", "ticked", "stop"


class Obedient:
    """Ticks when it is told to over ``orders``, never by itself."""

    def __init__(
        self,
        clock: SharedClock,
        orders: Connection,
        stop: asyncio.Event,
        tick: Callable[[datetime], Awaitable[None]],
    ) -> None:
        self.clock, self.orders, self.stop, self.tick = clock, orders, stop, tick
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Say that it runs, and tick whenever told."""
        self._task = asyncio.get_running_loop().create_task(self._obey())

    def shutdown(self, wait: bool = True) -> None:
        """No more ticks."""
        if self._task:
            self._task.cancel()

    async def _obey(self) -> None:
        order = ""
        while order != STOP:
            if order:
                await self.tick(self.clock.now())
            await asyncio.to_thread(self.orders.send, TICKED)
            order = await asyncio.to_thread(self.orders.recv)
        self.stop.set()


def run(
    clock: Path,
    settings: Mapping[str, Any],
    orders: Connection,
    log: Path,
    fail_at: str = "",
) -> None:
    """Run until told to stop or killed. What the application logs goes into a file of its own; at the pass ``fail_at``
    of a failpoint it kills itself."""
    failpoints.arm(kill=fail_at)
    stream = log.open("a", encoding="utf-8")
    configure(logging.INFO, stream)
    own = Settings(_env_file=None, **settings)  # type: ignore[call-arg]
    store = wiring.open_store(own)
    with closing(store.lock_instance()):
        asyncio.run(_serve(SharedClock(clock), own, store, orders))


async def _serve(clock: SharedClock, settings: Settings, store: Any, orders: Connection) -> None:
    stop = asyncio.Event()

    def ticking(tick: Callable[[datetime], Awaitable[None]]) -> Obedient:
        return Obedient(clock, orders, stop, tick)

    runner = wiring.runner(settings, store, clock.now, ticking)
    await runner.until(stop)
