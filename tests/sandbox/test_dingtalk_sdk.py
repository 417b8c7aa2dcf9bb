"""The vendor's SDK, unpatched, takes the sandbox for DingTalk: connect, message, reply, card, event, reconnect."""

from __future__ import annotations

import asyncio

from sandbox.dingtalk import Rules, World, serving
from sandbox.dingtalk.frames import ROBOT_TOPIC
from sandbox.dingtalk.happenings import event
from sandbox.dingtalk.phones import Phone
from tests.sandbox.conftest import TEMPLATE, sdk, small_world


async def _in_time(awaited) -> object:  # type: ignore[no-untyped-def]
    return await asyncio.wait_for(awaited, 20)


def test_message_and_reply(world: World) -> None:
    async def story() -> None:
        async with serving(world) as base, sdk(base) as client:
            await _in_time(world.gateway.until_live())
            push = Phone(world, "zhangmin").say("本季度报表怎么填？")
            said = await client.told("text")
            await _in_time(push.done.wait())
            assert said == {"what": "text", "text": "本季度报表怎么填？", "who": "zhangmin"}
            assert push.ack
            assert push.ack.code == 200
            shown = Phone(world, "zhangmin").screen()
            assert [(m["kind"], m["body"]["content"]) for m in shown] == [
                ("text", "本季度报表怎么填？"),
                ("session.text", "收到"),
            ]

    asyncio.run(story())
    assert world.complaints == []


def test_a_card_made_by_the_sdk_is_tapped_and_changed_by_its_answer(world: World) -> None:
    async def story() -> None:
        async with serving(world) as base, sdk(base, TEMPLATE) as client:
            await client.told("delivered")
            await _in_time(world.gateway.until_live())
            phone = Phone(world, "zhangmin")
            card = world.cards.known[phone.screen()[0]["card"]]
            card.public["asks"] = "true"
            outcome = await _in_time(phone.tap(phone.screen()[0]["id"], "同意"))
            told = await client.told("card")
            assert outcome.answered  # type: ignore[attr-defined]
            assert told["content"] == {
                "cardPrivateData": {"actionIds": ["agree"], "params": {"title": "三季度"}}
            }
            assert phone.screen()[0]["elements"][0] == {
                "kind": "text",
                "text": "内容加载失败",
                "missing": ["form", "form_btn_text"],
            }
            assert card.public["title"] == "已报送"
            assert card.private == {"zhangmin": {"form_status": "disabled"}}

    asyncio.run(story())
    assert world.complaints == []


def test_an_event_without_status_is_repeated_and_the_sdk_answers_again() -> None:
    world = small_world(Rules(event_pauses=(0.05, 0.05)))

    async def story() -> None:
        async with serving(world) as base, sdk(base) as client:
            await _in_time(world.gateway.until_live())
            phone = Phone(world, "zhangmin")

            push = event(world, "app", "robot_msg_read", {"userId": phone.person.user_id})
            told = await client.told("event")
            await _in_time(push.done.wait())
            assert told["data"] == {"userId": "zhangmin"}
            assert [ack is not None for ack in push.acks] == [True, True, True]

    asyncio.run(story())
    assert len(world.complaints) == 3
    assert all("status: missing" in why or "there is no such field" in why for why in world.complaints)


def test_without_strictness_one_answer_is_enough() -> None:
    world = small_world(Rules(strict_events=False))

    async def story() -> None:
        async with serving(world) as base, sdk(base) as client:
            await _in_time(world.gateway.until_live())

            push = event(world, "app", "robot_msg_read", {"userId": "zhangmin"})
            await client.told("event")
            await _in_time(push.done.wait())
            assert len(push.acks) == 1

    asyncio.run(story())


def test_the_sdk_comes_back_after_a_disconnect_and_after_a_cut(world: World) -> None:
    async def story() -> None:
        async with serving(world) as base, sdk(base) as client:
            await _in_time(world.gateway.until_live())
            await world.gateway.disconnect(world.gateway.connections[0])
            assert world.gateway.live() == 0
            await _in_time(world.gateway.until_live())
            world.gateway.drop()
            await _in_time(world.gateway.until_gone())
            await _in_time(world.gateway.until_live())
            Phone(world, "zhangmin").say("还在吗")
            assert (await client.told("text"))["text"] == "还在吗"
            assert world.gateway.opened == 3
            assert [c.topics for c in world.gateway.connections] == [
                {("EVENT", "*"), ("CALLBACK", ROBOT_TOPIC), ("CALLBACK", "/v1.0/card/instances/callback")}
            ]

    asyncio.run(story())
    assert world.complaints == []


def test_the_sdk_answers_pings(world: World) -> None:
    async def story() -> None:
        async with serving(world) as base, sdk(base):
            await _in_time(world.gateway.until_live())
            assert await _in_time(world.gateway.ping(world.gateway.connections[0]))

    asyncio.run(story())
    assert world.complaints == []
