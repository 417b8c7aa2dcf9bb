"""A program that follows the clock of a rehearsal: what a jump passes over happens in order, each at its time."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from bot.running import Runner
from rehearsal.following import Followed
from rehearsal.stage import Stage
from sandbox.clock import SHANGHAI, SharedClock, shared_clock

EIGHTH = datetime(2026, 10, 8, 9, 0, tzinfo=SHANGHAI)
THIRTEENTH = datetime(2026, 10, 13, 9, 30, tzinfo=SHANGHAI)


@pytest.fixture
def stage(open_story: Callable[[], Stage]) -> Stage:
    return open_story()


@pytest.fixture
def clock(stage: Stage) -> SharedClock:
    return shared_clock(stage.folder / "shared.json", EIGHTH, speed=0)


def follow(stage: Stage, clock: SharedClock, *moments: datetime) -> list[datetime]:
    """The program runs while the clock is set to those moments; when it ticked."""
    followed, ticks = Followed(clock, stage.store, stage.law), []
    runner = Runner(stage.app, followed.ticking)

    async def tick(now: datetime) -> None:
        ticks.append(now)
        await runner.tick(now)

    async def reached() -> None:
        async with asyncio.timeout(60):
            while not (found := clock.reached()) or found.at != clock.now():
                await asyncio.sleep(0.01)

    async def run() -> None:
        ticking = followed.ticking(tick)
        ticking.start()
        await reached()
        for moment in moments:
            clock.set(moment)
            await reached()
        ticking.shutdown()

    asyncio.run(run())
    return ticks


def shown(stage: Stage, after: int) -> list[tuple[datetime, str, str]]:
    return sorted((seen.at, seen.user, seen.key) for seen in stage.phones.everything(after))


def keys(stage: Stage, after: int, user: str = "zhangmin") -> list[str]:
    return [seen.key for seen in stage.phones.everything(after) if seen.user == user]


def test_a_jump_brings_what_each_day_would_have_brought(stage: Stage, clock: SharedClock) -> None:
    before = stage.phones.length()
    ticks = follow(stage, clock, THIRTEENTH)
    jumped = stage.phones.everything(before)
    assert ticks == sorted(ticks)
    assert (ticks[0], ticks[-1]) == (EIGHTH, THIRTEENTH)
    assert {seen.at.replace(second=0, microsecond=0) for seen in jumped} <= set(ticks)
    told = keys(stage, before)
    assert told[0] == "remind:2026Q3:one_left:20261009"
    assert {"remind:2026Q3:due_morning:20261010", "remind:2026Q3:late:20261013"} <= set(told)


def test_it_is_the_same_as_walking_there(
    stage: Stage, clock: SharedClock, story_folder: Path, tmp_path: Path
) -> None:
    walked = Stage(Path(shutil.copytree(story_folder, tmp_path / "walked")))
    before = stage.phones.length()
    follow(stage, clock, THIRTEENTH)
    asyncio.run(walked.set_clock(THIRTEENTH))
    assert shown(stage, before) == shown(walked, before)
    walked.close()


def test_c03_who_was_not_running_only_hears_of_the_present(stage: Stage, clock: SharedClock) -> None:
    """C03: as the real clock does after a long sleep."""
    before = stage.phones.length()
    clock.set(THIRTEENTH)
    assert follow(stage, clock) == [THIRTEENTH]
    assert keys(stage, before) == ["remind:2026Q3:late:20261013"]


def test_back_and_forth_tells_nothing_twice(stage: Stage, clock: SharedClock) -> None:
    follow(stage, clock, THIRTEENTH)
    told = shown(stage, 0)
    follow(stage, clock, EIGHTH, THIRTEENTH)
    assert shown(stage, 0) == told


def test_a_moment_that_fails_is_tried_again(stage: Stage, clock: SharedClock) -> None:
    followed, asked = Followed(clock, stage.store, stage.law), []

    def failing(after: datetime) -> datetime | None:
        asked.append(after)
        raise OSError("database is gone for a moment")

    followed.planned = failing  # type: ignore[method-assign]
    ticks: list[datetime] = []

    async def tick(now: datetime) -> None:
        ticks.append(now)

    async def run() -> None:
        ticking = followed.ticking(tick)
        ticking.start()
        async with asyncio.timeout(60):
            while len(asked) < 2:
                await asyncio.sleep(0.01)
        ticking.shutdown()

    asyncio.run(run())
    assert ticks[0] == EIGHTH
