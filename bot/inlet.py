"""Coming in from platforms that run: what waits together shares one commit, and nobody waits for a group to fill."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.app import App, Arrived
from bot.ports import Reply

#: the most deliveries of one commit: beyond this the last of a group would wait too long for its ACK, and so would
#: what is only to be kept.
MOST_TOGETHER = 32

Waiter = tuple[Arrived, bool, "asyncio.Future[Reply | None]"]
Kept = tuple[Arrived, "asyncio.Future[None]"]
Settled = tuple[Reply, str | None, datetime, "asyncio.Future[None]"]


@dataclass(slots=True)
class Committer:
    """One writer for all platforms of a process. ``changed`` is called after every commit that had an effect."""

    app: App
    changed: Callable[[], None]
    _waiting: deque[Waiter] = field(default_factory=deque)
    _keeping: list[Kept] = field(default_factory=list)
    _settled: list[Settled] = field(default_factory=list)
    _working: asyncio.Task[None] | None = None
    _pace: float = 0.0  # seconds a turn took lately

    async def commit(self, arrived: Arrived, wants_reply: bool) -> Reply | None:
        """Keep one delivery and decide. Raises whatever kept the commit from happening."""
        done: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrived, wants_reply, done))
        self._begin()
        return await asyncio.shield(done)

    async def keep(self, arrived: Arrived) -> None:
        """Only keep one that waits for its turn; before any more turns, as somebody waits for this."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._keeping.append((arrived, done))
        self._begin()
        await asyncio.shield(done)

    async def settle(self, reply: Reply, reference: str | None, now: datetime) -> None:
        """Note what became of a reply; several share one commit, in turn with what comes in."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._settled.append((reply, reference, now, done))
        self._begin()
        await asyncio.shield(done)

    def behind(self) -> float:
        """In how many seconds one that comes now will be decided."""
        return len(self._waiting) * self._pace

    def _begin(self) -> None:
        if self._working is None:
            self._working = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._waiting or self._settled or self._keeping:
            if self._keeping:
                keeping, self._keeping = self._keeping, []
                await self._keep(keeping)
            if self._waiting:
                group = [self._waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self._waiting)))]
                await self._together(group)
            if self._settled:
                settled, self._settled = self._settled, []
                await self._settle(settled)
        self._working = None

    async def _keep(self, keeping: list[Kept]) -> None:
        deliveries = [arrived for arrived, _ in keeping]
        await _done([done for _, done in keeping], self.app.keep_all, deliveries)

    async def _settle(self, settled: list[Settled]) -> None:
        pairs = [(reply, reference) for reply, reference, *_ in settled]
        went = await _done([done for *_, done in settled], self.app.mailer.settle, pairs, settled[-1][2])
        if went and any(reference is None for _, reference in pairs):
            self.changed()

    async def _together(self, group: list[Waiter]) -> None:
        deliveries = [(arrived, wanted) for arrived, wanted, _ in group]
        begun = asyncio.get_running_loop().time()
        if await _done([done for *_, done in group], self.app.answer_all, deliveries):
            self.changed()
        took = asyncio.get_running_loop().time() - begun
        self._pace += (took / len(group) - self._pace) / 4

    async def drained(self) -> None:
        """Returns when what had come in has been committed."""
        while self._working is not None:
            await asyncio.wait([self._working])


async def _done(waiting: Sequence[asyncio.Future[Any]], work: Callable[..., Any], *given: Any) -> bool:
    """Do it in a thread; everybody waiting hears what came of it."""
    try:
        found = await asyncio.to_thread(work, *given)
    except Exception as error:
        for done in waiting:
            done.set_exception(error)
        return False
    for done, each in zip(waiting, found or [None] * len(waiting), strict=True):
        done.set_result(each)
    return True


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

    def behind(self) -> float:
        """See :meth:`Committer.behind`."""
        return self.committer.behind()

    async def keep(self, message_id: str, payload: Mapping[str, Any], at: datetime) -> None:
        """Durable when it returns, whenever its turn comes."""
        await self.committer.keep(Arrived(self.platform, message_id, payload, at))

    async def replied(self, reply: Reply, reference: str) -> None:
        """Handed over with the platform's own answer."""
        await self.committer.settle(reply, reference, self.now())

    async def declined(self, reply: Reply) -> None:
        """Sent the usual way, at once."""
        await self.committer.settle(reply, None, self.now())
