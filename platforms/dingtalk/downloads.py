"""Files people sent: the frame is kept before it is answered, the content fetched afterwards, also after a restart."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import structlog

from bot.ports import Inlet, Shelf
from platforms.dingtalk.capabilities import LIMITS
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.openapi import FILE, OpenApi
from platforms.dingtalk.reading import FETCHED, attachment
from platforms.dingtalk.refusals import Meaning, Refusal, Refused
from platforms.dingtalk.strict import parsed
from platforms.dingtalk.wire import Wire

log = structlog.get_logger(__name__)

PENDING = "pending:"
#: names that never lead outside of a house's own network.
INNER = frozenset(("localhost", "local", "internal", "lan", "intranet", "home", "arpa"))
PAUSES = (1, 4, 15)
AT_ONCE = 4


def outside(url: str, *, local: bool) -> bool:
    """Whether an address may be fetched from: on the internet, never a machine of this house. DingTalk names storage
    of any host, also without encryption; ``local`` is a DingTalk on this machine, which names itself."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host:
        return False
    try:
        return local or ip_address(host).is_global
    except ValueError:
        named, _, last = host.rpartition(".")  # 127.1 and 0x7f.0x1 are addresses too
        return bool(named) and not last[:1].isdigit() and last not in INNER


class Downloads:
    """``keep`` before the answer, ``fetch`` after it, ``resume`` after a start."""

    def __init__(
        self,
        own: Configuration,
        wire: Wire,
        openapi: OpenApi,
        shelf: Shelf,
        clock: Callable[[], datetime],
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._own, self._wire, self._openapi, self._shelf = own, wire, openapi, shelf
        self._clock, self._pauses = clock, pauses
        self._room = asyncio.Semaphore(AT_ONCE)

    async def keep(self, message_id: str, payload: Mapping[str, Any], at: datetime) -> None:
        """The frame is on the shelf when this returns."""
        kept = json.dumps({"payload": dict(payload), "at": at.isoformat()})
        await asyncio.to_thread(self._shelf.put, PENDING + message_id, kept, None)

    async def resume(self, inlet: Inlet) -> None:
        """What was kept and not yet handed over."""
        for key in await asyncio.to_thread(self._shelf.keys, PENDING):
            kept = await asyncio.to_thread(self._shelf.get, key, self._clock())
            if kept:
                found = json.loads(kept)
                at = datetime.fromisoformat(found["at"])
                await self.hand_over(key.removeprefix(PENDING), found["payload"], at, inlet)

    async def hand_over(
        self, message_id: str, payload: Mapping[str, Any], at: datetime, inlet: Inlet
    ) -> None:
        """Fetch and give in; without the content when DingTalk no longer has it."""
        async with self._room:
            given = await self._fetched(payload) or payload
        await inlet.receive(message_id, given, at)
        await asyncio.to_thread(self._shelf.forget, PENDING + message_id)

    async def _fetched(self, payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
        found = attachment(parsed(payload["data"], "data"))
        if found is None:
            return None
        kind, code, name = found
        content = await self._content(code)
        if content is None:
            return None
        encoded = base64.b64encode(content).decode("ascii")
        return {"topic": FETCHED, "user": payload["user"], "kind": kind, "name": name, "content": encoded}

    async def _content(self, code: str) -> bytes | None:
        for pause in (*self._pauses, None):
            try:
                return await self._once(code)
            except Refused as refused:
                found = refused.refusal
                log.warning("dingtalk.not_downloaded", code=found.code)
                if pause is None or found.meaning in (Meaning.NEVER, Meaning.SPENT):
                    return None
            await asyncio.sleep(pause)
        return None

    async def _once(self, code: str) -> bytes:
        asked = {"downloadCode": code, "robotCode": self._own.robot}
        body = await self._openapi.api("POST", FILE, json=asked)
        url = str(body.get("downloadUrl", ""))
        if not outside(url, local=self._own.api.startswith("http:")):
            raise Refused(Refusal("bad download address", Meaning.NEVER))
        answer = await self._wire.raw("GET", url, LIMITS.file_bytes)
        if answer.status != 200:
            raise Refused(Refusal(f"http.{answer.status}", Meaning.LATER, 1))
        return answer.content
