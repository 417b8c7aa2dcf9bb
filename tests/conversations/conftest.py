"""Every .chat file here is a test: it is played and must read as it did."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    if file_path.suffix == ".chat":
        return ChatFile.from_parent(parent, path=file_path)
    return None


class ChatFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        yield ChatItem.from_parent(self, name=self.path.stem)


class ChatItem(pytest.Function):
    """Plays the file on a copy of the story (the fixture) and compares."""

    @classmethod
    def from_parent(cls, parent: pytest.Collector, *, name: str) -> ChatItem:  # type: ignore[override]
        return super().from_parent(parent, name=name, callobj=_run(Path(parent.path)))  # type: ignore[no-any-return]


def _run(path: Path):  # type: ignore[no-untyped-def]
    def run(open_story, golden):  # type: ignore[no-untyped-def]
        from rehearsal.chat import play

        golden(path, asyncio.run(play(path, open_story)))

    return run
