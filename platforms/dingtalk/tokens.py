"""The access token: kept across restarts, renewed early, and by one call however many find it gone (T17, T18)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.ports import Link, LinkState, Shelf
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.refusals import (
    WRONG_SECRET,
    WRONG_SECRET_SAID,
    WRONG_SECRET_SECONDS,
    Refused,
)
from platforms.dingtalk.wire import Wire

log = structlog.get_logger(__name__)

EARLY = timedelta(minutes=5)
KEY = "token:{}"  # of which application


class Tokens:
    """``get`` is quick; ``renew`` is told which token was refused, so that only the first to notice fetches."""

    def __init__(self, own: Configuration, wire: Wire, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self._own, self._wire, self._shelf, self._clock = own, wire, shelf, clock
        self._token, self._until = "", datetime.fromisoformat("1970-01-01T00:00:00+08:00")
        self._key = KEY.format(own.client_id)
        self._one = asyncio.Lock()
        self._wrong: tuple[Refused, datetime] | None = (
            None  # the secret, and until when it is not tried again
        )

    async def get(self) -> str:
        """A token that is good for five more minutes at least."""
        if self._fresh():
            return self._token
        async with self._one:
            if not self._fresh():
                await self._find("")
            return self._token

    async def renew(self, refused: str) -> str:
        """Another token than the refused one."""
        async with self._one:
            if self._token == refused or not self._fresh():
                await self._find(refused)
            return self._token

    def link(self) -> Link | None:
        """What is wrong with the secret; None while nothing is known against it."""
        return Link(LinkState.REFUSED, WRONG_SECRET_SAID) if self._wrong else None

    def _remember(self, refused: Refused) -> None:
        if refused.refusal.code not in WRONG_SECRET:
            return
        if not self._wrong:
            log.error("dingtalk.wrong_secret", todo=WRONG_SECRET_SAID)
        self._wrong = refused, self._clock() + timedelta(seconds=WRONG_SECRET_SECONDS)

    def _fresh(self) -> bool:
        return bool(self._token) and self._clock() < self._until - EARLY

    async def _find(self, refused: str) -> None:
        """The one on the shelf when another process has put a newer one there, else a new one."""
        kept = await asyncio.to_thread(self._shelf.get, self._key, self._clock())
        if kept:
            found = json.loads(kept)
            self._token, self._until = found["token"], datetime.fromisoformat(found["until"])
            if self._token != refused and self._fresh():
                return
        await self._fetch()

    async def _fetch(self) -> None:
        asked = {"appKey": self._own.client_id, "appSecret": self._own.client_secret}
        self._token = ""
        if self._wrong and self._clock() < self._wrong[1]:
            raise Refused(self._wrong[0].refusal)
        try:
            body = await self._wire.json("POST", f"{self._own.api}/v1.0/oauth2/accessToken", json=asked)
        except Refused as refused:
            self._remember(refused)
            raise
        self._wrong = None
        self._until = self._clock() + timedelta(seconds=int(body.get("expireIn", 7200)))
        self._token = str(body.get("accessToken", ""))
        kept = json.dumps({"token": self._token, "until": self._until.isoformat()})
        await asyncio.to_thread(self._shelf.put, self._key, kept, self._until)
