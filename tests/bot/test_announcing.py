"""One card to many: one token, one call of the platform, each person's own tap, nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from bot.applying import apply
from bot.cards.card import Button, Card
from bot.effects import Announce
from bot.ports import Delivery, SendFailed
from platforms.simulator.platform import SimulatorPlatform
from rehearsal.stage import Stage

CARD = Card(name="plain.told", title="通知", text="请看", buttons=(Button("status", "进度"),))
PHONES = ("zhangmin", "liqiang", "wangju")


class Counting(SimulatorPlatform):
    """Counts the calls it gets."""

    calls: list[int]

    async def send_all(self, deliveries: Sequence[Delivery]) -> list[str | SendFailed]:
        self.calls.append(len(deliveries))
        return await super().send_all(deliveries)


@pytest.fixture
def stage(open_story: Callable[[], Stage]) -> Stage:
    stage = open_story()
    platform = Counting(stage.phones)
    platform.calls = []
    stage.platform = platform
    stage.app.platforms[platform.name] = platform  # type: ignore[index]
    return stage


def _person(stage: Stage, phone: str) -> str:
    with stage.store.read() as tx:
        person = tx.person_by_identity("simulator", phone)
    assert person is not None
    return person.id


def _announce(stage: Stage, phones: Sequence[str] = PHONES) -> int:
    people = tuple(_person(stage, phone) for phone in phones)
    with stage.store.begin() as tx:
        return apply(tx, [Announce(people, CARD, "notice:1")], by="test", at=stage.now(), mint=stage.app.mint)


def _flush(stage: Stage, limit: int = 50) -> int:
    return asyncio.run(stage.app.flush(stage.now(), limit))


def test_everybody_gets_it_in_one_call_and_once(stage: Stage) -> None:
    assert _announce(stage) == 3
    assert _announce(stage, (*PHONES, "chenjing")) == 1, "only who was not told yet"
    assert _flush(stage, 2) + _flush(stage) == 4
    assert stage.platform.calls == [3], "the rest of an announcement comes along; a single message goes alone"  # type: ignore[attr-defined]


def test_one_that_fails_does_not_hold_up_the_others(stage: Stage) -> None:
    stage.platform.faults = stage.platform.faults.__class__(broken=frozenset({"liqiang"}))
    _announce(stage)
    assert _flush(stage) == 2
    with stage.store.read() as tx:
        assert [(r.recipient, r.error) for r in tx.outbox_rows(9) if r.state == "parked"] == [
            ("liqiang", "60111")
        ]


@pytest.mark.parametrize(("user", "answered"), [("zhangmin", True), ("chenjing", False)])
def test_who_got_it_may_tap_and_nobody_else(stage: Stage, user: str, answered: bool) -> None:
    """S01: the token is not a secret between the people it was sent to, and nothing to others."""
    _announce(stage)
    _flush(stage)
    token = stage.phones.messages("zhangmin")[-1].token
    asyncio.run(stage.deliver({"type": "tap", "user": user, "token": token, "action": "status"}))
    assert (stage.phones.messages(user)[-1].card["title"] != "没有办成") is answered
