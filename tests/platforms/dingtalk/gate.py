"""A gateway that does exactly what a test tells it: each connection plays the next script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.frames import Ack, Frame
from platforms.dingtalk.transport import Stream
from platforms.dingtalk.wire import Wire

AT = datetime(2026, 10, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
ROBOT, CARD = "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback"
SECRET, TICKET = "dingSECRETdoNotShow", "tickettickettick"
Script = Callable[["Gate", web.WebSocketResponse], Awaitable[None]]


def frame(
    topic: str, message_id: str = "m1", data: Any = None, kind: str = "CALLBACK", **headers: str
) -> str:
    """A frame as the gateway writes it."""
    body = data if isinstance(data, str) else json.dumps(data or {})
    found = {
        "topic": topic,
        "messageId": message_id,
        "contentType": "application/json",
        "time": "1",
        **headers,
    }
    return json.dumps({"specVersion": "1.0", "type": kind, "headers": found, "data": body})


class Gate:
    """``scripts`` one for each connection, the last for all later ones; ``opening`` may answer instead of us."""

    def __init__(self, *scripts: Script, opening: Callable[[], web.Response | None] = lambda: None) -> None:
        self.scripts, self.opening = scripts, opening
        self.opened: list[float] = []
        self.asked: list[dict[str, Any]] = []
        self.connected = 0
        self.acks: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.base = ""
        self.hanging = asyncio.Event()
        self.hang = False

    async def ack(self) -> dict[str, Any]:
        """The next answer, its data read."""
        found = await asyncio.wait_for(self.acks.get(), 10)
        return {**found, "data": json.loads(found["data"])}

    async def until(self, happened: Callable[[], Any]) -> None:
        """Until something is so."""
        async with asyncio.timeout(10):
            while not happened():
                await asyncio.sleep(0.01)

    async def _open(self, request: web.Request) -> web.Response:
        self.opened.append(asyncio.get_running_loop().time())
        self.asked.append(await request.json())
        if self.hang:
            self.hanging.set()
            await asyncio.sleep(60)
        endpoint = self.base.replace("http", "ws") + "/connect"
        return self.opening() or web.json_response({"endpoint": endpoint, "ticket": TICKET})

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        script = self.scripts[min(self.connected, len(self.scripts) - 1)]
        self.connected += 1
        await script(self, socket)
        return socket

    def more(self, app: web.Application) -> None:
        """Further addresses."""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Gate]:
        """Served on a port of its own."""
        app = web.Application()
        app.router.add_post("/v1.0/gateway/connections/open", self._open)
        app.router.add_get("/connect", self._connect)
        self.more(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()


async def listen(gate: Gate, socket: web.WebSocketResponse) -> None:
    """Take answers until the line ends."""
    async for message in socket:
        gate.acks.put_nowait(json.loads(message.data))


def saying(*frames: str) -> Script:
    """Send these, then listen."""

    async def play(gate: Gate, socket: web.WebSocketResponse) -> None:
        for each in frames:
            await socket.send_str(each)
        await listen(gate, socket)

    return play


async def closing(_gate: Gate, socket: web.WebSocketResponse) -> None:
    """Close in good order, at once."""
    await socket.close(code=1000)


async def aborting(_gate: Gate, socket: web.WebSocketResponse) -> None:
    """Break the line without a word."""
    transport = socket._req.transport
    transport.abort()


async def well(frame: Frame) -> Ack:
    """An answer to anything."""
    return Ack(frame.message_id, data={"response": None})


@asynccontextmanager
async def streaming(
    gate: Gate, answer: Callable[[Frame], Awaitable[Ack]] = well, seconds: float = 2.0
) -> AsyncIterator[Stream]:
    """The wrapped SDK connected to it; left within seconds, whatever it was doing."""
    own = Configuration("dingapp", SECRET, gate.base, gate.base, connect_seconds=seconds)
    wire = Wire(lambda: AT, seconds)
    wire.open()
    stream, stop = Stream(own, wire, answer), asyncio.Event()
    work = asyncio.create_task(stream.until(stop))
    try:
        yield stream
    finally:
        stop.set()
        await asyncio.wait_for(work, 3)
        await wire.close()
