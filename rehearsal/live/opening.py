"""A conversation file on DingTalk from the story's first morning, which is played once and copied for every file."""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass
from pathlib import Path

from rehearsal import story
from rehearsal.chat import play
from rehearsal.live.dingtalk import dingtalk_hands, rehearsal_world
from rehearsal.live.stage import DATABASE, live_stage
from rehearsal.local import local_roster, roster_on
from rehearsal.transcript import numbered
from sandbox.dingtalk import World
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Opening:
    """The story up to its first morning: the application's folder and what the phones show."""

    folder: Path
    world: World


@dataclass(frozen=True, slots=True)
class Played:
    """The file as it reads there, how often the process was killed, and what DingTalk's documents do not know.
    ``expected`` is what the file says, where it speaks of the platform it was written on."""

    text: str
    killed: int
    complaints: tuple[str, ...]
    expected: str


def prepare(folder: Path, platform: str = "dingtalk") -> None:
    """The database of the invented district, its people with accounts there only."""
    store = Store(f"sqlite:///{folder / DATABASE}")
    store.migrate()
    story.prepare(store, roster_on(platform))
    store.close()


async def opened(folder: Path) -> Opening:
    """Play the first days in that folder."""
    prepare(folder)
    world = rehearsal_world(local_roster(), story.BEGINS)
    async with dingtalk_hands(world) as hands, live_stage(folder, hands) as stage:
        stage.write_clock(story.BEGINS)
        await stage.set_clock(story.START)
    return Opening(folder, world)


async def played(path: Path, opening: Opening, folder: Path) -> Played:
    """Play a file on a copy of the opening in another folder. Raises ChatError, NotHere, Stuck."""
    shutil.copytree(opening.folder, folder, dirs_exist_ok=True)
    world = rehearsal_world(local_roster(), story.START)
    told = (opening.world.chats, opening.world.cards, opening.world.notices)
    world.chats, world.cards, world.notices = copy.deepcopy(told)
    world.media.uploaded |= opening.world.media.uploaded
    async with dingtalk_hands(world) as hands, live_stage(folder, hands) as stage:
        hands.set_clock(stage.now())
        stage.phones.look(stage.now())
        text = await play(path, lambda: stage)
        complaints = (*opening.world.complaints, *world.complaints)
        return Played(numbered(text), stage.killed, complaints, _expected(path))


def _expected(path: Path) -> str:
    """What a file written on the simulator says on DingTalk."""
    written = numbered(path.read_text(encoding="utf-8"))
    for there, here in (("模拟器", "钉钉"), ("simulator:", "dingtalk:")):
        written = written.replace(there, here)
    return written
