"""Callbacks: the app's URL is verified, and what members do is pushed to it, encrypted, up to three times."""

from __future__ import annotations

import asyncio
import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.wecom import crypto, passive, wire
from sandbox.wecom.corp import Agent
from sandbox.wecom.phones import Item
from sandbox.wecom.world import World

VERIFY_SECONDS = 1.0
MOST_ANSWER = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a callback went. ``status`` of the last attempt, 0 when nobody answered; ``answer`` its MsgType."""

    attempts: int
    status: int
    answer: str = ""
    held: bool = False
    seconds: float = 0.0

    @property
    def taken(self) -> bool:
        """Whether the other side said it has it."""
        return self.status == 200


@dataclass(frozen=True, slots=True)
class _Push:
    agent: Agent
    fields: dict[str, Any]
    tapped: Item | None


class Pusher:
    """The platform's outgoing side; one HTTP client."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._client: aiohttp.ClientSession | None = None
        self._held: list[_Push] = []

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client:
            await self._client.close()

    # -- the URL -----------------------------------------------------------------------------------

    async def verify(self, agent: Agent) -> str:
        """What pressing 保存 in the console does; '' when the URL is good, else why not."""
        echo = str(secrets.randbits(62))
        sealed = crypto.seal(agent.aes_key, echo, self.world.corp.corp_id)
        query = self.signed(agent, sealed) | {"echostr": sealed}
        try:
            status, body, _seconds = await self.call("GET", agent.url, query, b"", VERIFY_SECONDS)
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"openapi回调地址请求不通过：{type(error).__name__}"
        if status != 200:
            return f"openapi回调地址请求不通过：HTTP {status}"
        return "" if body == echo.encode() else "返回的不是解密后的 echostr 明文"

    # -- pushing -----------------------------------------------------------------------------------

    async def push(self, agent: Agent, fields: dict[str, Any], tapped: Item | None = None) -> Outcome:
        """One thing that happened, delivered until it is taken or three attempts are over."""
        switches, each = self.world.switches, _Push(agent, fields, tapped)
        if not agent.url:
            return Outcome(0, 0)
        if switches.hold_callbacks > 0:
            switches.hold_callbacks -= 1
            self._held.append(each)
            return Outcome(0, 0, held=True)
        found = await self._deliver(each)
        again, switches.duplicate_callbacks = switches.duplicate_callbacks, 0
        for _ in range(again):
            await self._deliver(each)
        await self.release()
        return found

    async def release(self) -> int:
        """Deliver what was held back, in the order it happened; how many."""
        held, self._held = self._held, []
        for each in held:
            await self._deliver(each)
        return len(held)

    async def _deliver(self, each: _Push) -> Outcome:
        switches, status, seconds = self.world.switches, 0, 0.0
        for attempt in range(1, switches.callback_tries + 1):
            try:
                status, body, seconds = await self._attempt(each, switches.callback_seconds)
            except (aiohttp.ClientError, TimeoutError):
                status = 0
                continue
            if status == 200:
                said = passive.answer(self.world, each.agent, body, each.fields, each.tapped)
                return Outcome(attempt, status, said, seconds=seconds)
            if not switches.retry_any_status:
                return Outcome(attempt, status, seconds=seconds)
        return Outcome(switches.callback_tries, status, seconds=seconds)

    async def _attempt(self, each: _Push, limit: float) -> tuple[int, bytes, float]:
        """The same plaintext under a fresh ciphertext, nonce and timestamp."""
        agent = each.agent
        sealed = crypto.seal(agent.aes_key, wire.render(each.fields), self.world.corp.corp_id)
        return await self.call(
            "POST", agent.url, self.signed(agent, sealed), self.outer(agent, sealed), limit
        )

    def signed(self, agent: Agent, sealed: str, seconds_ago: int = 0) -> dict[str, str]:
        """The query of a delivery, signed now or some seconds ago."""
        timestamp, nonce = str(self.world.seconds() - seconds_ago), str(secrets.randbelow(10**10))
        signed = crypto.signature(agent.token, timestamp, nonce, sealed)
        return {"msg_signature": signed, "timestamp": timestamp, "nonce": nonce}

    def outer(self, agent: Agent, sealed: str) -> bytes:
        """The body of a delivery."""
        outer = {"ToUserName": self.world.corp.corp_id, "AgentID": str(agent.agentid), "Encrypt": sealed}
        return wire.render(outer).encode()

    async def call(
        self, method: str, url: str, query: Mapping[str, str], body: bytes, limit: float
    ) -> tuple[int, bytes, float]:
        """One HTTP request: status, body, seconds."""
        if self._client is None:
            self._client = aiohttp.ClientSession()
        began = asyncio.get_running_loop().time()
        joint = "&" if "?" in url else "?"
        timeout = aiohttp.ClientTimeout(total=limit)
        headers = {"content-type": "text/xml"} if body else {}
        async with self._client.request(
            method,
            f"{url}{joint}{urlencode(query)}",
            data=io.BytesIO(body) if body else None,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
        ) as response:
            answer = await response.content.read(MOST_ANSWER)
            return response.status, answer, asyncio.get_running_loop().time() - began
