"""The conversation files on DingTalk: real adapter and SDK, local DingTalk, the process killed before every line."""

from __future__ import annotations

import asyncio
import difflib
from pathlib import Path

import pytest

from rehearsal.live.opening import Opening, opened, played

CHATS = sorted((Path(__file__).parents[2] / "conversations").glob("*.chat"))
#: those that are always played: filing by card, by repeated delivery, by a stranger's tap, and a pause.
QUICK = ("填报_一张卡填完", "重复与乱序", "换人点击与旧卡", "在办")
#: what cannot happen on DingTalk, and why.
NOT_HERE = {
    "第一次打开": "钉钉不告诉机器人有人第一次打开对话",
}


@pytest.fixture(scope="session")
def opening(tmp_path_factory: pytest.TempPathFactory) -> Opening:
    return asyncio.run(opened(tmp_path_factory.mktemp("opening")))


def stories() -> list[object]:
    """Every file that can happen here; those that take longer are for the whole run."""
    here = [path for path in CHATS if path.stem not in NOT_HERE]
    return [pytest.param(p, marks=() if p.stem in QUICK else pytest.mark.slow, id=p.stem) for p in here]


@pytest.mark.parametrize("path", stories())
def test_the_same_story(path: Path, opening: Opening, tmp_path: Path) -> None:
    found = asyncio.run(played(path, opening, tmp_path))
    written, lines = found.expected.split("\n"), found.text.split("\n")
    changed = "\n".join(difflib.unified_diff(written, lines, "simulator", "DingTalk", lineterm=""))
    assert not changed, changed
    assert found.killed >= sum(line.startswith(">") for line in lines)
    assert found.complaints == ()


def test_what_cannot_happen_here_is_there_to_be_told() -> None:
    assert {*NOT_HERE, *QUICK} <= {path.stem for path in CHATS}
