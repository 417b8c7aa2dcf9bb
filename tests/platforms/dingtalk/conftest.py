"""A prepared database copied for each test, and a world with the demonstration's people."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from intake.demo import demo_roster
from rehearsal import story
from sandbox.dingtalk import Rules, World
from tests.platforms.dingtalk import house


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """A command that was tried leaves its log behind; the next test has its own."""
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's database, once."""
    path = tmp_path_factory.mktemp("dingtalk") / "district.sqlite"
    house.prepare(path)
    return path


@pytest.fixture
def database(prepared: Path, tmp_path: Path) -> Path:
    """One's own copy."""
    return Path(shutil.copy(prepared, tmp_path / "district.sqlite"))


@pytest.fixture
def rules() -> Rules:
    """The documented ones; a test may change them before the world is made."""
    return Rules()


@pytest.fixture
def world(rules: Rules) -> World:
    """The organisation on the morning of the story."""
    return house.new_world(house.as_dingtalk(demo_roster()), story.START, rules)


@pytest.fixture
def play(world: World, database: Path) -> Callable[..., None]:
    """``play(story)``: an async story in a running house; whatever the sandbox complains about fails the test."""

    def run(told: Callable[[house.House], Coroutine[Any, Any, None]], **changed: Any) -> None:
        async def all_of_it() -> None:
            async with house.living(world, database, **changed) as one:
                await told(one)

        asyncio.run(all_of_it())
        assert world.complaints == []

    return run
