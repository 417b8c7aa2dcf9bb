"""The invented district on a local 企业微信: the real shell, storage, web service and adapter, one virtual clock."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.running import Runner
from bot.wiring import connect
from intake.demo import demo_roster
from platforms.wecom.configuration import Application, Configuration, Keys, Robot
from platforms.wecom.platform import WecomPlatform
from rehearsal import story
from sandbox.clock import Clock
from sandbox.wecom.box import Box
from sandbox.wecom.corp import Agent, Bot, Corp, Member
from sandbox.wecom.phones import Item
from storage.shelf import StoredShelf
from storage.store import Store
from web.serve import server
from web.service import Vitals, create_service

AT = datetime(2026, 10, 8, 9, 10, tzinfo=story.SHANGHAI)
KEYS = Keys("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
OLD_KEYS = Keys("oldtoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
CORP, AGENT, SECRET = "wx5823bf96d3bd56c7", 1000002, "app-secret-that-must-not-show"
BOT, BOT_SECRET = "bot-1", "bot-secret-that-must-not-show"
LINE = "支出201.35 到位256 1=36 2=930 3同 4同 5=99 6同 7=6.4 8=1260 9=96 10=2"


def corporation() -> Corp:
    """Everybody of the district, under mixed-case ids as administrators write them."""
    corp = Corp(corp_id=CORP)
    for person in demo_roster().people:
        if person.identities:
            corp.add(Member(person.id.capitalize(), person.name))
    corp.agents[AGENT] = Agent(AGENT, SECRET, token=KEYS.token, aes_key=KEYS.aes_key)
    corp.bots[BOT] = Bot(BOT, BOT_SECRET)
    return corp


def prepare(path: Path) -> Store:
    """The district's database, everybody with an account in 企业微信."""
    store = Store(f"sqlite:///{path}")
    store.migrate()
    roster = demo_roster()
    people = tuple(
        replace(p, identities=(("wecom", p.id.lower()),)) if p.identities else p for p in roster.people
    )
    story.prepare(store, replace(roster, people=people))
    return store


class Still:
    """A clock nobody hears: the tests tick."""

    def __init__(self, tick: Any) -> None:
        self.tick = tick

    def start(self) -> None:
        """Nothing."""

    def shutdown(self, wait: bool = True) -> None:
        """Nothing."""


@dataclass(slots=True)
class District:
    """One running installation against one box."""

    box: Box
    path: Path
    own: Configuration
    at: datetime = AT
    store: Store = field(init=False)
    platform: WecomPlatform = field(init=False)
    runner: Runner = field(init=False)
    port: int = 0
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """The box's clock is ours."""
        return self.box.world.now()

    async def start(self) -> None:
        """Open everything and listen; returns when the callback answers and the bot is connected."""
        self.store = Store(f"sqlite:///{self.path}")
        self.platform = WecomPlatform(self.own, StoredShelf(self.store, "wecom"), self.now)
        app = connect(self.store, {"wecom": self.platform})
        self.runner = Runner(app, Still, self.now, (self.platform,))
        vitals = Vitals(self.now, self.now, dict)
        callback = self.platform.callback
        mounts = {"/callback/wecom": callback} if callback else {}
        self.port = self.port or _free_port()
        self.runner.service = server(create_service(vitals, mounts), "127.0.0.1", self.port)
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(self.runner.until(self._stop))
        await until(lambda: self.runner.service.started)
        if self.platform.robot:
            await until(lambda: self.platform.robot.gateway.is_open)

    async def stop(self) -> None:
        """Stop as SIGTERM would."""
        self._stop.set()
        if self._task:
            await self._task
        self.store.close()

    async def restart(self) -> None:
        """Everything thrown away but the database."""
        await self.stop()
        await self.start()

    async def settle(self) -> None:
        """Everything that is due has been sent."""
        await self.runner._flush(self.now())

    async def tick(self) -> None:
        """The clock says the time once."""
        await self.runner.tick(self.now())

    def waiting(self) -> list[Any]:
        """What has not gone out."""
        with self.store.read() as tx:
            return [row for row in tx.outbox_rows(500) if row.state != "sent"]

    def phone(self, user: str = "zhangmin") -> list[Item]:
        """What somebody was sent, oldest first."""
        return [item for item in self.box.world.phones.chat(user) if not item.mine]

    def card(self, user: str = "zhangmin", kind: str = "button_interaction") -> Item:
        """The newest living card of that kind."""
        return [
            i
            for i in self.phone(user)
            if i.kind == "template_card" and i.body["card_type"] == kind and not i.dead
        ][-1]

    async def say(self, text: str, user: str = "zhangmin") -> Any:
        """Type to the application, and wait for what follows."""
        outcome = await self.box.hands.say(user, text)
        await self.settle()
        return outcome

    async def tap(self, label: str, user: str = "zhangmin") -> Any:
        """Tap the button of that label on the newest card."""
        card = self.card(user)
        key = next(b["key"] for b in card.body["button_list"] if b["text"] == label)
        outcome = await self.box.hands.tap(card.seq, key)
        await self.settle()
        return outcome

    def filed(self, project: str = "p001") -> int:
        """The version on file."""
        with self.store.read() as tx:
            return tx.filing(project, story.MonitoringRound(2026, 3)).version


def words(items: list[Item]) -> str:
    """Everything that can be read on them."""
    return json.dumps([dict(i.body) for i in items], ensure_ascii=False)


async def until(happened: Callable[[], object], seconds: float = 10) -> None:
    """Wait for something that will happen by itself."""
    async with asyncio.timeout(seconds):
        while not happened():
            await asyncio.sleep(0.005)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def application(box: Box, **changes: Any) -> Application:
    """The application as the operator set it."""
    own = Application(CORP, AGENT, SECRET, keys=(KEYS,), api=f"{box.base}/cgi-bin/")
    return replace(own, **changes)


def robot(box: Box, **changes: Any) -> Robot:
    """The bot as the operator set it."""
    own = Robot(BOT, BOT_SECRET, gateway=box.wire, file_hosts=("127.0.0.1",))
    return replace(own, **changes)


@asynccontextmanager
async def running(
    path: Path,
    make: Callable[[Box], Configuration] | None = None,
    *,
    at: datetime = AT,
    corp: Corp | None = None,
    started: bool = True,
) -> AsyncIterator[District]:
    """A district on its own box; the clock stands still at 2026-10-08 09:10."""
    store = prepare(path)
    store.close()
    async with Box(corp or corporation(), clock=Clock(at, speed=0)) as box:
        own = make(box) if make else Configuration(application(box))
        district = District(box, path, own)
        if started:
            await district.start()
        agent = box.world.corp.agents[AGENT]
        agent.url = (
            f"http://127.0.0.1:{district.port}/callback/wecom"
            if own.application and own.application.keys
            else ""
        )
        try:
            yield district
        finally:
            await district.stop()


def play(path: Path, story_: Callable[[District], Awaitable[None]], *args: Any, **more: Any) -> None:
    """Run a story on a fresh district."""

    async def played() -> None:
        async with running(path, *args, **more) as district:
            await story_(district)

    asyncio.run(played())


def later(district: District, **more: Any) -> None:
    """The clock of both goes on."""
    district.box.world.clock.advance(timedelta(**more))
