"""The time of a sandbox: it runs by itself, can be set, and wakes whoever waits for a moment that has come. Kept in a
file, it is one clock for several processes: the sandboxes and the program that is rehearsed on them."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: how often a clock in a file is looked at by those who wait for it, in real seconds.
GLANCE = 0.02


@dataclass(frozen=True, slots=True)
class Going:
    """A clock as somebody set it: at ``since`` of the machine (seconds since 1970) it was ``at``, Asia/Shanghai."""

    at: datetime
    since: float
    speed: float

    def now(self) -> datetime:
        """What it says by now."""
        return self.at + timedelta(seconds=(time.time() - self.since) * self.speed)


@dataclass(frozen=True, slots=True)
class Reached:
    """Up to which instant a program has followed the clock, and when it has something to do next."""

    at: datetime
    planned: datetime | None


class Clock:
    """Runs from ``start`` (the machine's own time when None), ``speed`` times as fast; 0: not at all."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        self._going = going(start, speed)
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """The instant it is in the sandbox, Asia/Shanghai."""
        return self._going.now()

    def set(self, at: datetime) -> None:
        """Make it that instant, and run on from there; waits that are over by then end now."""
        self._going = going(at, self._going.speed)
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def advance(self, by: timedelta) -> None:
        """So much later."""
        self.set(self.now() + by)

    def go_to(self, moment: datetime) -> None:
        """Like :meth:`set`; a program that follows comes along."""
        self.set(moment)

    def reached(self) -> Reached | None:
        """How far the program that follows this clock has come; None where none does."""
        return None

    def planned(self) -> datetime | None:
        """When that program has something to do next; nothing that is over."""
        reached = self.reached()
        planned = reached.planned if reached else None
        return planned if planned and planned > self.now() else None

    async def sleep(self, seconds: float) -> None:
        """Until that much later by this clock, however it gets there."""
        await self.until(self.now() + timedelta(seconds=seconds))

    async def until(self, moment: datetime) -> None:
        """Until it is that moment."""
        while (left := (moment - self.now()).total_seconds()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), self._pause(left))

    def _pause(self, left: float) -> float | None:
        """How long, in real seconds, until so many seconds are over, if nobody sets it."""
        return left / self._going.speed if self._going.speed else None

    def milliseconds(self) -> int:
        """Now as the vendors write it: milliseconds since 1970."""
        return int(self.now().timestamp() * 1000)


class SharedClock(Clock):
    """The clock in ``file``, which whoever has it may set; FileNotFoundError where there is none. Beside it stands how
    far the program that follows it has come."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        self._going = _read(file)
        self._walking: asyncio.Task[None] | None = None

    @property
    def setting(self) -> Going:
        """Another one each time somebody set it."""
        with suppress(FileNotFoundError):  # taken away meanwhile: it goes on as it went
            self._going = _read(self.file)
        return self._going

    @property
    def beside(self) -> Path:
        """Where the program writes how far it has come."""
        return self.file.with_name(self.file.name + ".run")

    def now(self) -> datetime:
        """The instant it is for everybody who has this clock."""
        return self.setting.now()

    def set(self, at: datetime) -> None:
        """Make it that instant for everybody."""
        self._going = self.setting
        super().set(at)
        _write(self.file, self._going)

    def go_to(self, moment: datetime) -> None:
        """Onward in steps, as long as something is planned before: it happens at its time, also by the vendor's
        clock."""
        if self._walking:
            self._walking.cancel()
        if self.reached() and moment > self.now():
            self._walking = asyncio.get_running_loop().create_task(self._walk(moment))
        else:
            self.set(moment)

    async def _walk(self, moment: datetime) -> None:
        await self._followed()
        while (planned := self.planned()) and planned < moment:
            self.set(planned)
            await self._followed()
        if moment > self.now():
            self.set(moment)

    async def _followed(self) -> None:
        """Until the program has come to where the clock was set, or is gone."""
        while (reached := self.reached()) and reached.at < self.setting.at:
            await asyncio.sleep(GLANCE)

    def reach(self, reached: Reached) -> None:
        """Say how far the program has come."""
        planned = reached.planned.isoformat() if reached.planned else ""
        _keep(self.beside, {"at": reached.at.isoformat(), "planned": planned, "process": os.getpid()})

    def reached(self) -> Reached | None:
        """See above."""
        try:
            found = json.loads(self.beside.read_text(encoding="utf-8"))
            os.kill(found["process"], 0)  # asks only whether it is there
        except (FileNotFoundError, ProcessLookupError):
            return None
        planned = datetime.fromisoformat(found["planned"]) if found["planned"] else None
        return Reached(datetime.fromisoformat(found["at"]), planned)

    def _pause(self, left: float) -> float | None:
        """Somebody else may set it any time."""
        return min(super()._pause(left) or GLANCE, GLANCE)


def going(at: datetime | None, speed: float = 1.0) -> Going:
    """From that instant on, the machine's own time when None."""
    return Going((at or datetime.now(SHANGHAI)).astimezone(SHANGHAI), time.time(), speed)


def shared_clock(file: Path, at: datetime | None, speed: float = 1.0) -> SharedClock:
    """The clock in that file, set to ``at`` where that is said, made where there is none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if at or not file.exists():
        _write(file, going(at, speed))
    return SharedClock(file)


def face(clock: Clock) -> dict[str, str]:
    """What a console shows of it: what time it is, how far the program has come and when it has something planned;
    '' where none follows."""
    reached = clock.reached()
    moments = {"now": clock.now(), "reached": reached and reached.at, "planned": clock.planned()}
    return {name: moment.isoformat(timespec="seconds") if moment else "" for name, moment in moments.items()}


def turn(clock: Clock, told: Mapping[str, Any]) -> None:
    """What a console is told about the time: ``at`` an instant, ``seconds`` later, or on to what is ``planned``."""
    if told.get("planned"):
        moment = clock.planned()
        if moment is None:
            raise ValueError("没有跟着这个钟走的绩监通，或者后面没有排定的事")
        clock.go_to(moment)
    elif "seconds" in told:
        clock.go_to(clock.now() + timedelta(seconds=float(told["seconds"])))
    else:
        moment = datetime.fromisoformat(str(told["at"]))
        clock.go_to(moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI))


def _read(file: Path) -> Going:
    said = json.loads(file.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(said["at"]).astimezone(SHANGHAI)
    return Going(at, float(said["since"]), float(said["speed"]))


def _write(file: Path, going: Going) -> None:
    _keep(file, {"at": going.at.isoformat(), "since": going.since, "speed": going.speed})


def _keep(file: Path, what: Mapping[str, Any]) -> None:
    """All at once: nobody reads half of it."""
    torn = file.with_name(f"{file.name}.{os.getpid()}.part")
    torn.write_text(json.dumps(what), encoding="utf-8")
    torn.replace(file)
