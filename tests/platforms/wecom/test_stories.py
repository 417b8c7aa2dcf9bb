"""The conversation files on 企业微信: real adapter, local platform, the process killed before every line.

What is stored is what the simulator's file says; what is seen is drawn by 企业微信, and kept in ``stories/``."""

from __future__ import annotations

import asyncio
import copy
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from rehearsal import story
from rehearsal.chat import play
from rehearsal.live.opening import prepare
from rehearsal.live.wecom import AppHands, BotHands, WecomHands, WecomStage
from rehearsal.local import roster_on, wecom_corp
from sandbox.clock import Clock
from sandbox.wecom.box import Box
from sandbox.wecom.world import World

CHATS = sorted((Path(__file__).parents[2] / "conversations").glob("*.chat"))
STORIES = Path(__file__).with_name("stories")
#: an id made from the id of a delivery, which is each platform's own.
MADE = re.compile(r"\b[0-9a-f]{12}\b")
#: what cannot be played here, and why.
NOT_HERE: dict[tuple[str, str], str] = {}
#: when the people of the files met the bot: before the round, so that nobody has opened anything of it yet.
MET = story.BEGINS - timedelta(days=1)
#: where something else is rightly stored here, and why.
OTHERWISE = {
    ("app", "通讯录"): "通讯录由企业微信自己说，夜里读",
    ("bot", "通讯录"): "通讯录由企业微信自己说，夜里读",
    ("app", "通知_第二人"): "半点的消息错开几分钟才到，一天的期限跟着晚几分钟",
    ("bot", "通知_第二人"): "半点的消息错开几分钟才到，一天的期限跟着晚几分钟",
    ("app", "汇总时写错了"): "旧表单填不了：打的字总是写进现在的",
    ("bot", "汇总时写错了"): "旧表单填不了：打的字总是写进现在的",
}
#: the number of a delivery and an id made from it, which differ from run to run.
PASSING = re.compile(r"(?<=app-)[0-9a-f]{12,}|(?<=bot-)[0-9a-f]{12,}|\b[0-9a-f]{12}\b")
WAYS: dict[str, type[WecomHands]] = {"app": AppHands, "bot": BotHands}


@dataclass(frozen=True)
class Opening:
    """The story up to its first morning: the application's folder and what the platform knows."""

    folder: Path
    world: World


@asynccontextmanager
async def staged(world: World, way: type[WecomHands], folder: Path) -> AsyncIterator[WecomStage]:
    async with Box(world.corp, world=world) as box:
        stage = WecomStage(folder, way(box))
        try:
            yield stage
        finally:
            stage.close()


def speakers() -> list[str]:
    """Who says anything in any of the files: they have met the bot before, or it could not write to them."""
    said = {
        line[2:]
        for path in CHATS
        for line in path.read_text(encoding="utf-8").split("\n")
        if line[:2] == "@ "
    }
    people = roster_on("wecom").people
    return sorted(user for p in people if p.name in said for name, user in p.identities if name == "wecom")


@pytest.fixture(scope="session", params=WAYS)
def opening(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Opening]:
    folder = tmp_path_factory.mktemp(f"opening-{request.param}")
    prepare(folder, "wecom")
    world = World(wecom_corp(roster_on("wecom"), ""), Clock(MET, speed=0))

    async def first_days() -> None:
        async with staged(world, WAYS[request.param], folder) as stage:
            stage.write_clock(MET)
            if request.param == "bot":
                for user in speakers():
                    await stage.deliver({"type": "text", "user": user, "text": "帮助"})
            await stage.set_clock(story.START)

    asyncio.run(first_days())
    return request.param, Opening(folder, world)


async def played(path: Path, way: str, opening: Opening, folder: Path) -> tuple[str, int, list[str]]:
    """The file as it reads here, how often the process was killed, and what the platform would not have known."""
    shutil.copytree(opening.folder, folder, dirs_exist_ok=True)
    async with staged(copy.deepcopy(opening.world), WAYS[way], folder) as stage:
        stage.platform.set_clock(stage.now())
        stage.phones.look(stage.now())
        text = await play(path, lambda: stage)
        return text, stage.killed, list(stage.platform.complaints)


def stored(text: str) -> list[str]:
    """The stored lines; an id made from that of a delivery is counted instead."""
    seen: dict[str, int] = {}
    lines = [line for line in text.split("\n") if line.startswith("*")]
    return [MADE.sub(lambda found: f"#{seen.setdefault(found[0], len(seen))}", line) for line in lines]


@pytest.mark.parametrize("path", CHATS, ids=lambda p: p.stem)
def test_the_same_story(
    path: Path, opening: tuple[str, Opening], tmp_path: Path, golden: Callable[[Path, str], None]
) -> None:
    way, begun = opening
    if (way, path.stem) in NOT_HERE:
        pytest.skip(NOT_HERE[way, path.stem])
    text, killed, complaints = asyncio.run(played(path, way, begun, tmp_path))
    golden(STORIES / way / path.name, PASSING.sub("…", text))
    same = stored(text) == stored(path.read_text(encoding="utf-8"))
    assert same is ((way, path.stem) not in OTHERWISE)
    assert killed >= sum(line.startswith(">") for line in text.split("\n"))
    assert complaints == []


def test_every_exception_is_of_a_file_there_is() -> None:
    assert {name for _, name in (*NOT_HERE, *OTHERWISE)} <= {path.stem for path in CHATS}
