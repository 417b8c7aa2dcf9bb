"""Who has read what was sent to many: asked a few times within the 24 hours DingTalk remembers it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.ports import Inlet, SendFailed, Shelf
from platforms.dingtalk.notices import REFERENCE, Notices
from platforms.dingtalk.reading import READERS
from platforms.dingtalk.refusals import Refused
from platforms.dingtalk.robot import Robot

log = structlog.get_logger(__name__)

UNREAD = "unread:"
#: minutes after the sending at which the lists are asked for; each costs one call for each hundred people.
ASKED = (30, 240, 1380)
KEPT = timedelta(hours=24)


class Receipts:
    """``sent`` notes what to ask for, ``ask`` asks for what is due. What one person got is told by an event."""

    def __init__(self, notices: Notices, robot: Robot, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self._notices, self._robot, self._shelf, self._clock = notices, robot, shelf, clock

    async def sent(self, outcomes: Sequence[str | SendFailed]) -> None:
        """The references of a message to many."""
        now = self._clock()
        for reference in dict.fromkeys(r for r in outcomes if isinstance(r, str) and r):
            await asyncio.to_thread(self._put, reference, now, 0)

    def _put(self, reference: str, sent: datetime, asked: int) -> None:
        self._shelf.put(UNREAD + reference, f"{asked} {sent.isoformat()}", sent + KEPT)

    async def ask(self, inlet: Inlet) -> int:
        """How many lists were asked for."""
        count, now = 0, self._clock()
        for key in await asyncio.to_thread(self._shelf.keys, UNREAD):
            kept = await asyncio.to_thread(self._shelf.get, key, now)
            number, _, at = (kept or "").partition(" ")
            sent = datetime.fromisoformat(at) if at else None
            if sent is None or int(number) >= len(ASKED):
                await asyncio.to_thread(self._shelf.forget, key)
            elif now >= sent + timedelta(minutes=ASKED[int(number)]):
                count += 1
                await self._one(key.removeprefix(UNREAD), int(number), inlet)
                await asyncio.to_thread(self._put, key.removeprefix(UNREAD), sent, int(number) + 1)
        return count

    async def _one(self, reference: str, number: int, inlet: Inlet) -> None:
        try:
            readers = await self._readers(reference)
        except Refused as refused:
            log.warning("dingtalk.readers_unknown", code=refused.refusal.code)
            return
        if readers:
            payload = {"topic": READERS, "user": "", "reference": reference, "readers": list(readers)}
            await inlet.receive(f"readers:{reference}:{number}", payload, self._clock())

    async def _readers(self, reference: str) -> tuple[str, ...]:
        if reference.startswith(REFERENCE):
            return (await self._notices.result(reference)).readers
        return await self._robot.readers(reference)
