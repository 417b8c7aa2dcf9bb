"""What the local DingTalk shows of a card template and of a file that was sent."""

from __future__ import annotations

import asyncio

import aiohttp

from platforms.dingtalk.template import VARIABLES, export
from sandbox.dingtalk import World, serving
from sandbox.dingtalk.previewing import described


async def _got(world: World, path: str) -> tuple[int, str, bytes]:
    async with (
        serving(world) as base,
        aiohttp.ClientSession(base) as web,
        web.get(f"/sandbox/{path}") as answer,
    ):
        return answer.status, answer.content_type, await answer.read()


def test_a_template_is_shown_with_variables_components_and_preview(world: World) -> None:
    shown = described(world.templates.load(export(), "绩监通", "ours.schema"))
    assert [each["name"] for each in shown["variables"]] == list(VARIABLES)
    assert {each["private"] for each in shown["variables"]} == {False}
    assert [each["name"] for each in shown["components"]][:3] == ["卡片（消息摘要）", "卡片头", "文本"]
    used = {name for each in shown["components"] for name in each["uses"]}
    assert used == set(VARIABLES)
    assert [each["kind"] for each in shown["preview"]] == [
        *("header", "text", "markdown", "markdown", "markdown"),
        *("form", "button", "button", "text"),
    ]
    assert shown["preview"][5]["status"] == "normal"


def test_an_uploaded_picture_can_be_looked_at_and_nothing_else_can(world: World) -> None:
    picture = world.media.upload("image", "a.png", b"\x89PNG")
    book = world.media.upload("file", "a.xlsx", b"PK")
    assert asyncio.run(_got(world, f"media/{picture}")) == (200, "image/png", b"\x89PNG")
    assert asyncio.run(_got(world, f"media/{book}")) == (200, "application/octet-stream", b"PK")
    assert asyncio.run(_got(world, "media/unknown"))[0] == 404
