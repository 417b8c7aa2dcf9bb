"""The whole local 企业微信 on one port of this machine."""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.clock import Clock
from sandbox.wecom.api import Api
from sandbox.wecom.bot_hands import BotHands
from sandbox.wecom.console import Console
from sandbox.wecom.corp import Corp
from sandbox.wecom.faults import Switches
from sandbox.wecom.gateway import Gateway
from sandbox.wecom.hands import Hands
from sandbox.wecom.pusher import Pusher
from sandbox.wecom.world import World

BACKLOG = 1024
MOST_BODY = 32 * 1024 * 1024


class Box:
    """Started with ``async with``; ``port`` 0 takes a free one. ``world`` is everything the platform knows;
    given, it goes on from there."""

    def __init__(
        self,
        corp: Corp,
        *,
        clock: Clock | None = None,
        switches: Switches | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        world: World | None = None,
    ) -> None:
        self.world = world or World(corp, clock, switches)
        self.pusher = Pusher(self.world)
        self.hands = Hands(self.world, self.pusher)
        self.gateway = Gateway(self.world)
        self.bot_hands = BotHands(self.world, self.gateway)
        self._where = (host, port)
        self._runner: web.AppRunner | None = None

    @property
    def base(self) -> str:
        """``http://127.0.0.1:PORT``; the API is below /cgi-bin."""
        return self.world.base

    @property
    def wire(self) -> str:
        """``ws://127.0.0.1:PORT/bot``: where bots connect."""
        return f"ws{self.world.base.removeprefix('http')}/bot"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=MOST_BODY)
        console = Console(self.world, self.pusher, self.hands, self.gateway, self.bot_hands)
        for part in (Api(self.world), self.gateway, self.bot_hands, console):
            app.add_routes(part.routes())
        app.on_response_prepare.append(self._dated)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        host, port = self._where
        site = web.TCPSite(self._runner, host, port, backlog=BACKLOG)
        await site.start()
        bound = self._runner.addresses[0]
        self.world.base = f"http://{bound[0]}:{bound[1]}"
        return self

    async def _dated(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Every answer carries the platform's time."""
        response.headers["Date"] = format_datetime(self.world.now().astimezone(UTC), usegmt=True)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.pusher.close()
        if self._runner:
            await self._runner.cleanup()
