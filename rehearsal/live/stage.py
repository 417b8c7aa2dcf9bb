"""A stage for conversation files on a real platform: sandbox, adapter, and a process that dies between the lines."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.law import Law, shipped_law
from platforms.simulator.phones import Seen
from rehearsal import faults
from rehearsal.live.hands import Hands, NotHere
from rehearsal.live.process import Application, Forked, Given, Start
from rehearsal.live.screens import LiveScreens
from rehearsal.own_rules import folder as rules_folder
from rehearsal.stops import next_stop
from sandbox.clock import SharedClock, shared_clock
from storage.store import Store

DATABASE = "live.sqlite"
#: how long anything may take before the rehearsal is given up, in real seconds.
PATIENCE = 30
#: how often a condition in the database is looked at, in real seconds.
GLANCE = 0.01
Condition = Callable[[], bool]


class Stuck(Exception):
    """The application did not do in time what it should; the text says what and shows the end of its log."""


class LiveStage:
    """Playable on the platform of ``hands``. ``folder`` holds the database, the clock and the application's log;
    ``start`` makes a process of the application."""

    def __init__(self, folder: Path, hands: Hands, start: Start = Forked) -> None:
        self.folder, self.platform, self.start = folder, hands, start
        self.law: Law = shipped_law()
        self.store = Store(f"sqlite:///{folder / DATABASE}")
        self.phones = LiveScreens(hands, self.store)
        self.armed = faults.Armed()
        self.port = free_port()
        self.killed = 0
        self.fail_at = ""  # where the next process kills itself, once
        self._process: Application | None = None

    # -- the process -------------------------------------------------------------------------------

    @property
    def clock_file(self) -> Path:
        """Where the virtual time is kept."""
        return self.folder / "clock.json"

    @property
    def log_file(self) -> Path:
        """What the application logged."""
        return self.folder / "jixiao.log"

    def settings(self) -> dict[str, Any]:
        """What the application is set to."""
        return {
            "database": f"sqlite:///{self.folder / DATABASE}",
            "data": self.folder,
            "listen": f"127.0.0.1:{self.port}",
            "confirm": self.law.head_confirms,
            "rules": rules if (rules := rules_folder(self.folder)).exists() else None,
            **self.platform.settings,
        }

    async def running(self, *, tick: bool = False) -> None:
        """Returns when the application runs and listens, and, if it had to be started, has acted on a ``tick``: only
        then, so that what is due meets platforms that are connected. A restart between two lines does without: that
        minute has had its tick."""
        if self._process is None:
            await self.platform.gone()
            given = Given(self.clock_file, self.settings(), self.log_file, self.fail_at)
            self.fail_at = ""
            self._process = self.start(given)
            await self._ticked()
            await self._in_time(self.platform.connected(), "没有连上平台")
            if tick:
                await self._tick()

    async def _tick(self) -> None:
        assert self._process is not None  # noqa: S101 - only called while it runs
        self._process.tick()
        await self._ticked()

    async def _ticked(self) -> None:
        assert self._process is not None  # noqa: S101 - only called while it runs
        if not await asyncio.to_thread(self._process.ticked, PATIENCE):
            raise Stuck(f"程序没有走到这个时刻：{self._tail()}")

    async def _in_time(self, awaited: Any, what: str) -> Any:
        try:
            async with asyncio.timeout(PATIENCE):
                return await awaited
        except TimeoutError as late:
            raise Stuck(f"{what}：{self._tail()}") from late

    def _tail(self) -> str:
        log = self.log_file.read_text(encoding="utf-8") if self.log_file.exists() else ""
        return "\n".join(log.splitlines()[-15:])

    def reopen(self) -> None:
        """Kill the application (SIGKILL); the next thing that happens starts it again."""
        if self._process is not None:
            self._process.kill()
            self._process, self.killed = None, self.killed + 1

    async def died(self) -> None:
        """Returns when the application has killed itself."""
        assert self._process is not None  # noqa: S101 - it was started to do so
        if not await asyncio.to_thread(self._process.ended, PATIENCE):
            raise Stuck(f"程序没有在指定的地方停下：{self._tail()}")
        self.reopen()

    def close(self) -> None:
        """The application and the database."""
        self.reopen()
        self.store.close()

    # -- time --------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The virtual instant, Asia/Shanghai."""
        return SharedClock(self.clock_file).now()

    async def set_clock(self, at: datetime) -> None:
        """Forward to that instant; every planned moment and every resend on the way happens at its time."""
        while (moment := next_stop(self.store, self.law, self.now())) and moment <= at:
            await self._be_at(moment)
        await self._be_at(at)

    async def _be_at(self, moment: datetime) -> None:
        self.write_clock(max(moment, self.now()) if self.clock_file.exists() else moment)
        if self._process is None:
            await self.running(tick=True)
        else:
            await self._tick()
        await self.settled()

    def write_clock(self, at: datetime) -> None:
        """The application and the sandbox are at that instant."""
        shared_clock(self.clock_file, at, speed=0)
        self.platform.set_clock(at)

    # -- people ------------------------------------------------------------------------------------

    def set_fault(self, name: str) -> str:
        """Arm one of the faults on the way in; those of the simulated platform itself are not here."""
        if name not in ("duplicate", "reorder"):
            raise NotHere(f"故障 {name} 是模拟平台自己的")
        if name == "duplicate":
            self.armed.duplicate = True
        else:
            self.armed.reorder = True
        return name

    def has_account(self, user: str, has: bool) -> None:
        """Somebody leaves or joins the organisation on the platform."""
        self.platform.has_account(user, has)

    async def deliver(self, payload: dict[str, Any], *, times: int = 1) -> None:
        """One thing somebody did, and everything that comes of it."""
        await self.running()
        for each, count in self.armed.pass_on(payload, times):
            seen = self._card(each)
            place = self.phones.place(seen) if seen else ""
            before = self._received()
            new = await self._in_time(
                self.platform.do(each, seen, place=place, times=count), "平台上没有做完"
            )
            if new:
                await self._until(partial(self._more_than, before), "没有收下")
        await self.settled()

    async def mark_read(self, user: str) -> None:
        """The person has everything on the screen; the platform tells the application in its own way."""
        await self.running()
        await self._in_time(self.platform.read(user), "没有报告已读")
        await self.settled()

    def _card(self, payload: dict[str, Any]) -> Seen | None:
        """The card of that token, on one's own phone where it is: an announcement is on many."""
        token = payload.get("token")
        found = [seen for seen in self.phones.everything() if token and seen.token == token]
        own = (seen for seen in found if seen.user == payload.get("user"))
        return next(own, next(iter(found), None))

    def _received(self) -> int:
        with self.store.read() as tx:
            return sum(tx.inbox_counts().values())

    def _more_than(self, before: int) -> bool:
        return self._received() > before

    async def settled(self) -> None:
        """Until nothing that is due waits, in or out, and take down what the phones show."""
        await self._until(self._nothing_waits, "还有消息没发完")
        self.phones.look(self.now())

    def _nothing_waits(self) -> bool:
        now = self.now()
        with self.store.read() as tx:
            undecided, due = tx.inbox_counts().get("new", 0), tx.next_due()
        return not undecided and (due is None or due > now)

    async def _until(self, condition: Condition, what: str) -> None:
        async def watching() -> None:
            while not await asyncio.to_thread(condition):
                await asyncio.sleep(GLANCE)

        await self._in_time(watching(), what)


def free_port() -> int:
    """A port of this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def live_stage(folder: Path, hands: Hands, start: Start = Forked) -> AsyncIterator[LiveStage]:
    """A stage on what the folder holds; closed afterwards."""
    stage = LiveStage(folder, hands, start)
    try:
        yield stage
    finally:
        stage.close()
