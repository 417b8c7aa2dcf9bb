"""The story of the pictures, played on each place it is photographed in."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.async_api import Page

import platforms.dingtalk
from rehearsal import story
from rehearsal.chat import play
from rehearsal.demo import FONTS
from rehearsal.live.dingtalk import DingTalkHands, dingtalk_hands, rehearsal_world
from rehearsal.live.opening import prepare
from rehearsal.live.stage import live_stage
from rehearsal.live.wecom import AppHands, WecomStage
from rehearsal.local import local_roster, roster_on, wecom_corp
from rehearsal.playable import Playable
from rehearsal.stage import Stage
from sandbox.clock import Clock
from sandbox.dingtalk import serving
from sandbox.wecom.box import Box
from sandbox.wecom.world import World
from tests.pictures import camera
from tests.pictures.shots import FOLDER, PARTS, STORY, Shot, shot_of, shots
from web.app import create_app
from web.serve import server

TEMPLATE = Path(platforms.dingtalk.__file__).with_name("template.json")
Take = Callable[[Shot, str], Awaitable[None]]


class Enough(Exception):
    """The last picture is taken: the rest of the story need not be played."""


def users(platform: str) -> Mapping[str, str]:
    """Name to account."""
    people = reversed(local_roster().people)
    return {p.name: user for p in people for name, user in p.identities if name == platform}


async def played(stage: Playable, place: str, take: Take) -> None:
    """The story to the last picture, with one wherever it is to be taken in that place."""
    known = users("dingtalk" if place == "plain" else place)
    wanted = [shot for shot in shots() if shot.place == place]

    async def hear(comment: str) -> None:
        shot = shot_of(comment)
        if shot in wanted:
            await take(shot, known[shot.person])
        if shot == wanted[-1]:
            raise Enough

    with suppress(Enough):
        await play(STORY, lambda: stage, hear)


def of_phones(page: Page) -> Take:
    """Pictures of phones at a sandbox's page."""

    async def take(shot: Shot, user: str) -> None:
        await camera.of_phone(page, shot, user)

    return take


class PlainHands(DingTalkHands):
    """People whose robot has no card template."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """As an operator sets them who has none."""
        return {**super().settings, "dingtalk_template_id": ""}


async def plain(folder: Path) -> None:
    """The local 钉钉 without a card template."""
    prepare(folder, "dingtalk")
    world = rehearsal_world(local_roster(), story.BEGINS)
    async with serving(world), live_stage(folder, PlainHands(world)) as stage:
        stage.write_clock(story.BEGINS)
        await stage.set_clock(story.START)
        async with camera.opened(f"{world.base}/sandbox/") as page:
            await played(stage, "plain", of_phones(page))


async def dingtalk(folder: Path) -> None:
    """The local 钉钉: phones, then its page of card templates."""
    prepare(folder, "dingtalk")
    world = rehearsal_world(local_roster(), story.BEGINS)
    async with dingtalk_hands(world) as hands, live_stage(folder, hands) as stage:
        stage.write_clock(story.BEGINS)
        await stage.set_clock(story.START)
        async with camera.opened(f"{world.base}/sandbox/") as page:
            await played(stage, "dingtalk", of_phones(page))
            await templates(page)


async def templates(page: Page) -> None:
    """As if the file had just been chosen."""
    await page.set_viewport_size({"width": 720, "height": 900})
    await page.evaluate("$('exported').onchange = null; location.hash = '#templates'")
    await page.locator("#exported").set_input_files(TEMPLATE)
    await page.locator("#templates .preview").wait_for()
    for name, parts in PARTS.items():
        shown = f"{camera.PHONE_ONLY} #templates section:not({parts}) {{ display: none !important }}"
        await camera.keep(page.locator("#templates"), FOLDER / f"{name}.png", shown)


async def wecom(folder: Path) -> None:
    """The local 企业微信, people talking to the application."""
    prepare(folder, "wecom")
    world = World(wecom_corp(roster_on("wecom"), ""), Clock(story.BEGINS, speed=0))
    async with Box(world.corp, world=world) as box:
        stage = WecomStage(folder, AppHands(box))
        try:
            stage.write_clock(story.BEGINS)
            await stage.set_clock(story.START)
            async with camera.opened(f"{box.base}/sandbox/") as page:
                await played(stage, "wecom", of_phones(page))
        finally:
            stage.close()


async def simulator(folder: Path) -> None:
    """``jixiao demo``."""
    stage = Stage(folder)
    await stage.set_clock(story.START)
    fonts = {
        "font_path": FONTS / "NotoSansSC-Regular.woff2",
        "bold_font_path": FONTS / "NotoSansSC-Bold.woff2",
    }
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    serving = server(create_app(stage, **fonts), "127.0.0.1", 0)
    running = asyncio.create_task(serving.serve(sockets=[listening]))
    async with camera.opened(address, letters=False) as page:

        async def take(shot: Shot, user: str) -> None:
            await camera.of_simulator(page, shot, user, address)

        await played(stage, "simulator", take)
    serving.should_exit = True
    await running


PLACES: Mapping[str, Callable[[Path], Awaitable[None]]] = {
    "dingtalk": dingtalk,
    "plain": plain,
    "wecom": wecom,
    "simulator": simulator,
}
