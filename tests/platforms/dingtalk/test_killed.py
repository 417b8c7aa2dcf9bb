"""Killed in the middle of a message: DingTalk delivers again, the program finishes, the phone shows it once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from rehearsal import story
from rehearsal.live.dingtalk import dingtalk_hands, rehearsal_world
from rehearsal.live.opening import prepare
from rehearsal.live.process import Forked, Start, Typed
from rehearsal.live.stage import DATABASE, live_stage
from rehearsal.local import local_roster
from sandbox.dingtalk import World
from sandbox.dingtalk.phones import Phone
from storage.store import Store

pytestmark = pytest.mark.slow

#: where it dies before DingTalk has its answer, and where it may have it already.
UNANSWERED = ("turn.before:1", "turn.before_commit:1", "turn.after_commit:1")
ANSWERED = (
    "claim.before_commit:1",
    "claim.after_commit:1",
    "send.before:1",
    "send.after:1",
    "sent.before_commit:1",
    "sent.after_commit:1",
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    prepare(folder)
    return folder / DATABASE


async def killed(world: World, folder: Path, place: str, start: Start) -> int:
    """Open the story, say one line to a program that dies there, start it again; how often the line was pushed."""
    async with dingtalk_hands(world) as hands, live_stage(folder, hands, start) as stage:
        stage.write_clock(story.BEGINS)
        await stage.set_clock(story.START)
        stage.reopen()
        stage.fail_at = place
        await stage.running()
        push = Phone(world, "zhangmin").say("填报 校舍")
        await stage.died()
        await stage.running(tick=True)
        await asyncio.wait_for(push.done.wait(), 30)
        await stage.settled()
        return len(push.acks)


#: and the command as it is typed, on either side of what it decided.
TYPED = ("turn.after_commit:1", "send.after:1")


@pytest.mark.parametrize(
    ("place", "start"),
    [*((place, Forked) for place in (*UNANSWERED, *ANSWERED)), *((place, Typed) for place in TYPED)],
)
def test_once_on_the_phone(prepared: Path, tmp_path: Path, place: str, start: Start) -> None:
    (tmp_path / DATABASE).write_bytes(prepared.read_bytes())
    world = rehearsal_world(local_roster(), story.BEGINS)
    world.rules.robot_seconds, world.rules.robot_tries = 1, 20
    pushed = asyncio.run(killed(world, tmp_path, place, start))
    assert pushed > 1 or place in ANSWERED
    forms = [
        message
        for message in Phone(world, "zhangmin").screen()
        for each in message.get("elements", ())
        if each["kind"] == "form" and each["submit"] == "填好了"
    ]
    assert len(forms) == 1
    assert world.complaints == []
    store = Store(f"sqlite:///{tmp_path / DATABASE}")
    with store.read() as tx:
        assert tx.inbox_counts() == {"done": 1}
        assert set(tx.outbox_counts()) == {"sent"}
        assert tx.verify() is None
    store.close()


def test_a_tap_that_got_no_answer_is_made_again(prepared: Path, tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(prepared.read_bytes())
    world = rehearsal_world(local_roster(), story.BEGINS)

    async def play() -> None:
        async with dingtalk_hands(world) as hands, live_stage(tmp_path, hands) as stage:
            stage.write_clock(story.BEGINS)
            await stage.set_clock(story.START)
            phone = Phone(world, "zhangmin")
            card = phone.screen()[-1]["id"]
            stage.reopen()
            stage.fail_at = "turn.before_commit:1"
            await stage.running()
            failed = await phone.tap(card, "去填报")
            assert (failed.answered, failed.toast) == (False, "操作失败，请稍后再试")
            await stage.died()
            await stage.running()
            assert (await phone.tap(card, "去填报")).answered
            await stage.settled()
            assert [e["submit"] for e in phone.screen()[-1]["elements"] if e["kind"] == "form"] == ["填好了"]

    asyncio.run(play())
    assert world.complaints == []
