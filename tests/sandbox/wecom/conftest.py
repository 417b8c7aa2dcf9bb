"""One organisation with an app, a bot and a webhook, and the platform it lives on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandbox.clock import Clock
from sandbox.wecom.box import Box
from sandbox.wecom.corp import Agent, Bot, Corp, Department, Member

AT = datetime(2026, 10, 8, 9, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def office() -> Corp:
    corp = Corp(corp_id="wx5823bf96d3bd56c7", directory_secret="directory-secret", hooks={"hook-1"})
    corp.departments[2] = Department(2, "教育局", 1)
    corp.departments[3] = Department(3, "新桥小学", 2)
    corp.add(
        Member("ZhangMin", "张敏", (3,), position="会计"),
        Member("liqiang", "李强", (2,), leads=(2,), position="科长"),
        Member("wangzhiyuan", "王志远", (1,)),
        Member("left", "旧人", (1,), status=5),
    )
    corp.agents[1000002] = Agent(1000002, "app-secret", token="QDG6eK", aes_key=AES_KEY)
    corp.agents[1000003] = Agent(1000003, "other-secret", visible=frozenset({"liqiang"}))
    corp.bots["bot-1"] = Bot("bot-1", "bot-secret")
    return corp


@pytest.fixture
def corp() -> Corp:
    return office()


@pytest.fixture
def on_box(corp: Corp) -> Callable[[Callable[[Box], Awaitable[None]]], None]:
    """Run a story on a fresh platform whose clock stands still at 2026-10-08 09:10."""

    def run(story: Callable[[Box], Awaitable[None]], **more: Any) -> None:
        async def played() -> None:
            async with Box(corp, clock=Clock(AT, speed=0), **more) as box:
                await story(box)

        asyncio.run(played())

    return run
