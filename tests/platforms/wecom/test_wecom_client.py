"""Every defect of wechatpy's client that the adapter had to close, each shown closed against the local platform."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from wechatpy.work import WeChatClient

from platforms.wecom.client import WecomClient
from platforms.wecom.failures import WecomError, send_failed
from sandbox.clock import Clock
from sandbox.wecom.box import Box
from sandbox.wecom.corp import Agent
from sandbox.wecom.faults import Fault
from storage.shelf import StoredShelf
from storage.store import Store
from tests.platforms.wecom.wecom_district import AGENT, AT, CORP, SECRET, corporation

Told = Callable[["Wire"], Awaitable[None]]


class Wire:
    """A box, and clients of its application as processes would make them."""

    def __init__(self, box: Box, store: Store) -> None:
        self.box, self.store = box, store
        self.clients: list[WecomClient] = []

    def client(self, secret: str = SECRET, base: str = "", **more: float) -> WecomClient:
        shelf = StoredShelf(self.store, "wecom")
        made = WecomClient(
            CORP,
            secret,
            shelf=shelf,
            now=self.box.world.now,
            base_url=base or f"{self.box.base}/cgi-bin/",
            **more,
        )
        self.clients.append(made)
        return made

    def called(self, path: str) -> int:
        return sum(call.path.endswith(path) for call in self.box.world.calls)


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{path}")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def on_wire(store: Store) -> Callable[[Told], None]:
    def run(told: Told) -> None:
        async def played() -> None:
            async with Box(corporation(), clock=Clock(AT, speed=0)) as box:
                wire = Wire(box, store)
                try:
                    await told(wire)
                finally:
                    for client in wire.clients:
                        await client.close()

        asyncio.run(played())

    return run


TEXT = {"touser": "zhangmin", "agentid": AGENT, "msgtype": "text", "text": {"content": "三季度"}}


def test_it_is_wechatpys_client_and_its_interfaces_answer(on_wire):
    async def told(wire):
        client = wire.client()
        assert isinstance(client, WeChatClient)
        answer = await client.message.send(
            AGENT, ["zhangmin"], msg={"msgtype": "text", "text": {"content": "x"}}
        )
        assert answer["msgid"]

    on_wire(told)


@pytest.mark.parametrize("code", [40014, 42001, 40001])
def test_9_1_a_token_refused_for_good_ends_after_one_more_try(on_wire, code):
    async def told(wire):
        wire.box.world.faults.arm(Fault("message/send", "code", code=code, times=-1))
        with pytest.raises(WecomError) as caught:
            await wire.client().call("message/send", TEXT)
        assert caught.value.code == code
        assert (wire.called("message/send"), wire.called("gettoken")) == (2, 2)

    on_wire(told)


@pytest.mark.parametrize("code", [40014, 42001])
def test_t17_a_token_that_ran_out_is_fetched_once_and_the_call_goes_on(on_wire, code):
    async def told(wire):
        client = wire.client()
        await client.call("message/send", TEXT)
        wire.box.world.faults.arm(Fault("message/send", "code", code=code))
        assert (await client.call("message/send", TEXT | {"text": {"content": "y"}}))["msgid"]
        assert wire.called("gettoken") == 2

    on_wire(told)


@pytest.mark.parametrize("endpoint", ["gettoken", "message/send"])
def test_9_2_every_call_has_its_end_also_gettoken(on_wire, endpoint):
    async def told(wire):
        wire.box.world.faults.arm(Fault(endpoint, "slow", seconds=1))
        async with asyncio.timeout(0.9):
            with pytest.raises(WecomError) as caught:
                await wire.client(timeout=0.2).call("message/send", TEXT)
        assert caught.value.unreachable

    on_wire(told)


def test_9_3_twenty_cold_callers_fetch_one_token(on_wire):
    async def told(wire):
        client = wire.client()
        calls = [client.call("message/send", TEXT | {"text": {"content": f"{n}"}}) for n in range(20)]
        await asyncio.gather(*calls)
        assert (wire.called("gettoken"), wire.called("message/send")) == (1, 20)

    on_wire(told)


def test_9_4_an_upload_after_an_expired_token_sends_the_whole_file_again(on_wire):
    async def told(wire):
        client = wire.client()
        await client.token()
        wire.box.world.faults.arm(Fault("media/upload", "code", code=42001))
        media_id = await client.upload("file", "三季度汇总.xlsx", b"PK\3\4" * 100)
        assert wire.box.world.media[media_id].content == b"PK\3\4" * 100
        assert wire.box.world.media[media_id].name == "三季度汇总.xlsx"

    on_wire(told)


def test_9_5_two_applications_on_one_shelf_keep_their_tokens_apart(on_wire):
    async def told(wire):
        other = SECRET[:10] + "another-application"
        wire.box.world.corp.agents[7] = Agent(7, other)
        one, two = wire.client(), wire.client(other)
        await one.call("message/send", TEXT)
        await two.call("message/send", TEXT | {"agentid": 7})
        await one.call("message/send", TEXT | {"text": {"content": "z"}})
        assert one.access_token_key != two.access_token_key
        assert wire.called("gettoken") == 2

    on_wire(told)


def test_9_6_downloads_go_where_everything_goes_and_their_errors_are_errors(on_wire):
    async def told(wire):
        client = wire.client()
        media_id = await client.upload("file", "a.txt", b"content of it")
        assert await client.download(media_id) == b"content of it"
        with pytest.raises(WecomError) as caught:
            await client.download("no-such-media")
        assert caught.value.code == 40007

    on_wire(told)


def test_9_8_a_busy_system_is_asked_three_times(on_wire):
    async def told(wire):
        wire.box.world.faults.arm(Fault("message/send", "code", code=-1, times=2))
        assert (await wire.client().call("message/send", TEXT))["errcode"] == 0
        assert wire.called("message/send") == 3

    on_wire(told)


def test_t18_a_restart_and_a_second_process_use_the_token_there_is(on_wire):
    async def told(wire):
        await wire.client().call("message/send", TEXT)
        await wire.client().call("message/send", TEXT | {"text": {"content": "b"}})
        assert wire.called("gettoken") == 1

    on_wire(told)


def test_t18_a_process_with_an_old_token_takes_the_newer_one_from_the_other(on_wire):
    async def told(wire):
        wire.box.world.switches.same_token = False
        old, new = wire.client(), wire.client()
        await old.call("message/send", TEXT)
        before = await old.token()
        await old._drop(before)
        await old.token()
        assert await new.token() == await old.token() != before
        assert wire.called("gettoken") == 2

    on_wire(told)


def test_a_wrong_secret_is_not_asked_about_again_and_again(on_wire, capsys):
    structlog.reset_defaults()

    async def told(wire):
        client = wire.client("wrong-secret-wrong-secret")
        for _ in range(5):
            with pytest.raises(WecomError):
                await client.call("message/send", TEXT)
        said = capsys.readouterr().out
        assert said.count("wecom.wrong_secret") == said.count("核对企业 ID 和应用 Secret") == 1
        assert client.refused()
        assert wire.called("gettoken") == 1
        wire.box.world.clock.advance(timedelta(minutes=11))
        with pytest.raises(WecomError):
            await client.call("message/send", TEXT)
        assert wire.called("gettoken") == 2

    on_wire(told)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("message/send", "html"),
        Fault("message/send", "cut"),
        Fault("message/send", "cut_after"),
        Fault("message/send", "status"),
    ],
    ids=lambda f: f.kind,
)
def test_l01_l02_what_is_no_answer_is_tried_later(on_wire, fault):
    async def told(wire):
        wire.box.world.faults.arm(fault)
        with pytest.raises(WecomError) as caught:
            await wire.client().call("message/send", TEXT)
        failed = send_failed(caught.value)
        assert (failed.retryable, failed.code) == (True, "连不上企业微信")

    on_wire(told)


@pytest.mark.parametrize("base", ["http://127.0.0.1:9/cgi-bin", "http://no-such-host.invalid/cgi-bin"])
def test_k08_l01_errors_hold_neither_secret_nor_token_nor_address(on_wire, base, caplog, capsys):
    async def told(wire):
        structlog.reset_defaults()
        caplog.set_level(logging.DEBUG)
        with pytest.raises(WecomError) as caught:
            await wire.client(base=base).call("message/send", TEXT)
        shown = f"{caught.value!r} {caught.value.__cause__!r} {send_failed(caught.value).code}"
        assert SECRET not in shown
        assert "corpsecret" not in shown
        assert caught.value.__suppress_context__

    on_wire(told)
    out = capsys.readouterr()
    assert SECRET not in out.out + out.err + caplog.text


def test_l03_the_environments_proxy_is_used(on_wire, monkeypatch):
    async def told(wire):
        seen: list[bytes] = []

        async def proxy(reader, writer):
            seen.append(await reader.readline())
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(proxy, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        monkeypatch.setenv("http_proxy", f"http://{host}:{port}")
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(WecomError):
            await wire.client(base="http://wecom.example/cgi-bin").call("message/send", TEXT)
        server.close()
        assert seen[0].startswith(b"GET http://wecom.example/cgi-bin/gettoken")

    on_wire(told)


@pytest.mark.parametrize("minutes", [0, 4, 9, -9])
def test_c11_clocks_that_are_apart_are_noticed(on_wire, minutes):
    async def told(wire):
        client, apart = wire.client(), timedelta(minutes=minutes)
        client._now = lambda: wire.box.world.now() + apart
        await client.call("message/send", TEXT)
        assert abs(client.skew - apart) < timedelta(seconds=2)

    on_wire(told)
