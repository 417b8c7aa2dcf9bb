"""Interactive cards: put into somebody's chat, and changed in place of the one they tapped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.ports import SendFailed, Shelf
from platforms.dingtalk import requests
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.openapi import CREATE_AND_DELIVER, UPDATE_CARD, OpenApi
from platforms.dingtalk.refusals import Meaning, Refused

#: how long a card that was changed in place is found by its new token.
KEPT = timedelta(days=200)
REFERENCE = "card:"


class Cards:
    """A card that takes another's place keeps its outTrackId; where it now is stands on the shelf."""

    def __init__(
        self, own: Configuration, openapi: OpenApi, shelf: Shelf, clock: Callable[[], datetime]
    ) -> None:
        self._own, self._openapi, self._shelf, self._clock = own, openapi, shelf, clock

    async def deliver(self, user: str, out_track: str, values: Mapping[str, str], summary: str) -> str:
        """A new card; the key its read receipt will carry. Refused, SendFailed."""
        asked = requests.create_card(self._own, user, out_track, values, summary)
        try:
            body = await self._openapi.api("POST", CREATE_AND_DELIVER, json=asked)
        except Refused as refused:
            if refused.refusal.meaning is Meaning.EXISTS:
                return REFERENCE + out_track
            raise
        return _delivered(body) or REFERENCE + out_track

    async def change(self, user: str, replaced: str, token: str, values: Mapping[str, str]) -> str | None:
        """The card of ``replaced`` shows the card of ``token`` from now on; None when it can no longer be changed."""
        out_track = await self.place_of(replaced, user)
        try:
            await self._openapi.api("PUT", UPDATE_CARD, json=requests.update_card(out_track, values))
        except Refused as refused:
            if refused.refusal.meaning is Meaning.NEVER:
                return None
            raise
        await self.moved(token, out_track)
        return REFERENCE + out_track

    async def place_of(self, token: str, user: str) -> str:
        """The outTrackId under which somebody sees the card of a token."""
        kept = await asyncio.to_thread(self._shelf.get, f"track:{token}", self._clock())
        return kept or requests.track(token, user)

    async def moved(self, token: str, out_track: str) -> None:
        """The card of ``token`` stands where another one stood."""
        await asyncio.to_thread(self._shelf.put, f"track:{token}", out_track, self._clock() + KEPT)


def _delivered(body: Mapping[str, Any]) -> str:
    """The carrier of the one space; a failure hides inside of HTTP 200."""
    result = body.get("result")
    spaces = result.get("deliverResults") if isinstance(result, Mapping) else None
    for space in spaces if isinstance(spaces, list) else ():
        if not space.get("success"):
            raise SendFailed("not delivered", retryable=False)
        return str(space.get("carrierId") or "")
    if body.get("success") is False:
        raise SendFailed("not created", retryable=False)
    return ""
