"""Options and fixtures every tier shares: goldens with --update, and a prepared story database copied per test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal import story
from rehearsal.stage import Stage


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite goldens and conversations; review the diff"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """``golden(path, text)``: equal to the file, or rewritten with --update."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path} is missing; run with --update once and review it"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def story_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story played up to its first morning, once per worker."""
    folder = tmp_path_factory.mktemp("story") / "stage"
    stage = Stage(folder)
    asyncio.run(stage.set_clock(story.START))
    stage.close()
    return folder


@pytest.fixture
def open_story(story_folder: Path, tmp_path: Path) -> Callable[[], Stage]:
    """A Stage of one's own on a copy of the story."""

    def open_one() -> Stage:
        folder = tmp_path / "stage"
        shutil.copytree(story_folder, folder)
        return Stage(folder)

    return open_one
