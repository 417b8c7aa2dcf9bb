"""The operator's JSON, and the program that serves it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.wecom.box import Box
from sandbox.wecom.corp import Corp

OnBox = Callable[[Callable[[Box], Awaitable[None]]], None]


def test_a_phone_over_http(on_box: OnBox, corp: Corp) -> None:
    async def story(box: Box) -> None:
        async with aiohttp.ClientSession(box.base) as web:

            async def post(path: str, body: Any, status: int = 200) -> Any:
                async with web.post(f"/sandbox/{path}", json=body) as response:
                    assert response.status == status
                    return await response.json()

            async def get(path: str) -> Any:
                async with web.get(f"/sandbox/{path}") as response:
                    return await response.json()

            assert [p["userid"] for p in await get("people")] == ["ZhangMin", "liqiang", "wangzhiyuan"]
            assert await post("phones/zhangmin/say", {"chat": "bot:bot-1", "text": "填报"}) == {
                "taken": False
            }
            (said,) = await get("phones/zhangmin")
            assert (said["lines"], said["mine"], said["chat"]) == (["填报"], True, "bot:bot-1")
            assert (await post("clock", {"at": "2026-10-10T09:00"}))["now"] == "2026-10-10T09:00:00+08:00"
            assert (await post("switches", {"strict": False}))["strict"] is False
            await post("switches", {"strict": "no"}, 400)
            await post("phones/zhangmin/tap", {"seq": 1, "key": "x"}, 400)
            await post("faults", {"path": "gettoken", "kind": "code", "code": -1})
            async with web.get("/cgi-bin/gettoken") as response:
                assert (await response.json())["errcode"] == -1
            assert (await get("state"))["refused"][0]["code"] == -1
            assert "errcode" not in json.dumps((await get("changes"))[0])
            async with web.get("/sandbox/") as response:
                assert "本机企业微信" in await response.text()
            async with web.get("/sandbox/people", headers={"host": "evil.example"}) as response:
                assert response.status == 403

    on_box(story)


def test_a_picture_on_a_phone_can_be_looked_at(on_box: OnBox, corp: Corp) -> None:
    async def story(box: Box) -> None:
        at = box.world.now()
        show = box.world.phones.show
        show("zhangmin", at, "app:1", "image", {}, files=(("a.png", b"\x89PNG"),))
        show("zhangmin", at, "app:1", "file", {}, files=(("a.xlsx", b"PK"),))
        wanted = {"1/0": (200, "image/png"), "2/0": (200, "application/octet-stream")}
        async with aiohttp.ClientSession(box.base) as web:
            for path, found in (wanted | dict.fromkeys(("1/1", "9/0", "x/0"), (404, "text/plain"))).items():
                async with web.get(f"/sandbox/files/{path}") as response:
                    assert (response.status, response.content_type) == found

    on_box(story)


@contextmanager
def command(*words: str) -> Iterator[Any]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox", *words],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        assert process.stdout
        process.stdout.close()
    assert process.returncode == 0


def test_the_command_says_where_it_is_and_how_to_connect(tmp_path: Path) -> None:
    clock = tmp_path / "clock.json"
    with command("wecom", "--port", "0", "--at", "2026-10-08T09:00", "--clock", str(clock)) as process:
        first = process.stdout.readline()
        base = first.split("：")[1].split("/sandbox/")[0]
        assert process.stdout.readline() == f"钟现在是 2026-10-08 09:00，记在 {clock}，在网页上拨。\n"
        assert "jixiao sandbox settings" in process.stdout.readline()
        assert process.stdout.readline() == f"JIXIAO_CLOCK={clock}\n"
        assert process.stdout.readline() == "JIXIAO_WECOM_CORP=wwlocalsandbox01\n"
        with urllib.request.urlopen(f"{base}/sandbox/state") as answer:
            state = json.load(answer)
        assert state["now"].startswith("2026-10-08T09:00")
        assert state["chats"] == ["app:1000002", "bot:local-bot"]
        with urllib.request.urlopen(f"{base}/sandbox/people") as answer:
            assert "张敏" in [p["name"] for p in json.load(answer)]
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{base}/sandbox/phones/zhangmin/say")
