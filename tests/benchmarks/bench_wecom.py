"""The callback of 企业微信 against its limit and its peer in the same run: ``python -m tests.benchmarks.bench_wecom``.

Everything runs in this process, 64 deliveries at once, without a network: what is measured is what the program does.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wechatpy.work import parse_message
from wechatpy.work.crypto import WeChatCrypto

from bot.cards import plain
from bot.inlet import Committer, PlatformInlet
from bot.logs import configure
from bot.wiring import connect
from platforms.wecom.configuration import Application, Configuration, Keys
from platforms.wecom.crypto import KeySet
from platforms.wecom.platform import WecomPlatform
from rehearsal.story import SHANGHAI
from sandbox.wecom import crypto, wire
from storage.shelf import StoredShelf
from tests.platforms.wecom.wecom_district import prepare

CORP, TOKEN, AES_KEY = "wx5823bf96d3bd56c7", "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
AT = datetime(2026, 10, 9, 9, 10, tzinfo=SHANGHAI)
REQUESTS, AT_ONCE = 1500, 64
KEYS = KeySet(TOKEN, AES_KEY, CORP)
PASSIVE = "<xml><MsgType><![CDATA[update_button]]></MsgType></xml>"
App = Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery as an HTTP server would hand it over."""

    scope: dict[str, Any]
    body: bytes


def sealed(fields: dict[str, Any]) -> Sent:
    """A delivery, signed and encrypted by other code than ours."""
    inside = crypto.seal(AES_KEY, wire.render(fields), CORP)
    stamp = str(int(AT.timestamp()))
    signature = crypto.signature(TOKEN, stamp, "nonce", inside)
    query = urlencode({"msg_signature": signature, "timestamp": stamp, "nonce": "nonce"}).encode()
    body = wire.render({"ToUserName": CORP, "AgentID": "1", "Encrypt": inside}).encode()
    head = {"type": "http", "method": "POST", "path": "/", "raw_path": b"/", "root_path": "", "headers": []}
    head |= {
        "query_string": query,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("x", 1),
        "client": None,
    }
    return Sent(head, body)


def fields(number: int, **more: Any) -> dict[str, Any]:
    head = {"ToUserName": CORP, "FromUserName": "zhangmin", "CreateTime": int(AT.timestamp()) + number}
    return head | more | {"AgentID": 1}


def texts(begin: int) -> list[Sent]:
    return [sealed(fields(0, MsgType="text", Content="进度", MsgId=str(begin + n))) for n in range(REQUESTS)]


def taps(token: str) -> list[Sent]:
    """As many taps of one button, a second apart each."""
    event = {"MsgType": "event", "Event": "template_card_event", "EventKey": f"{token}.status"}
    event |= {"TaskId": token, "CardType": "button_interaction", "ResponseCode": "R"}
    return [sealed(fields(n, **event)) for n in range(REQUESTS)]


async def asked(app: App, sent: Sent) -> tuple[int, bytes]:
    """One request through an ASGI application."""
    found: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": sent.body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        found["status"] = message.get("status", found.get("status"))
        found["body"] += message.get("body", b"")

    await app(dict(sent.scope), receive, send)
    return found["status"], found["body"]


async def played(app: App, deliveries: Sequence[Sent]) -> tuple[list[float], float]:
    """Latencies, and processor seconds per request."""
    waiting, times = iter(deliveries), []

    async def worker() -> None:
        for sent in waiting:
            begun = time.perf_counter()
            status, _ = await asked(app, sent)
            times.append(time.perf_counter() - begun)
            assert status == 200

    cpu = time.process_time()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return times, (time.process_time() - cpu) / len(deliveries)


def report(label: str, found: tuple[list[float], float], base: float | None = None) -> float:
    times, cpu = sorted(found[0]), found[1]
    ratio = "" if base is None else f"{cpu / base:6.2f}x"
    print(
        f"{label:52s} cpu {cpu * 1e6:6.0f} us  {1 / cpu:7.0f}/s/core  p50 {statistics.median(times) * 1e3:6.1f} ms"
        f"  p99 {times[len(times) * 99 // 100] * 1e3:6.1f} ms  {ratio}"
    )
    return cpu


# -- what it is compared with ---------------------------------------------------------------------------


async def constant(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The same server answering a constant."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"success"})


class Bare:
    """Raw ASGI, decrypt, one row in a commit shared by who waits, encrypted answer: the least that is durable."""

    def __init__(self, path: Path) -> None:
        self.driver = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.driver.execute("PRAGMA journal_mode=WAL")
        self.driver.execute("PRAGMA synchronous=FULL")
        self.driver.execute("CREATE TABLE inbox (id TEXT PRIMARY KEY, payload TEXT)")
        self.waiting: list[tuple[str, str, asyncio.Future[None]]] = []
        self.task: asyncio.Task[None] | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        body = (await receive())["body"].decode()
        inside = body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
        query = dict(pair.split("=") for pair in scope["query_string"].decode().split("&"))
        assert KEYS.signed(query["msg_signature"], query["timestamp"], query["nonce"], inside)
        text = KEYS.open(inside)
        done = asyncio.get_running_loop().create_future()
        self.waiting.append((f"{scope['query_string']!r}{inside}", text, done))
        self.task = self.task or asyncio.create_task(self._commit())
        await done
        answer = KEYS.seal(PASSIVE, query["timestamp"]).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": answer})

    async def _commit(self) -> None:
        await asyncio.sleep(0)
        while self.waiting:
            group, self.waiting = self.waiting, []
            await asyncio.to_thread(self._write, group)
            for *_, done in group:
                done.set_result(None)
        self.task = None

    def _write(self, group: Sequence[tuple[str, str, Any]]) -> None:
        self.driver.execute("BEGIN IMMEDIATE")
        self.driver.executemany("INSERT INTO inbox VALUES (?, ?)", [row[:2] for row in group])
        self.driver.execute("COMMIT")


class Base(DeclarativeBase):
    """The peer's tables."""


class Row(Base):
    """One delivery of the peer."""

    __tablename__ = "inbox"
    id: Mapped[str] = mapped_column(String, primary_key=True)
    payload: Mapped[str]


def peer(path: Path) -> Starlette:
    """What one writes with the usual parts: a web framework, wechatpy, an ORM, a commit each."""
    engine, keys = create_engine(f"sqlite:///{path}"), WeChatCrypto(TOKEN, AES_KEY, CORP)
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")

    def store(number: str, text: str) -> None:
        with Session(engine) as session:
            session.connection().exec_driver_sql("PRAGMA synchronous=FULL")
            session.add(Row(id=number, payload=text))
            session.commit()

    async def callback(request: Request) -> Response:
        q = request.query_params
        text = keys.decrypt_message(await request.body(), q["msg_signature"], q["timestamp"], q["nonce"])
        message = parse_message(text)
        await asyncio.to_thread(store, str(message.id), text)
        return Response(keys.encrypt_message(PASSIVE, q["nonce"], q["timestamp"]), media_type="text/xml")

    return Starlette(routes=[Route("/", callback, methods=["POST"])])


class Keeping:
    """An inlet that keeps and decides nothing: the durable inbox alone, in the shell's own group commits."""

    def __init__(self, store: Any) -> None:
        self.store, self.waiting, self.task = store, [], None

    async def receive(self, message_id: str, payload: Any, at: datetime, **_: Any) -> None:
        done = asyncio.get_running_loop().create_future()
        self.waiting.append((message_id, payload, at, done))
        self.task = self.task or asyncio.create_task(self._commit())
        await done

    async def _commit(self) -> None:
        await asyncio.sleep(0)
        while self.waiting:
            group, self.waiting = self.waiting, []
            await asyncio.to_thread(self._write, group)
            for *_, done in group:
                done.set_result(None)
        self.task = None

    def _write(self, group: Sequence[Any]) -> None:
        with self.store.begin() as tx:
            for message_id, payload, at, _ in group:
                tx.handled(tx.receive("wecom", message_id, str(payload), at).id)


async def run(home: Path) -> None:
    print(f"{REQUESTS} deliveries, {AT_ONCE} at once")
    least = report("(a) the same server answering a constant", await played(constant, texts(0)))
    bare = Bare(home / "bare.sqlite")
    limit = report(
        "(b) bare decrypt + bare group commit + sealed answer", await played(bare, texts(1_000_000))
    )
    bare.driver.close()
    other = report(
        "peer: Starlette + wechatpy + ORM", await played(peer(home / "peer.sqlite"), texts(2_000_000))
    )
    store = prepare(home / "district.sqlite")
    own = Configuration(Application(CORP, 1, "secret", keys=(Keys(TOKEN, AES_KEY),), passive=True))
    platform = WecomPlatform(own, StoredShelf(store, "wecom"), lambda: AT)
    assert platform.callback is not None
    callback = platform.callback
    callback.inlet = Keeping(store)
    kept = report("callback, durable inbox", await played(callback, texts(3_000_000)), limit)
    app = connect(store, {"wecom": platform})
    committer = Committer(app, lambda: None)
    callback.inlet = PlatformInlet(committer, "wecom", lambda: AT)
    turn = report("callback, inbox, decide, outbox, commit", await played(callback, texts(4_000_000)), limit)
    with store.begin() as tx:
        card = plain.help_card()
        tx.bind_card("tapped", "zhangmin", card.name, "", 0, card.actions, "", AT)
    tapping = await played(callback, taps("tapped"))
    tapped = report("callback of a tap, decided, card sealed in the answer", tapping, limit)
    await committer.drained()
    store.close()
    print(
        f"peer / durable inbox {other / kept:5.2f}   peer / limit {other / limit:5.2f}   (a) {least * 1e6:.0f} us"
    )
    print(
        f"the decided turn {(turn - kept) * 1e6:6.0f} us, of a tap with its answer {(tapped - kept) * 1e6:6.0f} us"
    )


def main() -> None:
    configure(logging.ERROR)
    with tempfile.TemporaryDirectory(dir=".") as home, closing(asyncio.new_event_loop()) as loop:
        loop.run_until_complete(run(Path(home)))


if __name__ == "__main__":
    main()
