"""Taps answered before they were decided: kept, those that wait together in one write, and decided after a restart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.ports import Inlet, Shelf

PREFIX = "late:"
Tap = tuple[str, Mapping[str, Any], datetime]


class Late:
    """``keep`` before the answer, ``decided`` afterwards; a group is forgotten when all of it is decided."""

    def __init__(self, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self._shelf, self._clock = shelf, clock
        self._waiting: list[tuple[Tap, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._open: dict[str, set[str]] = {}  # shelf key -> the taps of it that are not decided
        self._group: dict[str, str] = {}  # tap -> shelf key
        self._early: set[str] = set()  # decided before it was written

    async def keep(self, tap: Tap) -> None:
        """On the shelf when this returns."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((tap, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await asyncio.shield(done)

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                await self._together([tap for tap, _ in group])
            except Exception as error:
                for _, done in group:
                    done.set_exception(error)
                continue
            for _, done in group:
                done.set_result(None)
        self._writing = None

    async def _together(self, taps: list[Tap]) -> None:
        key = PREFIX + taps[0][0]
        kept = [
            {"id": tap_id, "payload": dict(payload), "at": at.isoformat()} for tap_id, payload, at in taps
        ]
        await asyncio.to_thread(self._shelf.put, key, json.dumps(kept), None)
        left = {tap_id for tap_id, *_ in taps} - self._early
        self._early -= {tap_id for tap_id, *_ in taps}
        self._open[key] = left
        self._group |= dict.fromkeys(left, key)
        await self._forget_when_done(key)

    async def decided(self, tap_id: str) -> None:
        """Nothing needs to be taken up again."""
        key = self._group.pop(tap_id, "")
        if not key:
            self._early.add(tap_id)
            return
        self._open[key].discard(tap_id)
        await self._forget_when_done(key)

    async def _forget_when_done(self, key: str) -> None:
        if not self._open.get(key, {key}):
            del self._open[key]
            await asyncio.to_thread(self._shelf.forget, key)

    async def resume(self, inlet: Inlet) -> None:
        """What a killed process had kept; the inbox knows what it had decided."""
        for key in await asyncio.to_thread(self._shelf.keys, PREFIX):
            kept = await asyncio.to_thread(self._shelf.get, key, self._clock())
            for tap in json.loads(kept or "[]"):
                await inlet.receive(tap["id"], tap["payload"], datetime.fromisoformat(tap["at"]))
            await asyncio.to_thread(self._shelf.forget, key)
