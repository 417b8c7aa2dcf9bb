"""Coming in from platforms that run: what waits together shares one commit, and nobody waits for a group to fill."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.app import App, Arrived
from bot.ports import Reply

#: the most deliveries of one commit: beyond this the last of a group would wait too long for its ACK.
MOST_TOGETHER = 64

Waiter = tuple[Arrived, bool, "asyncio.Future[Reply | None]"]
Settled = tuple[Reply, str | None, datetime, "asyncio.Future[None]"]


@dataclass(slots=True)
class Committer:
    """One writer for all platforms of a process. ``changed`` is called after every commit that had an effect."""

    app: App
    changed: Callable[[], None]
    _waiting: deque[Waiter] = field(default_factory=deque)
    _settled: list[Settled] = field(default_factory=list)
    _working: asyncio.Task[None] | None = None

    async def commit(self, arrived: Arrived, wants_reply: bool) -> Reply | None:
        """Keep one delivery and decide. Raises whatever kept the commit from happening."""
        done: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrived, wants_reply, done))
        self._begin()
        return await asyncio.shield(done)

    async def settle(self, reply: Reply, reference: str | None, now: datetime) -> None:
        """Note what became of a reply; several share one commit, in turn with what comes in."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._settled.append((reply, reference, now, done))
        self._begin()
        await asyncio.shield(done)

    def _begin(self) -> None:
        if self._working is None:
            self._working = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._waiting or self._settled:
            if self._waiting:
                group = [self._waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self._waiting)))]
                await self._together(group)
            if self._settled:
                settled, self._settled = self._settled, []
                await self._settle(settled)
        self._working = None

    async def _settle(self, settled: list[Settled]) -> None:
        pairs = [(reply, reference) for reply, reference, *_ in settled]
        try:
            await asyncio.to_thread(self.app.mailer.settle, pairs, settled[-1][2])
        except Exception as error:
            for *_, done in settled:
                done.set_exception(error)
            return
        for *_, done in settled:
            done.set_result(None)
        if any(reference is None for _, reference in pairs):
            self.changed()

    async def _together(self, group: list[Waiter]) -> None:
        deliveries = [(arrived, wanted) for arrived, wanted, _ in group]
        try:
            replies = await asyncio.to_thread(self.app.answer_all, deliveries)
        except Exception as error:
            for *_, done in group:
                done.set_exception(error)
            return
        for (*_, done), reply in zip(group, replies, strict=True):
            done.set_result(reply)
        self.changed()

    async def drained(self) -> None:
        """Returns when what had come in has been committed."""
        while self._working is not None:
            await asyncio.wait([self._working])


@dataclass(frozen=True, slots=True)
class PlatformInlet:
    """The way in for one platform (bot.ports.Inlet)."""

    committer: Committer
    platform: str
    now: Callable[[], datetime]

    async def receive(
        self, message_id: str, payload: Mapping[str, Any], at: datetime, *, wants_reply: bool = False
    ) -> Reply | None:
        """Durable when it returns."""
        return await self.committer.commit(Arrived(self.platform, message_id, payload, at), wants_reply)

    async def replied(self, reply: Reply, reference: str) -> None:
        """Handed over with the platform's own answer."""
        await self.committer.settle(reply, reference, self.now())

    async def declined(self, reply: Reply) -> None:
        """Sent the usual way, at once."""
        await self.committer.settle(reply, None, self.now())
