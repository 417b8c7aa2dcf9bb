"""One clock for several processes: whoever has the file sees it set, and waits end whoever set it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sandbox.clock import SHANGHAI, Clock, Reached, SharedClock, face, shared_clock, turn

AT = datetime(2026, 10, 8, 9, 0, tzinfo=SHANGHAI)
LATER = AT + timedelta(days=2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "made" / "clock.json"


def test_all_who_have_the_file_have_one_time(file: Path) -> None:
    mine, yours = shared_clock(file, AT, speed=0), shared_clock(file, None)
    assert mine.now() == yours.now() == AT
    yours.set(LATER)
    assert mine.now() == LATER
    assert mine.setting.speed == 0


def test_it_goes_on_by_itself_and_after_a_restart(file: Path) -> None:
    shared_clock(file, AT)
    assert AT < shared_clock(file, None).now() < AT + timedelta(minutes=10)


def test_a_file_taken_away_stops_nobody(file: Path) -> None:
    clock = shared_clock(file, AT, speed=0)
    file.unlink()
    assert clock.now() == AT
    with pytest.raises(FileNotFoundError):
        SharedClock(file)


def test_who_waits_wakes_when_another_sets_it(file: Path) -> None:
    clock, other = shared_clock(file, AT, speed=0), shared_clock(file, None)

    async def waiting() -> None:
        wait = asyncio.create_task(clock.until(LATER))
        await asyncio.sleep(0)
        assert not wait.done()
        other.set(LATER)
        await asyncio.wait_for(wait, 10)

    asyncio.run(waiting())


@pytest.mark.parametrize(
    ("told", "then"),
    [
        ({"at": "2026-10-10T09:00"}, LATER),
        ({"at": "2026-10-10T01:00+00:00"}, LATER),
        ({"seconds": 86400}, AT + timedelta(days=1)),
    ],
)
def test_a_console_turns_it(file: Path, told: dict[str, object], then: datetime) -> None:
    clock = shared_clock(file, AT, speed=0)
    turn(clock, told)
    assert clock.now() == then


def test_what_is_planned_is_known_while_a_program_follows(file: Path) -> None:
    clock = shared_clock(file, AT, speed=0)
    for nobody in (clock, Clock(AT, speed=0)):
        assert face(nobody) == {"now": "2026-10-08T09:00:00+08:00", "reached": "", "planned": ""}
        with pytest.raises(ValueError, match="没有跟着这个钟走的绩监通"):
            turn(nobody, {"planned": True})
    clock.reach(Reached(AT, LATER))
    clock.go_to(AT - timedelta(days=1))
    assert clock.now() == AT - timedelta(days=1)
    assert face(clock)["planned"] == "2026-10-10T09:00:00+08:00"
    clock.set(LATER)
    assert face(clock)["planned"] == ""


def test_a_program_that_is_gone_follows_no_more(file: Path) -> None:
    clock = shared_clock(file, AT, speed=0)
    clock.reach(Reached(AT, LATER))
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    said = json.loads(clock.beside.read_text())
    clock.beside.write_text(json.dumps({**said, "process": ended.pid}))
    assert clock.reached() is None
    clock.go_to(LATER + timedelta(days=1))
    assert clock.now() == LATER + timedelta(days=1)


def test_a_program_that_follows_comes_along_in_steps(file: Path) -> None:
    clock, other = shared_clock(file, AT, speed=0), shared_clock(file, None)
    stops = [AT + timedelta(hours=n) for n in range(1, 4)]
    came: list[datetime] = []

    async def following() -> None:
        while (now := other.now()) < LATER:
            if not came or now != came[-1]:
                came.append(now)
                other.reach(Reached(now, next((stop for stop in stops if stop > now), None)))
            await asyncio.sleep(0.001)

    async def going() -> None:
        program = asyncio.create_task(following())
        while not came:
            await asyncio.sleep(0.001)
        clock.go_to(LATER - timedelta(days=1))
        turn(clock, {"planned": True})
        turn(clock, {"at": LATER.isoformat()})
        await asyncio.wait_for(program, 10)

    asyncio.run(going())
    assert came == [AT, *stops]
