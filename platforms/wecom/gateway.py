"""The long connection of a 智能机器人: one at a time, opened again whenever it ends, unless another took it over."""

from __future__ import annotations

import asyncio
import platform
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bot.ports import Shelf
from platforms.wecom import frames
from platforms.wecom.configuration import Robot
from platforms.wecom.failures import WecomError
from platforms.wecom.upkeep import REPLACED

log = structlog.get_logger()

PING_SECONDS = 30.0
ANSWER_SECONDS = 10.0
BACK_OFF = (1.0, 60.0)
#: who holds the connection says so that often; one that stands by waits until nobody has.
LEASE = timedelta(seconds=90)
LEASE_KEY = "bot.lease"

Handle = Callable[[str, str, Mapping[str, Any]], Awaitable[None]]


class Replaced(Exception):
    """Another program subscribed with the same bot."""


@dataclass(slots=True)
class Gateway:
    """``handle(cmd, req_id, frame)`` is called for every callback, in the order of each person's own messages.

    ``me`` names this machine on the shelf: started again after a crash it goes on at once, for one machine never runs
    two processes on one database. Only the holder of the lease connects: a process elsewhere stands by until the
    first is gone. Replaced by a program that holds no lease of ours, we stay away and ``alarm``: connecting again
    would only take turns throwing each other out.
    """

    robot: Robot
    shelf: Shelf
    now: Callable[[], datetime]
    handle: Handle
    alarm: Callable[[str], Awaitable[None]]
    ping_seconds: float = PING_SECONDS
    back_off: tuple[float, float] = BACK_OFF
    lease: timedelta = LEASE
    me: str = field(default_factory=platform.node)
    opened: int = 0  # how many subscriptions succeeded
    handled: int = 0  # how many callbacks were dealt with
    state: str = "closed"
    _socket: ClientConnection | None = None
    _waiting: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _queues: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Hold the connection until told to stop."""
        pause = self.back_off[0]
        while not stop.is_set():
            if not await self._mine():
                self.state = "standby"
                await _either(stop, self.ping_seconds)
                continue
            before = self.opened
            try:
                await self._connected(stop)
            except Replaced:
                await self._replaced(stop)
                continue
            except Exception as error:  # whatever ended it, it is opened again
                code = error.code if isinstance(error, WecomError) else 0
                log.warning("wecom.bot_connection", error=type(error).__name__, code=code)
            self.state = "closed"
            if self.opened > before:
                pause = self.back_off[0]
            if not stop.is_set():
                await _either(stop, pause)
                pause = min(pause * 2, self.back_off[1])
        await self._finished()

    async def _finished(self) -> None:
        if self._queues:
            await asyncio.wait(list(self._queues.values()), timeout=5)
        if await asyncio.to_thread(self.shelf.get, LEASE_KEY, self.now()) == self.me:
            await asyncio.to_thread(self.shelf.forget, LEASE_KEY)

    # -- whose connection it is ---------------------------------------------------------------------

    async def _mine(self) -> bool:
        """Whether the lease is ours, or nobody's and ours now."""
        holder = await asyncio.to_thread(self.shelf.get, LEASE_KEY, self.now())
        if holder not in (None, self.me):
            return False
        await asyncio.to_thread(self.shelf.put, LEASE_KEY, self.me, self.now() + self.lease)
        return True

    async def _replaced(self, stop: asyncio.Event) -> None:
        holder = await asyncio.to_thread(self.shelf.get, LEASE_KEY, self.now())
        self.state = "replaced"
        if holder != self.me:
            return  # another process of ours; the loop stands by
        log.error("wecom.bot_replaced")
        await self.alarm(REPLACED)
        await stop.wait()

    # -- one connection -----------------------------------------------------------------------------

    async def _connected(self, stop: asyncio.Event) -> None:
        """From opening to the end, whatever the end is. The environment's proxy is honoured."""
        async with connect(
            self.robot.gateway, max_size=frames.FRAME_BYTES, open_timeout=ANSWER_SECONDS, ping_interval=None
        ) as socket:
            self._socket = socket
            tasks = [asyncio.create_task(each) for each in (self._read(socket), self._tend(), _ended(stop))]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._socket = None
                self._abandon()
                for task in tasks:
                    task.cancel()
                found = await asyncio.gather(*tasks, return_exceptions=True)
        for error in sorted((e for e in found if isinstance(e, Exception)), key=_replaced_first):
            raise error

    async def _read(self, socket: ClientConnection) -> None:
        """Every frame, until the connection ends; a clean close is an end like any other."""
        async for text in socket:
            try:
                cmd, req_id, found = frames.parsed(text)
            except frames.BadFrame:
                log.warning("wecom.bot_frame", bytes=len(text))
                continue
            if cmd in (frames.MESSAGE, frames.EVENT):
                if frames.event_kind(found) == frames.REPLACED:
                    raise Replaced
                self._queue(cmd, req_id, found)
            elif (future := self._waiting.pop(req_id, None)) and not future.done():
                future.set_result(found)
        raise ConnectionError("closed")

    async def _tend(self) -> None:
        """Subscribe, then ping and renew the lease."""
        body = {"bot_id": self.robot.bot_id, "secret": self.robot.secret}
        await self.request(frames.SUBSCRIBE, body)
        self.opened += 1
        self.state = "open"
        log.info("wecom.bot_open")
        while True:
            await asyncio.sleep(self.ping_seconds)
            await self.request(frames.PING)
            if not await self._mine():
                raise Replaced

    def _abandon(self) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(WecomError("bot", 0, "connection ended"))
        self._waiting.clear()

    def _queue(self, cmd: str, req_id: str, found: Mapping[str, Any]) -> None:
        """One person's messages one after the other; nobody waits for anybody else's."""
        sender = found.get("body", {}).get("from") or {}
        who = str(sender.get("userid", "")) if isinstance(sender, Mapping) else ""
        before = self._queues.get(who)
        task = asyncio.create_task(self._handle(before, cmd, req_id, found))
        self._queues[who] = task
        task.add_done_callback(lambda t: self._queues.pop(who, None) if self._queues.get(who) is t else None)

    async def _handle(
        self, before: asyncio.Task[None] | None, cmd: str, req_id: str, found: Mapping[str, Any]
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            await self.handle(cmd, req_id, found)
        except Exception:
            log.exception("wecom.bot_callback_failed")
        self.handled += 1

    # -- asking -------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether something can be said now."""
        return self._socket is not None and self.state == "open"

    async def request(
        self, cmd: str, body: Mapping[str, Any] | None = None, req_id: str = ""
    ) -> dict[str, Any]:
        """Say something and wait for the answer; its body. ``req_id`` is a callback's when it is answered. Before the
        subscription is confirmed nothing else is said: the platform would refuse it for good.
        Raises WecomError."""
        socket, name = self._socket, req_id or secrets.token_hex(12)
        if socket is None or not (self.is_open or cmd == frames.SUBSCRIBE):
            raise WecomError(cmd, 0, "no connection")
        if name in self._waiting:
            raise WecomError(cmd, 0, "answered already")
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[name] = future
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await socket.send(frames.frame(cmd, name, body))
                found = await future
        except (TimeoutError, ConnectionClosed) as error:
            raise WecomError(cmd, 0, type(error).__name__) from None
        finally:
            self._waiting.pop(name, None)
        code = found.get("errcode", 0)
        if code:
            raise WecomError(cmd, code if isinstance(code, int) else 0, "not understood")
        body_found = found.get("body")
        return body_found if isinstance(body_found, dict) else {}


async def _ended(stop: asyncio.Event) -> None:
    await stop.wait()


def _replaced_first(error: Exception) -> bool:
    return not isinstance(error, Replaced)


async def _either(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
