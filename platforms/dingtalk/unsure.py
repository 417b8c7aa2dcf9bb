"""Robot messages of which we do not know whether they arrived: DingTalk has no key by which it would know them again.

Losing a date is worse than reading it twice, so such a message goes again and says that it may be the second. Cards
have an outTrackId and 工作通知 a number inside of the same words: those DingTalk itself lets through once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.ports import Shelf
from platforms.dingtalk.fields import compact
from platforms.dingtalk.markdown import BREAK
from platforms.dingtalk.requests import short

Message = tuple[str, Mapping[str, str]]
KEPT = timedelta(days=3)
PREFIX = "unsure:"
SAID = "这一条可能已经发过一次，内容相同，看一次就行"


class Unsure:
    """``note`` after a call without an answer; ``again`` before the next one with the same message."""

    def __init__(self, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self._shelf, self._clock = shelf, clock
        self._known: set[str] | None = None  # the shelf's, once it was asked

    async def note(self, users: Sequence[str], message: Message) -> None:
        """These may have it."""
        known = await self._keys()
        for key in (_key(user, message) for user in users):
            if key not in known:
                await asyncio.to_thread(self._shelf.put, key, "", self._clock() + KEPT)
                known.add(key)

    async def among(self, users: Sequence[str], message: Message) -> list[str]:
        """Those who may have it already."""
        known = await self._keys()
        return [user for user in users if _key(user, message) in known] if known else []

    async def _keys(self) -> set[str]:
        if self._known is None:
            self._known = set(await asyncio.to_thread(self._shelf.keys, PREFIX))
        return self._known


def marked(message: Message) -> Message:
    """The same words with one more line; a file or a picture has no room for one."""
    kind, param = message
    return (kind, {**param, "text": f"{param['text']}{BREAK}{BREAK}> {SAID}"}) if "text" in param else message


def _key(user: str, message: Message) -> str:
    return f"{PREFIX}{short(user)}:{short(compact(message))}"
