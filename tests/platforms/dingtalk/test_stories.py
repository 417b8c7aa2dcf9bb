"""The conversation files on DingTalk: real adapter and SDK, local DingTalk, the process killed before every line."""

from __future__ import annotations

import asyncio
import copy
import difflib
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from rehearsal import story
from rehearsal.chat import play
from rehearsal.live.dingtalk import dingtalk_hands, rehearsal_world
from rehearsal.live.stage import DATABASE, live_stage
from rehearsal.local import local_roster
from rehearsal.transcript import numbered
from sandbox.dingtalk import World
from storage.store import Store

CHATS = sorted((Path(__file__).parents[2] / "conversations").glob("*.chat"))
#: those that are always played: filing by card, by repeated delivery, by a stranger's tap, and a pause.
QUICK = ("填报_一张卡填完", "重复与乱序", "换人点击与旧卡", "在办")
#: what cannot happen on DingTalk, and why.
NOT_HERE = {
    "看不懂的话": "里面有（加入）：钉钉不告诉机器人有人第一次打开对话",
}


@dataclass(frozen=True)
class Opening:
    """The story up to its first morning: the application's folder and what the phones show."""

    folder: Path
    world: World


@pytest.fixture(scope="session")
def opening(tmp_path_factory: pytest.TempPathFactory) -> Opening:
    folder = tmp_path_factory.mktemp("opening")
    roster = local_roster()
    store = Store(f"sqlite:///{folder / DATABASE}")
    store.migrate()
    story.prepare(store, roster)
    store.close()
    world = rehearsal_world(roster, story.BEGINS)

    async def first_days() -> None:
        async with dingtalk_hands(world) as hands, live_stage(folder, hands) as stage:
            stage.write_clock(story.BEGINS)
            await stage.set_clock(story.START)

    asyncio.run(first_days())
    assert world.complaints == []
    return Opening(folder, world)


async def played(path: Path, opening: Opening, folder: Path) -> tuple[str, int, list[str]]:
    """The file as it reads on DingTalk, how often the process was killed, and what DingTalk would not have known."""
    shutil.copytree(opening.folder, folder, dirs_exist_ok=True)
    world = rehearsal_world(local_roster(), story.START)
    for part in ("chats", "cards", "media", "notices"):
        setattr(world, part, copy.deepcopy(getattr(opening.world, part)))
    async with dingtalk_hands(world) as hands, live_stage(folder, hands) as stage:
        hands.set_clock(stage.now())
        stage.phones.look(stage.now())
        text = await play(path, lambda: stage)
        return text, stage.killed, world.complaints


def stories() -> list[object]:
    """Every file that can happen here; those that take longer are for the whole run."""
    here = [path for path in CHATS if path.stem not in NOT_HERE]
    return [pytest.param(p, marks=() if p.stem in QUICK else pytest.mark.slow, id=p.stem) for p in here]


@pytest.mark.parametrize("path", stories())
def test_the_same_story(path: Path, opening: Opening, tmp_path: Path) -> None:
    text, killed, complaints = asyncio.run(played(path, opening, tmp_path))
    written = numbered(path.read_text(encoding="utf-8")).split("\n")
    lines = numbered(text).split("\n")
    changed = "\n".join(difflib.unified_diff(written, lines, "simulator", "DingTalk", lineterm=""))
    assert not changed, changed
    assert killed >= sum(line.startswith(">") for line in lines)
    assert complaints == []


def test_what_cannot_happen_here_is_there_to_be_told() -> None:
    assert {*NOT_HERE, *QUICK} <= {path.stem for path in CHATS}
