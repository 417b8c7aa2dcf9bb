"""The response codes of cards: each changes one card once within 72 hours, whoever tapped or got it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.ports import Shelf

GOOD_FOR = timedelta(hours=72)
#: how many codes of taps being answered are held in memory.
HELD = 4096


class Codes:
    """A tap's code is held in memory while its answer is made; one not used then, and those of sent cards, are kept."""

    def __init__(self, shelf: Shelf, now: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._now = now
        self._held: OrderedDict[tuple[str, str], str] = OrderedDict()

    def hold(self, token: str, user: str, code: str) -> None:
        """The code of a tap on the card of that token."""
        self._held[token, user] = code
        while len(self._held) > HELD:
            self._held.popitem(last=False)

    async def keep(self, token: str, user: str) -> None:
        """The held code was not needed now; it may be within 72 hours."""
        code = self._held.pop((token, user), None)
        if code:
            await self.sent(token, user, code)

    async def sent(self, token: str, user: str, code: str) -> None:
        """The code that came with a sent or tapped card; ``user`` '' when it went to several people."""
        until = self._now() + GOOD_FOR
        await asyncio.to_thread(self._shelf.put, _key(token, user), code, until)

    async def take(self, token: str, user: str) -> str | None:
        """The code for changing that person's card, which is then used up; None when there is none (T23)."""
        held = self._held.pop((token, user), None)
        return held or await self._taken(_key(token, user)) or await self._taken(_key(token, ""))

    async def _taken(self, key: str) -> str | None:
        code = await asyncio.to_thread(self._shelf.get, key, self._now())
        if code is not None:
            await asyncio.to_thread(self._shelf.forget, key)
        return code


def _key(token: str, user: str) -> str:
    return f"code:{token}:{user}"
