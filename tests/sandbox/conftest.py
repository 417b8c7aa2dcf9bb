"""A local DingTalk with a small organisation, and the vendor's SDK connected to it as another process."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.dingtalk import App, Department, Person, Rules, World, serving
from tests.sandbox.templates import EXPORT

ROOT = Path(__file__).parent.parent.parent
TEMPLATE = "form.schema"


def small_world(rules: Rules | None = None) -> World:
    """One app, three people, one template."""
    world = World({"app": App("app", "secret")}, rules=rules or Rules())
    school = Department(2, "新桥小学")
    people = (
        Person("zhangmin", "张敏", (2,), mobile="13800000000"),
        Person("sunxiao", "孙国华", (2,), leads=(2,)),
        Person("liqiang", "李强"),
    )
    world.directory.add(people, (school,))
    world.templates.load(json.dumps(EXPORT), "填报", TEMPLATE)
    return world


@pytest.fixture
def world() -> World:
    return small_world()


class Caller:
    """A client of the OpenAPI that writes exactly what it is told to."""

    def __init__(self, base: str, http: aiohttp.ClientSession) -> None:
        self.base, self.http, self.token = base, http, ""

    async def login(self) -> None:
        """Fetch a token."""
        body = await self.call("POST", "/v1.0/oauth2/accessToken", {"appKey": "app", "appSecret": "secret"})
        self.token = body[1]["accessToken"]

    async def call(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        """(status, JSON) of one call; the token goes where that host wants it."""
        old = not path.startswith("/v1.0")
        params = query | ({"access_token": self.token} if old and self.token else {})
        headers = {} if old else {"x-acs-dingtalk-access-token": self.token}
        async with self.http.request(
            method, self.base + path, json=body, params=params, headers=headers
        ) as response:
            return response.status, await response.json(content_type=None)


@asynccontextmanager
async def calling(world: World) -> AsyncIterator[Caller]:
    """The world served, and a caller with a token."""
    async with serving(world) as base, aiohttp.ClientSession() as http:
        caller = Caller(base, http)
        await caller.login()
        yield caller


@pytest.fixture
def api(world: World) -> Callable[[], AbstractAsyncContextManager[Caller]]:
    return lambda: calling(world)


class Sdk:
    """The SDK's process; ``told`` waits for the next line about something."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def told(self, what: str) -> dict[str, Any]:
        """The next line about that."""
        assert self.process.stdout
        while line := await asyncio.wait_for(self.process.stdout.readline(), 20):
            said: dict[str, Any] = json.loads(line)
            if said["what"] == what:
                return said
        raise AssertionError(f"the SDK ended before it told {what}")


@asynccontextmanager
async def sdk(base: str, *arguments: str) -> AsyncIterator[Sdk]:
    """The unpatched SDK connected to that address."""
    env = {**os.environ, "DINGTALK_OPENAPI_ENDPOINT": base, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}
    script = str(Path(__file__).with_name("sdk_client.py"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, script, *arguments, env=env, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Sdk(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
