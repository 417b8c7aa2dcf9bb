"""The way in for platforms that run: durable before it returns, grouped, answered in the platform's own reply."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from bot.app import Arrived
from bot.inlet import Committer, PlatformInlet
from bot.ports import Contact, Inlet, Reply
from bot.running import Runner
from platforms.simulator.platform import SimulatorPlatform
from rehearsal.stage import Stage

Play = Callable[[PlatformInlet], Awaitable[None]]


@pytest.fixture
def stage(open_story: Callable[[], Stage]) -> Stage:
    return open_story()


def _played(stage: Stage, play: Play) -> int:
    """Play it; how often something changed."""
    changes = 0

    def changed() -> None:
        nonlocal changes
        changes += 1

    async def go() -> None:
        committer = Committer(stage.app, changed)
        await play(PlatformInlet(committer, "simulator", stage.now))
        await committer.drained()

    asyncio.run(go())
    return changes


def _says(text: str, user: str = "zhangmin") -> dict[str, Any]:
    return {"type": "text", "user": user, "text": text}


def _waiting(stage: Stage) -> list[str]:
    with stage.store.read() as tx:
        return [row.key for row in tx.outbox_rows(9) if row.state == "waiting"]


def test_what_returns_is_kept(stage: Stage) -> None:
    async def play(inlet: PlatformInlet) -> None:
        assert await inlet.receive("m9001", _says("帮助"), stage.now()) is None
        with stage.store.read() as tx:
            assert tx.inbox_rows(1)[0].state == "done"

    assert _played(stage, play) == 1
    assert _waiting(stage) == ["reply:simulator:m9001"]


def test_many_that_wait_together_share_a_commit(stage: Stage) -> None:
    async def play(inlet: PlatformInlet) -> None:
        await asyncio.gather(*(inlet.receive(f"m90{n:02}", _says("帮助"), stage.now()) for n in range(30)))

    assert _played(stage, play) <= 3
    assert len(_waiting(stage)) == 9, "the newest of thirty"


def test_a_wanted_reply_is_handed_over_and_then_counts_as_sent(stage: Stage) -> None:
    async def play(inlet: PlatformInlet) -> None:
        reply = await inlet.receive("m9001", _says("帮助"), stage.now(), wants_reply=True)
        assert isinstance(reply, Reply)
        assert reply.delivery.card.title.startswith("可以这样说")
        assert await stage.app.flush(stage.now()) == 0, "claimed: nobody else sends it"
        await inlet.replied(reply, "ack-1")
        assert await inlet.receive("m9001", _says("帮助"), stage.now(), wants_reply=True) is None, "again"

    _played(stage, play)
    assert _waiting(stage) == []


def test_a_declined_reply_is_sent_the_usual_way(stage: Stage) -> None:
    async def play(inlet: PlatformInlet) -> None:
        reply = await inlet.receive("m9001", _says("帮助"), stage.now(), wants_reply=True)
        assert reply is not None
        await inlet.declined(reply)
        assert await stage.app.flush(stage.now()) == 1

    assert _played(stage, play) == 2


def test_when_the_database_is_gone_the_platform_hears_of_it(stage: Stage) -> None:
    """P1: no ACK without a commit."""

    async def play(inlet: PlatformInlet) -> None:
        stage.store.close()
        with stage.store.begin() as tx:
            tx.raw("DROP TABLE inbox")
        with pytest.raises(Exception, match="inbox"):
            await inlet.receive("m9001", _says("帮助"), stage.now())

    _played(stage, play)


def test_what_must_wait_can_be_kept_before_its_turn_comes_and_is_decided_once(stage: Stage) -> None:
    """T24: a restart would find it; here its turn comes."""

    async def play(inlet: PlatformInlet) -> None:
        many = [
            asyncio.create_task(inlet.receive(f"m{n}", _says("帮助"), stage.now())) for n in range(9000, 9100)
        ]
        await asyncio.sleep(0)
        await inlet.keep("m9099", _says("帮助"), stage.now())
        assert not many[-1].done()
        with stage.store.read() as tx:
            assert tx.inbox_rows(99)[0].key == "m9099"
        await asyncio.gather(*many)
        with stage.store.read() as tx:
            assert tx.inbox_counts() == {"done": 100}

    _played(stage, play)
    with stage.store.read() as tx:
        assert tx.outbox_counts()["waiting"] == 100


def test_what_was_only_kept_is_decided_after_a_restart_however_much_it_is(stage: Stage) -> None:
    stage.app.keep_all([Arrived("simulator", f"m{n}", _says("帮助"), stage.now()) for n in range(50)])
    assert stage.app.retry(stage.now()) == 50
    with stage.store.read() as tx:
        assert tx.inbox_counts() == {"done": 50}


class Listening(SimulatorPlatform):
    """A simulator that runs: it takes lines from a queue and breaks when told so."""

    callback = None

    def __init__(self, stage: Stage, lines: Sequence[str]) -> None:
        super().__init__(stage.phones)
        self.stage, self.lines, self.opened = stage, list(lines), 0

    async def run(self, inlet: Inlet, stop: asyncio.Event) -> None:
        self.opened += 1
        while self.lines:
            line = self.lines.pop(0)
            if line == "断":
                raise ConnectionError("gone")
            await inlet.receive(f"n{len(self.lines)}", _says(line), self.stage.now())
        while not self._answered():
            await asyncio.sleep(0.01)
        stop.set()

    def _answered(self) -> bool:
        return any(
            "可以这样说" in str(seen.card.get("title")) for seen in self.stage.phones.messages("zhangmin")
        )

    async def directory(self) -> Sequence[Contact] | None:
        return None


class _Still:
    """A clock that never ticks."""

    def start(self) -> None: ...

    def shutdown(self, wait: bool = True) -> None: ...


def test_a_running_platform_is_answered_without_a_tick_and_opened_again_when_it_breaks(stage: Stage) -> None:
    platform = Listening(stage, ["断", "帮助"])
    stage.app.platforms[platform.name] = platform  # type: ignore[index]

    async def go() -> None:
        runner = Runner(stage.app, lambda _: _Still(), stage.now, (platform,))
        await asyncio.wait_for(runner.until(asyncio.Event()), 20)

    asyncio.run(go())
    assert platform.opened == 2
