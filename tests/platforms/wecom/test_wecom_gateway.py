"""The long connection: it comes back after every kind of end, steps aside for another, loses nothing it was given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from platforms.wecom import frames
from platforms.wecom.attachments import NotFetched, allowed, decrypted
from platforms.wecom.failures import WecomError
from platforms.wecom.gateway import Gateway
from platforms.wecom.upkeep import REPLACED
from sandbox.clock import Clock
from sandbox.wecom.box import Box
from sandbox.wecom.faults import Fault
from storage.shelf import StoredShelf
from storage.store import Store
from tests.platforms.wecom.wecom_district import AT, BOT, BOT_SECRET, corporation, robot, until

Told = Callable[["Lines"], Awaitable[None]]


class Lines:
    """A box, and connections as processes would make them."""

    def __init__(self, box: Box, store: Store) -> None:
        self.box, self.store = box, store
        self.stop = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []
        self.heard: list[tuple[str, Any]] = []
        self.alarms: list[str] = []

    def open(self, machine: str = "one", **changes: Any) -> Gateway:
        async def handle(cmd: str, req_id: str, found: Any) -> None:
            self.heard.append((req_id, found["body"]))

        async def alarm(code: str) -> None:
            self.alarms.append(code)

        own = robot(self.box, **changes)
        made = Gateway(
            own,
            StoredShelf(self.store, "wecom"),
            self.box.world.now,
            handle,
            alarm,
            0.05,
            (0.01, 0.05),
            me=machine,
        )
        self.tasks.append(asyncio.create_task(made.run(self.stop)))
        return made

    async def close(self) -> None:
        self.stop.set()
        await asyncio.gather(*self.tasks)

    def subscribed(self) -> int:
        return sum(call.path == frames.SUBSCRIBE for call in self.box.world.calls)


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{path}")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def on_lines(store: Store) -> Callable[[Told], None]:
    def run(told: Told) -> None:
        async def played() -> None:
            async with Box(corporation(), clock=Clock(AT, speed=0)) as box:
                lines = Lines(box, store)
                try:
                    await told(lines)
                finally:
                    await lines.close()

        asyncio.run(played())

    return run


def test_it_subscribes_pings_and_hears(on_lines):
    async def told(n):
        line = n.open()
        await until(lambda: line.is_open)
        await n.box.bot_hands.say("zhangmin", "填报")
        await until(lambda: n.heard)
        assert n.heard[0][1]["text"] == {"content": "填报"}
        await until(lambda: any(call.path == "ping" for call in n.box.world.calls))

    on_lines(told)


@pytest.mark.parametrize("how", ["clean", "cut"])
def test_t25_it_comes_back_after_a_clean_close_and_after_a_cut(on_lines, how):
    """A close in good order is an end like any other: both vendors' clients stay away after one."""

    async def told(n):
        line = n.open()
        for times in range(1, 4):
            await until(lambda times=times: line.opened == times and line.is_open)
            if how == "clean":
                await n.box.gateway.close(BOT)
            else:
                n.box.gateway.cut(BOT)
        await until(lambda: line.opened == 4 and line.is_open)
        await n.box.bot_hands.say("zhangmin", "还在吗")
        await until(lambda: n.heard)

    on_lines(told)


def test_t25_a_wrong_secret_is_no_storm(on_lines):
    async def told(n):
        line = n.open(secret="wrong")
        line.back_off = (0.2, 0.4)
        await until(lambda: n.subscribed() >= 3)
        assert line.opened == 0
        assert n.subscribed() <= 4

    on_lines(told)


def test_a_second_process_stands_by_and_takes_over_when_the_first_is_gone(on_lines):
    async def told(n):
        first = n.open()
        await until(lambda: first.is_open)
        second = n.open("two")
        await until(lambda: second.state == "standby")
        await asyncio.sleep(0.2)
        assert (first.is_open, second.is_open, n.subscribed()) == (True, False, 1)
        n.tasks[0].cancel()
        await asyncio.gather(n.tasks.pop(0), return_exceptions=True)
        n.box.world.clock.advance(timedelta(seconds=91))
        await until(lambda: second.is_open)
        assert n.alarms == []

    on_lines(told)


def test_a_process_that_was_killed_is_followed_at_once_on_the_same_machine(on_lines):
    async def told(n):
        first = n.open()
        await until(lambda: first.is_open)
        n.box.gateway.cut(BOT)
        n.tasks[0].cancel()
        await asyncio.gather(n.tasks.pop(0), return_exceptions=True)
        second = n.open()
        await until(lambda: second.is_open)

    on_lines(told)


def test_replaced_by_a_stranger_it_stays_away_and_an_administrator_is_told(on_lines):
    async def told(n):
        line = n.open()
        await until(lambda: line.is_open)
        import aiohttp

        async with aiohttp.ClientSession() as session, session.ws_connect(n.box.wire) as stranger:
            body = {"bot_id": BOT, "secret": BOT_SECRET}
            await stranger.send_str(frames.frame(frames.SUBSCRIBE, "r", body))
            await until(lambda: n.alarms)
            await asyncio.sleep(0.2)
            assert n.alarms == [REPLACED]
            assert (line.state, line.opened, n.subscribed()) == ("replaced", 1, 2)

    on_lines(told)


def test_an_answer_that_is_not_taken_is_an_error_with_its_code(on_lines):
    async def told(n):
        line = n.open()
        await until(lambda: line.is_open)
        with pytest.raises(WecomError) as caught:
            await line.request(frames.PUSH, frames.push("zhangmin", frames.markdown("x")))
        assert caught.value.code == 846607

    on_lines(told)


def test_what_is_asked_while_the_line_is_down_fails_at_once(on_lines):
    async def told(n):
        line = n.open(gateway="ws://127.0.0.1:9/bot")
        with pytest.raises(WecomError) as caught:
            await line.request(frames.PING)
        assert caught.value.unreachable

    on_lines(told)


def test_nothing_is_said_before_the_subscription_is_confirmed(on_lines):
    """The platform would refuse it for good (846609), and the message would be lost."""

    async def told(n):
        line, failed = n.open(), []
        while not line.is_open:
            try:
                await line.request(frames.PUSH, frames.push("zhangmin", frames.markdown("x")))
            except WecomError as error:
                failed.append(error)
            await asyncio.sleep(0)
        assert failed
        assert all(error.unreachable for error in failed)
        assert [c.path for c in n.box.world.calls if c.path == frames.PUSH] == []

    on_lines(told)


def test_one_persons_messages_keep_their_order_and_hold_nobody_up(on_lines):
    async def told(n):
        order: list[str] = []
        gate = asyncio.Event()
        line = n.open()

        async def handle(cmd: str, req_id: str, found: Any) -> None:
            said = found["body"]["text"]["content"]
            if said == "一":
                await gate.wait()
            order.append(said)

        line.handle = handle
        await until(lambda: line.is_open)
        for user, said in (("zhangmin", "一"), ("zhangmin", "二"), ("liqiang", "三")):
            await n.box.bot_hands.say(user, said)
        await until(lambda: order == ["三"])
        gate.set()
        await until(lambda: order == ["三", "一", "二"])

    on_lines(told)


def test_t08_the_same_callback_twice_is_heard_twice_and_told_apart_by_its_id(on_lines):
    async def told(n):
        line = n.open()
        await until(lambda: line.is_open)
        n.box.world.switches.duplicate_callbacks = 1
        await n.box.bot_hands.say("zhangmin", "填报")
        await until(lambda: len(n.heard) == 2)
        assert n.heard[0][1]["msgid"] == n.heard[1][1]["msgid"]

    on_lines(told)


def test_a_fault_on_one_answer_does_not_end_the_line(on_lines):
    async def told(n):
        line = n.open()
        await until(lambda: line.is_open)
        n.box.world.faults.arm(Fault(frames.PUSH, "code", code=-1))
        with pytest.raises(WecomError):
            await line.request(frames.PUSH, frames.push("zhangmin", frames.markdown("x")))
        assert line.is_open

    on_lines(told)


# -- frames and files -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "[]", "{", '{"headers": 5}', '{"a": NaN}', "[" * 100_000, b"\xff"])
def test_m01_m04_m07_what_is_no_frame_is_refused(text):
    with pytest.raises(frames.BadFrame):
        frames.parsed(text)


def test_m09_markdown_means_nothing():
    said = frames.markdown("[点](javascript:1) **粗** `码` # 题 > 引 | 表 _斜_")["markdown"]["content"]
    assert not set("[]*`#>|_") & set(said)


def test_an_upload_is_cut_into_chunks_that_fit():
    start, chunks = frames.upload("file", "附表1.xlsx", b"x" * (frames.CHUNK_BYTES * 2 + 1))
    assert (start["total_chunks"], [len(c) for c in chunks][-1]) == (3, 1)
    assert all(len(frames.frame("c", "r", frames.chunk("u", 0, c))) < frames.FRAME_BYTES for c in chunks)


HOSTS = ("myqcloud.com", "127.0.0.1")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ww-aibot-img.cos.ap-guangzhou.myqcloud.com/a?b=c", True),
        ("http://ww-aibot-img.cos.ap-guangzhou.myqcloud.com/a", False),
        ("https://myqcloud.com.evil.example/a", False),
        ("https://evilmyqcloud.com/a", False),
        ("https://169.254.169.254/latest", False),
        ("https://myqcloud.com@evil.example/a", False),
        ("file:///etc/passwd", False),
        ("http://127.0.0.1:1/a", True),
        ("http://[", False),
        ("", False),
    ],
)
def test_m12_files_are_fetched_from_known_hosts_only(url, expected):
    assert allowed(url, HOSTS) is expected


@pytest.mark.parametrize("key", ["", "short", "x" * 43, "#" * 43])
def test_a_file_with_a_wrong_key_is_refused(key):
    with pytest.raises(NotFetched):
        decrypted(b"x" * 64, key)
