"""Interactive cards: put into somebody's chat, and changed in place of the one they tapped."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from bot.ports import SendFailed
from platforms.dingtalk import requests
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.openapi import CREATE_AND_DELIVER, UPDATE_CARD, OpenApi
from platforms.dingtalk.refusals import Meaning, Refused

#: how many cards that stand in another's place are remembered.
MOST_PLACES = 20_000
REFERENCE = "card:"


class Cards:
    """A card that takes another's place keeps that one's outTrackId."""

    def __init__(self, own: Configuration, openapi: OpenApi) -> None:
        self._own, self._openapi = own, openapi
        self._places: OrderedDict[str, str] = OrderedDict()

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
        out_track = self._place_of(replaced, user)
        try:
            await self._openapi.api("PUT", UPDATE_CARD, json=requests.update_card(out_track, values))
        except Refused as refused:
            if refused.refusal.meaning is Meaning.NEVER:
                return None
            raise
        self.stands(token, out_track)
        return REFERENCE + out_track

    def stands(self, token: str, out_track: str) -> None:
        """Somebody tapped, or was answered: the card of ``token`` stands under that outTrackId. Only in memory: after
        a restart the card is sent anew instead of changed, and the next tap says again where it stands."""
        if token and out_track:
            self._places[token] = out_track
        while len(self._places) > MOST_PLACES:
            self._places.popitem(last=False)

    def _place_of(self, token: str, user: str) -> str:
        return self._places.get(token) or requests.track(token, user)


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
