"""The one place that knows dingtalk-stream: its connection, with every frame answered and nothing of it in a log."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
import websockets.exceptions  # the SDK uses it without importing it
from dingtalk_stream import Credential, DingTalkStreamClient

from bot.ports import Link, LinkState
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.frames import DISCONNECT, FAILED, SYSTEM, Ack, Frame, frame_of
from platforms.dingtalk.reading import CARD, ROBOT
from platforms.dingtalk.refusals import (
    WRONG_SECRET,
    WRONG_SECRET_SAID,
    WRONG_SECRET_SECONDS,
    Refused,
)
from platforms.dingtalk.wire import Wire

log = structlog.get_logger(__name__)

OPEN = "/v1.0/gateway/connections/open"
SUBSCRIPTIONS = (
    {"type": "EVENT", "topic": "*"},
    {"type": "CALLBACK", "topic": ROBOT},
    {"type": "CALLBACK", "topic": CARD},
)
#: the connection is opened again at once, but not more often than this within so many seconds.
AT_ONCE, WITHIN, QUICK = 3, 30.0, 0.05
SURE = 2
#: more than the SDK's hundred: a frame waits for its commit, not for the processor.
PENDING = 4000

Answer = Callable[[Frame], Awaitable[Ack]]


class Stream(DingTalkStreamClient):  # type: ignore[misc]
    """``answer`` gets every frame; whatever it raises is answered as a failure, so that DingTalk delivers again."""

    MAX_PENDING_TASKS = PENDING

    def __init__(self, own: Configuration, wire: Wire, answer: Answer) -> None:
        options = {"logger": QUIET, "open_timeout": own.connect_seconds, "close_timeout": 1}
        super().__init__(Credential(own.client_id, own.client_secret), QUIET, options)
        self._own, self._wire, self._answer = own, wire, answer
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening: concurrent.futures.Future[dict[str, str] | None] | None = None
        self._opened: deque[float] = deque(maxlen=64)
        self.connections = 0
        self.refused = ""  # the code of the last opening that failed
        self._wrong = 0  # how often in a row the secret was called wrong

    async def until(self, stop: asyncio.Event) -> None:
        """Listen until told to stop; then leave within a second."""
        self._loop = asyncio.get_running_loop()
        listening = asyncio.create_task(self.start())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._leave(listening, stopping)
        if not listening.cancelled() and (error := listening.exception()):
            raise error

    async def _leave(self, *tasks: asyncio.Task[Any]) -> None:
        if self._opening:
            self._opening.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # -- what the SDK calls --------------------------------------------------------------------------

    def open_connection(self) -> dict[str, str] | None:
        """Called by the SDK in a thread: the question goes through our own session, in the loop."""
        assert self._loop is not None  # noqa: S101
        self._opening = asyncio.run_coroutine_threadsafe(self._open(), self._loop)
        try:
            return self._opening.result()
        except concurrent.futures.CancelledError:
            return None

    async def _open(self) -> dict[str, str] | None:
        asked = {
            "clientId": self._own.client_id,
            "clientSecret": self._own.client_secret,
            "subscriptions": list(SUBSCRIPTIONS),
            "ua": "jixiao-python/1.0",
        }
        headers = {"Accept": "application/json"}
        self._opened.append(asyncio.get_running_loop().time())
        try:
            body = await self._wire.json("POST", self._own.api + OPEN, json=asked, headers=headers)
        except Refused as refused:
            self._not_opened(refused.refusal.code)
            return None
        self.refused, self._wrong = "", 0
        return self._endpoint(str(body.get("endpoint", "")), str(body.get("ticket", "")))

    def _not_opened(self, code: str) -> None:
        """A wrong secret is said once, in words: when DingTalk has said so twice, as a gateway may stumble once."""
        self.refused = code
        self._wrong = self._wrong + 1 if code in WRONG_SECRET else 0
        if self._wrong == SURE:
            log.error("dingtalk.wrong_secret", todo=WRONG_SECRET_SAID)
        elif not self._wrong:
            log.error("dingtalk.not_connected", code=code)

    def link(self) -> Link:
        """How the connection is."""
        if self._wrong >= SURE:
            return Link(LinkState.REFUSED, WRONG_SECRET_SAID)
        if self.websocket is not None:
            return Link(LinkState.UP)
        return Link(LinkState.DOWN, f"连不上钉钉（{self.refused or '连接断了'}），正在重连")

    def _endpoint(self, endpoint: str, ticket: str) -> dict[str, str] | None:
        """Where to connect; an encrypted gateway never sends us to an unencrypted one."""
        schemes = ("wss",) if self._own.api.startswith("https:") else ("ws", "wss")
        if urlsplit(endpoint).scheme not in schemes or not ticket:
            log.error("dingtalk.not_connected", code="bad endpoint")
            return None
        self.connections += 1
        return {"endpoint": endpoint, "ticket": ticket}

    def _reconnect_delay(self, attempt: int) -> float:
        """At once after a connection that ended, as messages of the gap are lost; with growing pauses when it keeps
        ending or cannot be opened."""
        if self._wrong >= SURE:
            return WRONG_SECRET_SECONDS
        now = asyncio.get_running_loop().time()
        lately = sum(1 for at in self._opened if now - at < WITHIN)
        if attempt == 0 and lately <= AT_ONCE:
            return QUICK
        delay: float = super()._reconnect_delay(max(attempt - 1, lately - AT_ONCE - 1, 0))
        return delay

    async def _dispatch_message(self, raw: dict[str, Any]) -> tuple[str, Ack | None]:
        """Every frame has its answer, also one we do not know or could not handle; only a robot message that could not
        be kept has none: without one DingTalk delivers it again, after a bad one nobody knows (T09)."""
        frame = frame_of(raw)
        leaving = frame.kind == SYSTEM and frame.topic == DISCONNECT
        ack: Ack | None
        try:
            ack = await self._answer(frame)
        except Exception:
            log.exception("dingtalk.frame_failed", topic=frame.topic, id=frame.message_id)
            ack = None if frame.topic == ROBOT else Ack(frame.message_id, FAILED, {"response": None})
        return self.TAG_DISCONNECT if leaving else "", ack

    async def _send_ack(self, ack: Ack | None, websocket: Any) -> None:
        if ack is None:
            return
        written = False
        try:
            await websocket.send(json.dumps(ack.to_dict()))
            written = True
        except websockets.exceptions.ConnectionClosed:
            log.warning("dingtalk.ack_lost", id=ack.message_id)
        finally:
            await ack.settle(written=written)


class _Templates(logging.Handler):
    """The SDK's and the socket's log lines without their arguments: those are tickets, names and figures."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line of the format string alone."""
        said = str(record.msg).partition("%")[0].partition("=")[0].strip()
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        log.log(record.levelno, "dingtalk.sdk", said=said[:80], error=error)


def _quiet() -> logging.Logger:
    logger = logging.Logger("jixiao.dingtalk.sdk", logging.INFO)  # of its own: nobody else's handlers hear it
    logger.addHandler(_Templates())
    return logger


QUIET = _quiet()
