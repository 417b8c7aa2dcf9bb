"""The whole program against a local DingTalk: real storage, real SDK, people with phones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.running import Runner
from bot.wiring import connect
from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.platform import DingTalkPlatform
from platforms.dingtalk.template import export
from rehearsal import story
from sandbox.clock import Clock
from sandbox.dingtalk import App, Department, Person, Rules, World, serving
from sandbox.dingtalk.phones import Phone
from storage.shelf import StoredShelf
from storage.store import Store

SECRET = "dingSECRETdoNotShow"
TEMPLATE = "jixiao.schema"
APP = App("dingapp", SECRET, agent_id=77)


def as_dingtalk(roster: Any) -> Any:
    """The demonstration's people with the same user ids on DingTalk."""
    people = tuple(
        replace(p, identities=(("dingtalk", dict(p.identities)["simulator"]),)) for p in roster.people
    )
    return replace(roster, people=people)


def prepare(path: Path) -> None:
    """A database of the demonstration district on the morning of the story."""
    from intake.demo import demo_roster

    store = Store(f"sqlite:///{path}")
    store.migrate()
    story.prepare(store, as_dingtalk(demo_roster()))
    store.close()


def new_world(roster: Any, at: datetime, rules: Rules | None = None, template: bool = True) -> World:
    """An organisation with everybody of a roster, and our template imported."""
    world = World({APP.client_id: APP}, clock=Clock(at), rules=rules or Rules())
    people = [Person(dict(p.identities)["dingtalk"], p.name, (2,)) for p in roster.people]
    world.directory.add(people, (Department(2, "江北区"),))
    if template:
        world.templates.load(export(), "绩监通", TEMPLATE)
    return world


class Still:
    """A clock that never ticks by itself."""

    def start(self) -> None:
        """Nothing."""

    def shutdown(self, wait: bool = True) -> None:
        """Nothing."""


@dataclass
class House:
    """One district's program connected to a world."""

    world: World
    store: Store
    platform: DingTalkPlatform
    runner: Runner
    logged: list[str] = field(default_factory=list)

    def phone(self, user: str) -> Phone:
        """Somebody's phone."""
        return Phone(self.world, user)

    async def said(self, user: str, text: str) -> None:
        """A line of chat, and the frame's answer."""
        await asyncio.wait_for(self.phone(user).say(text).done.wait(), 20)

    async def until(self, happened: Callable[[], Any], seconds: float = 20) -> Any:
        """Until something is so."""
        async with asyncio.timeout(seconds):
            while not (found := happened()):
                await asyncio.sleep(0.01)
        return found

    async def shown(self, user: str, *words: str) -> dict[str, Any]:
        """The newest message on a phone that has all of these words, once it is there."""

        def found() -> dict[str, Any] | None:
            return next((m for m in reversed(self.phone(user).screen()) if _has(m, words)), None)

        return await self.until(found)

    async def tick(self) -> None:
        """The clock says the time."""
        await self.runner.tick(self.world.clock.now())


def _has(message: dict[str, Any], words: tuple[str, ...]) -> bool:
    text = json.dumps(message, ensure_ascii=False)
    return not message["mine"] and all(word in text for word in words)


def configured(base: str, **changed: Any) -> Configuration:
    """The application as its operator sets it up."""
    own = Configuration(APP.client_id, SECRET, base, base, agent_id=str(APP.agent_id), template_id=TEMPLATE)
    return replace(own, connect_seconds=3.0, **changed)


def built(world: World, store: Store, own: Configuration) -> House:
    """The program, not yet running."""
    platform = DingTalkPlatform(own, StoredShelf(store, "dingtalk"), world.clock.now)
    app = connect(store, {platform.name: platform})
    runner = Runner(app, lambda _: Still(), world.clock.now, (platform,))
    return House(world, store, platform, runner)


@asynccontextmanager
async def running(house: House) -> AsyncIterator[House]:
    """The program at work, stopped at the end as by SIGTERM."""
    stop = asyncio.Event()
    work = asyncio.create_task(house.runner.until(stop))
    try:
        await asyncio.wait_for(house.world.gateway.until_live(), 20)
        yield house
    finally:
        stop.set()
        await asyncio.wait_for(work, 15)


@asynccontextmanager
async def living(world: World, database: Path, **changed: Any) -> AsyncIterator[House]:
    """World and program together."""
    async with serving(world) as base:
        store = Store(f"sqlite:///{database}")
        try:
            async with running(built(world, store, configured(base, **changed))) as house:
                yield house
        finally:
            store.close()
