"""10,000 people in 企业微信 against the fewest calls there can be: ``make bench``, bench_wecom_broadcast.

The platform is another process that answers a constant: what is measured is ours alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp
import requests

from bot.cards.card import Button, Card, Style
from bot.logs import configure
from bot.ports import Delivery, Shelf
from platforms.common.memory import MemoryShelf
from platforms.wecom.configuration import Application, Configuration, Keys
from platforms.wecom.platform import WecomPlatform
from rehearsal.story import SHANGHAI
from storage.shelf import StoredShelf
from storage.store import Store

AT = datetime(2026, 10, 9, 9, 10, tzinfo=SHANGHAI)
PEOPLE, ALONE, LEAST = 10_000, 1500, 10
KEYS = Keys("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
CARD = Card(
    "remind.open", "三季度开始填报", "10月10日前报送", buttons=(Button("fill", "去填报", Style.PRIMARY),)
)
ANSWER = json.dumps({"errcode": 0, "msgid": "m", "access_token": "t", "expires_in": 7200}).encode()
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(ANSWER)


def serve(pipe: Connection) -> None:
    """A platform that takes everything; the number of calls is told when asked."""

    async def run() -> None:
        calls = 0

        async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal calls
            while head := await _head(reader):
                await reader.readexactly(_length(head))
                calls += b"/message/send" in head
                writer.write(HEAD + ANSWER)
                await writer.drain()

        server = await asyncio.start_server(connection, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        while (await asyncio.to_thread(pipe.recv)) == "calls":
            pipe.send(calls)
            calls = 0

    asyncio.run(run())


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or b"0")


def delivery(number: int, token: str) -> Delivery:
    return Delivery(f"u{number:05}", CARD, token, f"remind:{number}", "", {}, AT)


async def timed(work: Awaitable[object]) -> tuple[float, float]:
    """Processor and wall seconds."""
    cpu, begun = time.process_time(), time.perf_counter()
    await work
    return time.process_time() - cpu, time.perf_counter() - begun


def platform(base: str, shelf: Shelf) -> WecomPlatform:
    own = Application("ww1", 1, "secret", keys=(KEYS,), api=base, per_day=10**9)
    return WecomPlatform(Configuration(own), shelf, lambda: AT)


async def one_by_one(made: WecomPlatform) -> None:
    for number in range(ALONE):
        await made.send(delivery(number, f"token-{number}"))


async def bare(base: str, bodies: list[bytes]) -> None:
    """aiohttp with nothing around it."""
    async with aiohttp.ClientSession() as session:
        for body in bodies:
            async with session.post(f"{base}message/send", params={"access_token": "t"}, data=body) as answer:
                json.loads(await answer.read())


def report(label: str, cpu: float, wall: float, number: int, base: float | None = None) -> float:
    each = cpu / number
    ratio = "" if base is None else f"{each / base:6.2f}x"
    print(f"{label:52s} cpu {each * 1e6:7.1f} us each  {number / wall:8.0f}/s  wall {wall:6.2f} s  {ratio}")
    return each


def drawn() -> dict[str, object]:
    from platforms.wecom.drawing import draw, task_id

    return draw(CARD, "t" * 22, task_id("t" * 22, ("u",)))[0]


async def run(base: str, calls: Callable[[], int], home: Path) -> None:
    message = {"touser": "u00001", "agentid": 1, **drawn(), "enable_duplicate_check": 1}
    bodies = [json.dumps(message, ensure_ascii=False).encode()] * ALONE
    limit = report("aiohttp bare, one person a call", *await timed(bare(base, bodies)), ALONE)
    begun, cpu = time.perf_counter(), time.process_time()
    with requests.Session() as session:
        for body in bodies:
            session.post(f"{base}message/send?access_token=t", data=body).json()
    report(
        "requests, one person a call", time.process_time() - cpu, time.perf_counter() - begun, ALONE, limit
    )
    calls()
    store = Store(f"sqlite:///{home / 'shelf.sqlite'}")
    store.migrate()
    for label, shelf in (("in memory", MemoryShelf()), ("durable", StoredShelf(store, "wecom"))):
        made = platform(base, shelf)
        assert made.client is not None
        many = [delivery(number, "announced") for number in range(PEOPLE)]
        cpu, wall = await timed(made.send_all(many))
        report(f"one card to {PEOPLE} people, shelf {label}", cpu, wall, PEOPLE, limit)
        print(f"{'':52s} {calls()} calls, the fewest there can be {LEAST}")
        report(f"a card of their own each, shelf {label}", *await timed(one_by_one(made)), ALONE, limit)
        calls()
        await made.client.close()
    store.close()


def main() -> None:
    configure(logging.ERROR)
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    base = f"http://127.0.0.1:{ours.recv()}/cgi-bin/"

    def calls() -> int:
        ours.send("calls")
        return int(ours.recv())

    with tempfile.TemporaryDirectory(dir=".") as home:
        asyncio.run(run(base, calls, Path(home)))
    ours.send("stop")
    process.join(5)


if __name__ == "__main__":
    main()
