"""A district rehearsed on one machine: a virtual clock, simulated phones, the real engine and storage."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import App, Arrived
from bot.law import Here, Law, shipped_law
from bot.wiring import connect
from platforms.simulator.phones import Phones
from platforms.simulator.platform import SimulatorPlatform
from rehearsal import faults, stops, story, transcript, views
from rehearsal.saves import Saves
from storage.health import check_directory, make_directory
from storage.store import Store
from web.ports import MessageView, Moment, PersonView, Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: no rehearsal runs further than this from where it began.
HORIZON = timedelta(days=800)
#: the database's name in the folder.
DATABASE = "rehearsal.sqlite"
Prepare = Callable[[Store], None]


class Stage:
    """Everything the simulator page, the conversation files and the browser tests play on.

    ``folder`` holds the database, the phones' record, the clock and the saves; a Stage opened on the same folder
    goes on where the last one stopped, also after SIGKILL."""

    def __init__(
        self,
        folder: Path,
        *,
        begins: datetime = story.BEGINS,
        prepare: Prepare = story.prepare,
        law: Law | None = None,
    ) -> None:
        self.folder = folder
        self.begins = begins
        self.prepare = prepare
        self.law = law or shipped_law()
        self.armed = faults.Armed()
        self._changes = 0
        self._lock = asyncio.Lock()
        make_directory(folder)
        check_directory(folder / DATABASE)
        self.saves_kept = Saves(folder)
        self._open()
        if not self.clock_file.exists():
            self._begin()

    # -- opening and closing -----------------------------------------------------------------------

    @property
    def clock_file(self) -> Path:
        """Where the virtual time is kept."""
        return self.folder / "clock.txt"

    def _open(self) -> None:
        self.store = Store(f"sqlite:///{self.folder / DATABASE}")
        self.store.lock_instance()
        self.store.migrate()
        self.phones = Phones(self.folder / "phones.jsonl")
        self.platform = SimulatorPlatform(self.phones)
        self.app: App = connect(self.store, {self.platform.name: self.platform}, self.law)
        self.app.recover()

    def _begin(self) -> None:
        self.prepare(self.store)
        self._set_time(self.begins)

    def reopen(self) -> None:
        """Throw the application away and build it anew from its database, as a restart would."""
        switches = self.platform.faults
        self.store.close()
        self._open()
        self.platform.faults = switches

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    # -- time --------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The virtual instant, Asia/Shanghai."""
        return datetime.fromisoformat(self.clock_file.read_text().strip())

    def clock_label(self) -> str:
        """``2026-10-08 09:00 周四·上班``."""
        now = self.now()
        return f"{now:%Y-%m-%d %H:%M} {views.weekday(now.date(), self.law.workdays)}"

    def _set_time(self, at: datetime) -> None:
        torn = self.clock_file.with_suffix(".part")
        torn.write_text(at.isoformat())
        torn.replace(self.clock_file)
        self._changes += 1

    async def set_clock(self, at: datetime) -> None:
        """Forward to that instant; every planned moment and every resend on the way happens at its time."""
        at = at.astimezone(SHANGHAI)
        if at < self.now():
            raise Refused("时钟只能往前走。要回到过去，用“从这里重来”。")
        if at - self.begins > HORIZON:
            raise Refused("离演练开始太远了，最多往前两年。")
        async with self._lock:
            while (moment := self._next_stop()) and moment <= at:
                await self._be_at(moment)
            await self._be_at(at)
            self._keep(f"{at:%m-%d %H:%M}")

    async def advance(self, *, days: int = 0) -> None:
        """The same hour, some days later."""
        await self.set_clock(self.now() + timedelta(days=days))

    async def minute(self) -> None:
        """One minute passes by itself, while the page is open."""
        async with self._lock:
            await self._be_at(self.now() + timedelta(minutes=1))

    async def next_moment(self) -> None:
        """To whatever happens next by itself."""
        moment = self._next_stop()
        if moment is None:
            raise Refused("后面没有排定的事了。")
        await self.set_clock(moment)

    async def catch_up(self) -> None:
        """Whatever a process that was killed on this folder left undone at the present instant."""
        async with self._lock:
            await self._be_at(self.now())

    async def _be_at(self, moment: datetime) -> None:
        self._set_time(max(moment, self.now()))
        await asyncio.to_thread(self.app.tick, self.now())
        await asyncio.to_thread(self.app.retry, self.now())
        await self._deliver_out()

    def _next_stop(self) -> datetime | None:
        return stops.next_stop(self.store, self.law, self.now())

    def upcoming(self, limit: int) -> list[Moment]:
        """What will happen by itself; see :mod:`rehearsal.stops`."""
        return stops.upcoming(self.store, self.law, self.now(), limit)

    # -- people ------------------------------------------------------------------------------------

    def people(self) -> list[PersonView]:
        """The roles of the story first, then whoever else has got or said anything."""
        with self.store.read() as tx:
            return views.people(tx.roster(), self.phones, story.CAST)

    async def deliver(self, payload: dict[str, Any], *, times: int = 1, concurrent: bool = False) -> None:
        """One thing somebody did, through read, inbox, decide and flush, with the armed faults."""
        async with self._lock:
            queue = self.armed.pass_on(payload, times)
            for delivery, count in queue:
                await self._deliver(delivery, count, concurrent)
            await self._deliver_out()
            self._keep(views.act(payload))

    async def _deliver(self, payload: dict[str, Any], times: int, concurrent: bool) -> None:
        user = str(payload.get("user", ""))
        number = self.phones.said(user, self.now(), payload)
        token = str(payload.get("token", ""))
        if token and any(seen.token == token for seen in self.phones.messages(user)):
            self.phones.mark_used(token)
        arrived = Arrived(self.platform.name, f"m{number}", payload, self.now())
        runs = [asyncio.to_thread(self.app.handle, arrived) for _ in range(times)]
        if concurrent:
            await asyncio.gather(*runs)
        else:
            for run in runs:
                await run
        self._changes += 1

    async def _deliver_out(self) -> None:
        while await self.app.flush(self.now()):
            self._changes += 1

    async def mark_read(self, user: str) -> None:
        """The person has everything on the screen; the platform's receipts come in like any other delivery."""
        fresh = self.phones.opened(user)
        self.phones.mark_read(user, self.phones.length())
        if not fresh:
            return
        async with self._lock:
            for seen in fresh:
                payload = {"type": "read", "user": user, "key": seen.key}
                arrived = Arrived(self.platform.name, f"r{seen.seq}", payload, self.now())
                await asyncio.to_thread(self.app.handle, arrived)

    def has_account(self, user: str, has: bool) -> None:
        """The simulated platform has no directory of its own: who is bound in the roster is there."""

    # -- looking -----------------------------------------------------------------------------------

    def messages(self, user: str, skin: str) -> list[MessageView]:
        """One phone's conversation in one skin."""
        return views.messages(self.phones.messages(user), skin, self.saves_kept.by_length())

    def outbox(self) -> list[dict[str, Any]]:
        """What was sent or waits."""
        with self.store.read() as tx:
            return views.outbox(tx.outbox_rows(100))

    def inbox(self) -> list[dict[str, Any]]:
        """What came in."""
        with self.store.read() as tx:
            return views.inbox(tx.inbox_rows(100))

    def database(self) -> list[dict[str, Any]]:
        """Filings, findings and the audit log."""
        now = self.now()
        with self.store.read() as tx:
            return views.database(tx, Here(tx, self.law, now).round)

    def file(self, file_id: str) -> tuple[str, bytes] | None:
        """One file somebody was shown."""
        return self.phones.file(file_id)

    def version(self) -> int:
        """Grows with every visible change."""
        return self._changes * 1_000_000 + self.phones.length()

    def hints(self) -> list[str]:
        """Three suggested clicks for somebody who opens the rehearsal for the first time."""
        return story.hints(self.phones, self.now())

    # -- faults ------------------------------------------------------------------------------------

    def set_fault(self, name: str) -> str:
        """Arm a fault; what was armed, as a sentence."""
        said, self.armed, self.platform.faults = faults.arm(
            name, self.armed, self.platform.faults, self.now()
        )
        self._changes += 1
        return said

    def faults(self) -> list[str]:
        """What is armed now."""
        return faults.describe(self.armed, self.platform.faults, self.now())

    # -- going back --------------------------------------------------------------------------------

    def _keep(self, label: str) -> None:
        self.saves_kept.keep(self.store, self.now(), self.phones.length(), label, automatic=True)

    def save(self) -> str:
        """Keep this moment; its id."""
        label = f"存档 {self.now():%m-%d %H:%M}"
        return self.saves_kept.keep(self.store, self.now(), self.phones.length(), label, automatic=False)

    def saves(self) -> list[tuple[str, str]]:
        """(id, label) of every kept moment, newest first."""
        return self.saves_kept.listed()

    async def restore(self, save_id: str) -> None:
        """Go back to a kept moment."""
        kept = self.saves_kept.find(save_id)
        if kept is None:
            raise Refused("没有这个存档。")
        async with self._lock:
            self.store.close()
            self.saves_kept.put_back(kept)
            self._open()
            self._set_time(kept.at)

    async def reset(self) -> None:
        """From the very beginning."""
        async with self._lock:
            self.store.close()
            for path in self.folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            self.saves_kept = Saves(self.folder)
            self.armed = faults.Armed()
            self._open()
            self._begin()
        await self.set_clock(story.START)

    def chat_text(self) -> tuple[str, str]:
        """What happened so far as a conversation file that replays it."""
        with self.store.read() as tx:
            names = {
                user: p.name for p in tx.roster().people for name, user in p.identities if name == "simulator"
            }
        return f"rehearsal-{self.now():%Y%m%d-%H%M}.chat", transcript.record(
            self.phones.everything(), names, story.START
        )
