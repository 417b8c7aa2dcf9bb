"""Interactive cards: put into somebody's chat, and changed in place of the one they tapped."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.ports import Delivery, SendFailed, Shelf
from platforms.dingtalk import requests
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.drawing import FADED, Drawn
from platforms.dingtalk.openapi import CREATE_AND_DELIVER, UPDATE_CARD, OpenApi
from platforms.dingtalk.refusals import Meaning, Refused

log = structlog.get_logger(__name__)

#: how long a form of several cards may lie there before its cards are forgotten.
ONE_FORM = timedelta(days=120)
#: how many cards that stand in another's place are remembered.
MOST_PLACES = 20_000
REFERENCE, PARTS = "card:", "parts:"


class Cards:
    """A card that takes another's place keeps that one's outTrackId."""

    def __init__(
        self, own: Configuration, openapi: OpenApi, shelf: Shelf, clock: Callable[[], datetime]
    ) -> None:
        self._own, self._openapi, self._shelf, self._clock = own, openapi, shelf, clock
        self._places: OrderedDict[str, str] = OrderedDict()
        self._split: set[str] | None = None  # the shelf's forms of several cards, once it was asked

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

    async def to_group(self, conversation: str, drawn: Drawn, at: Mapping[str, str]) -> str:
        """A card in a group with people called by name. Refused, SendFailed."""
        track = requests.short(f"{conversation}{drawn.summary}{self._clock().isoformat()}")
        asked = requests.group_card(
            self._own, conversation, f"group.{track}", drawn.cards[0], drawn.summary, at
        )
        return _delivered(await self._openapi.api("POST", CREATE_AND_DELIVER, json=asked))

    async def change(self, delivery: Delivery, values: Mapping[str, str]) -> str | None:
        """The card it replaces shows this one from now on; None when it can no longer be changed."""
        out_track = self.place_of(delivery)
        try:
            await self._openapi.api("PUT", UPDATE_CARD, json=requests.update_card(out_track, values))
        except Refused as refused:
            if refused.refusal.meaning is Meaning.NEVER:
                return None
            raise
        self.stands(delivery.token, out_track)
        return REFERENCE + out_track

    def stands(self, token: str, out_track: str) -> None:
        """Somebody tapped, or was answered: the card of ``token`` stands under that outTrackId."""
        if token and out_track:
            self._places[token] = out_track
        while len(self._places) > MOST_PLACES:
            self._places.popitem(last=False)

    def place_of(self, delivery: Delivery) -> str:
        """The outTrackId of the card it replaces: as we have seen it since the start, as it was noted when that one
        took another's place, or its own."""
        token, noted = delivery.replaces, delivery.replaced
        if token in self._places:
            return self._places[token]
        if noted.startswith(REFERENCE):
            return noted.removeprefix(REFERENCE)
        return requests.track(token, delivery.user_id)

    # -- forms that were too long for one card -------------------------------------------------------

    async def remember_parts(self, token: str, user: str, out_tracks: Sequence[str]) -> None:
        """These cards are one form."""
        key, until = _parts(token, user), self._clock() + ONE_FORM
        await asyncio.to_thread(self._shelf.put, key, json.dumps(list(out_tracks)), until)
        (await self._forms()).add(key)

    async def fade_parts(self, token: str, user: str, but: str) -> None:
        """The cards of one form are over, all but the one that shows what became of it: nobody should go on filling
        them. What cannot be faded is refused when it is sent."""
        key, forms = _parts(token, user), await self._forms()
        if key not in forms:
            return
        forms.discard(key)
        kept = await asyncio.to_thread(self._shelf.get, key, self._clock())
        for out_track in json.loads(kept or "[]"):
            if out_track != but:
                await self._fade(out_track)
        await asyncio.to_thread(self._shelf.forget, key)

    async def _forms(self) -> set[str]:
        if self._split is None:
            self._split = set(await asyncio.to_thread(self._shelf.keys, PARTS))
        return self._split

    async def _fade(self, out_track: str) -> None:
        try:
            await self._openapi.api("PUT", UPDATE_CARD, json=requests.update_card(out_track, FADED))
        except Refused as refused:
            log.warning("dingtalk.not_faded", code=refused.refusal.code)


def _parts(token: str, user: str) -> str:
    return f"{PARTS}{requests.track(token, user)}"


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
