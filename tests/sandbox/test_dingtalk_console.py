"""The JSON an operator and a test drive the local DingTalk with."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from sandbox.dingtalk import World, serving
from tests.sandbox.templates import EXPORT

#: path, body, and a part of the answer.
DONE = [
    ("phones/zhangmin/say", {"text": "填报", "wait": False}, {"acked": False, "tries": 0}),
    (
        "phones/zhangmin/file",
        {"name": "a.xlsx", "content": "eA==", "wait": False},
        {"acked": False},
    ),
    ("phones/zhangmin/file", {"kind": "voice", "text": "填报", "wait": False}, {"acked": False}),
    ("phones/zhangmin/read", {}, {"events": 0}),
    ("phones/zhangmin/client", {"client": "7.6.20", "broken": True}, {"version": [7, 6, 20]}),
    ("phones/zhangmin/resign", {}, {"events": 1}),
    ("clock", {"at": "2026-10-10T09:00"}, {"now": "2026-10-10T09:00:00+08:00"}),
    ("faults", {"fault": "busy", "times": 2}, {"armed": 1}),
    ("gateway", {"do": "drop"}, {"cut": 0}),
    ("gateway", {"do": "ping"}, {"answered": []}),
    ("rules", {"number_as": "number", "card_seconds": 3}, {"number_as": "number", "card_seconds": 3}),
    ("templates", {"template": EXPORT, "id": "two.schema"}, {"id": "two.schema"}),
]
REFUSED = [
    ("phones/nobody/say", {"text": "填报"}, "通讯录里没有"),
    ("phones/zhangmin/tap", {"message": "m", "button": "b"}, "没有这条消息"),
    ("phones/zhangmin/file", {"name": "a", "content": "*"}, ""),
    ("clock", {"at": "tomorrow"}, ""),
    ("faults", {"fault": "earthquake"}, "没有这种故障"),
    ("gateway", {"do": "dance"}, "没有这种做法"),
    ("rules", {"qps": "many"}, "类型不对"),
    ("rules", {"nothing": 1}, "没有这一项"),
    ("templates", {"template": {}}, "导出的文件"),
]


def ask(world: World, path: str, body: Any, **more: Any) -> tuple[int, Any]:
    """The status and the JSON of one request to the console."""

    async def go() -> tuple[int, Any]:
        async with (
            serving(world) as base,
            aiohttp.ClientSession(base) as web,
            web.post(f"/sandbox/{path}", **({"json": body} | more)) as response,
        ):
            return response.status, json.loads(await response.text())

    return asyncio.run(go())


@pytest.mark.parametrize(("path", "body", "told"), DONE)
def test_what_can_be_done(world: World, path: str, body: Any, told: Any) -> None:
    status, answer = ask(world, path, body)
    assert status == 200
    assert {key: answer[key] for key in told} == told


@pytest.mark.parametrize(("path", "body", "why"), REFUSED)
def test_what_cannot_be_done_is_said(world: World, path: str, body: Any, why: str) -> None:
    status, answer = ask(world, path, body)
    assert status == 400
    assert why in answer["error"]


def test_only_json_from_pages_of_its_own(world: World) -> None:
    assert ask(world, "clock", None, json=None, data='{"at":"2026-10-10T09:00"}')[0] == 400


def test_an_event_of_any_kind(world: World) -> None:
    world.rules.event_pauses = ()
    status, answer = ask(world, "events", {"type": "user_modify_org", "data": {"userId": ["zhangmin"]}})
    assert (status, answer) == (200, [{"acked": False, "code": 0, "tries": 1}])
