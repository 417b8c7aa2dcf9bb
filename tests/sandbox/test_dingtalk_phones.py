"""Phones of the local DingTalk: how cards are drawn on old and new clients, what taps and forms send, redelivery."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import websockets

from sandbox.dingtalk import Rules, World, serving
from sandbox.dingtalk.cards import Card
from sandbox.dingtalk.frames import CARD_TOPIC, ROBOT_TOPIC
from sandbox.dingtalk.phones import Impossible, Phone
from sandbox.dingtalk.robot import show
from sandbox.dingtalk.templates import TemplateError, read_export
from tests.sandbox.conftest import TEMPLATE, small_world
from tests.sandbox.templates import EDITOR, EXPORT

FIELDS = [
    {"name": "record", "type": "TEXT", "hidden": True, "defaultValue": "r1"},
    {
        "name": "spent",
        "label": "支出（万元）",
        "type": "NUMBER",
        "required": True,
        "requiredMsg": "请填写支出",
    },
    {
        "name": "kind",
        "label": "类别",
        "type": "SELECT",
        "options": [{"value": "1", "text": "基本"}, {"value": "2", "text": "项目"}],
    },
    {"name": "note", "label": "说明", "type": "TEXT_AREA"},
]
PUBLIC = {"title": "三季度", "asks": "true", "body": "[去](dtmd://dingtalkclient/sendMessage?content=x)"}
BUTTONS = [
    {
        "text": "办",
        "color": "blue",
        "status": "normal",
        "event": {"type": "sendCardRequest", "params": {"actionId": "do", "params": {"n": 1}}},
    },
    {
        "text": "不办",
        "status": "disabled",
        "event": {"type": "sendCardRequest", "params": {"actionId": "no"}},
    },
]


def with_card(world: World, **public: str) -> str:
    """A card on 张敏's phone; the message's id."""
    own = {"form": json.dumps({"fields": FIELDS}), "form_status": "normal", "form_btn_text": "填好了"}
    models = {"imRobotOpenSpaceModel": {"supportForward": False}}
    world.cards.add(Card("t1", "app", TEMPLATE, "STREAM", False, PUBLIC | public, {"zhangmin": own}, models))
    return show(world, "zhangmin", "card", {}, card="t1", query="q1").id


class Client:
    """A client that answers as it is told, without any SDK."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket

    async def frame(self) -> dict[str, Any]:
        """The next frame."""
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(self.socket.recv(), 10))
        return frame | {"data": json.loads(frame["data"])}

    async def silent(self) -> None:
        """Read and never answer."""
        while True:
            await self.socket.recv()

    async def ack(self, frame: dict[str, Any], data: Any, code: int = 200) -> None:
        """The answer to a frame."""
        headers = {"contentType": "application/json", "messageId": frame["headers"]["messageId"]}
        text = json.dumps({"code": code, "headers": headers, "message": "OK", "data": json.dumps(data)})
        await self.socket.send(text)


def talk(world: World, story: Callable[[Client], Awaitable[None]]) -> None:
    async def go() -> None:
        topics = [{"type": "CALLBACK", "topic": t} for t in (ROBOT_TOPIC, CARD_TOPIC)] + [
            {"type": "EVENT", "topic": "*"}
        ]
        async with serving(world):
            ticket = world.gateway.open(
                {"clientId": "app", "clientSecret": "secret", "subscriptions": topics}
            )
            async with websockets.connect(
                f"{ticket['endpoint']}?ticket={ticket['ticket']}", proxy=None
            ) as socket:
                await world.gateway.until_live()
                await story(Client(socket))

    asyncio.run(go())


# -- drawing ----------------------------------------------------------------------------------------

VERSIONS = [
    ("8.1.0", ["TEXT", "NUMBER", "SELECT", "TEXT_AREA"]),
    ("7.6.20", ["TEXT", "TEXT", "SELECT", "TEXT"]),
]


@pytest.mark.parametrize(("version", "shown"), VERSIONS)
def test_older_clients_show_numbers_as_text(world: World, version: str, shown: list[str]) -> None:
    with_card(world)
    world.directory.people["zhangmin"].client = version
    form = next(e for e in Phone(world, "zhangmin").screen()[0]["elements"] if e["kind"] == "form")
    assert [field["shown"] for field in form["fields"]] == shown


def test_still_older_clients_show_no_form(world: World) -> None:
    with_card(world)
    world.directory.people["zhangmin"].client = "7.5.9"
    elements = Phone(world, "zhangmin").screen()[0]["elements"]
    assert {"kind": "text", "text": "当前版本不支持表单组件"} in elements


def test_rows_and_buttons_of_a_variable(world: World) -> None:
    with_card(world, rows='[{"label":"支出","value":"201.35"}]', buttons=json.dumps(BUTTONS))
    elements = Phone(world, "zhangmin").screen()[0]["elements"]
    assert {"kind": "text", "text": "支出 201.35"} in elements
    assert [e["text"] for e in elements if e["kind"] == "button"] == ["同意", "进度", "办", "不办"]


BROKEN = [
    ({"widgetInfo": ""}, "缺"),
    ({**EXPORT, "editorData": "{"}, "不是 JSON"),
    ({**EXPORT, "editorData": json.dumps({**EDITOR, "variableList": []})}, "没有的变量"),
    (
        {**EXPORT, "editorData": json.dumps({**EDITOR, "schema": {**EDITOR["schema"], "componentsMap": []}})},
        "componentsMap",
    ),
]


@pytest.mark.parametrize(("export", "why"), BROKEN)
def test_a_file_the_console_would_not_import(export: Any, why: str) -> None:
    with pytest.raises(TemplateError, match=why):
        read_export(json.dumps(export))


# -- taps and forms ---------------------------------------------------------------------------------


def test_a_form_sends_what_the_component_sends_and_the_answer_changes_the_card(world: World) -> None:
    message = with_card(world)
    answer = {
        "cardUpdateOptions": {"updateCardDataByKey": True, "updatePrivateDataByKey": True},
        "cardData": {"cardParamMap": {"title": "已收到"}},
        "userPrivateData": {"cardParamMap": {"form_status": "disabled"}},
    }

    async def story(client: Client) -> None:
        phone = Phone(world, "zhangmin")
        tapping = asyncio.create_task(phone.submit(message, {"spent": "201.35", "kind": "项目"}))
        frame = await client.frame()
        assert frame["headers"]["topic"] == CARD_TOPIC
        content = json.loads(frame["data"]["content"])["cardPrivateData"]
        form = {"record": "r1", "spent": "201.35", "kind": {"index": 1, "value": "2"}}
        assert content == {"actionIds": ["form"], "params": {"step": "one", "form": form}}
        assert {k: frame["data"][k] for k in ("outTrackId", "userId", "type")} == {
            "outTrackId": "t1",
            "userId": "zhangmin",
            "type": "actionCallback",
        }
        await client.ack(frame, {"response": answer})
        assert (await tapping).answered
        assert phone.screen()[0]["elements"][0]["text"] == "已收到"
        with pytest.raises(Impossible, match="不能再提交"):
            await phone.submit(message, {"spent": "1"})

    talk(world, story)
    assert world.complaints == []


def test_the_client_keeps_back_a_form_that_lacks_what_is_required_and_forgets_it_when_left(
    world: World,
) -> None:
    message = with_card(world)
    phone = Phone(world, "zhangmin")
    phone.type_into(message, {"spent": "1"})
    phone.leave()
    with pytest.raises(Impossible, match="请填写支出"):
        asyncio.run(phone.submit(message))
    with pytest.raises(Impossible, match="没有选项"):
        asyncio.run(phone.submit(message, {"spent": "1", "kind": "其他"}))


ANSWERS = [
    ({"response": {"cardData": {"cardParamMap": {"title": 5}}}}, "a string"),
    ({"response": {"cardData": {"cardParamMap": {"nothing": "x"}}}}, "no such variable"),
    ({"response": {"privateData": {}}}, "no such field"),
]


@pytest.mark.parametrize(("data", "why"), ANSWERS)
def test_an_answer_that_is_not_documented_changes_nothing(world: World, data: Any, why: str) -> None:
    message = with_card(world)

    async def story(client: Client) -> None:
        tapping = asyncio.create_task(Phone(world, "zhangmin").tap(message, "同意"))
        await client.ack(await client.frame(), data)
        assert not (await tapping).answered

    talk(world, story)
    assert world.cards.known["t1"].public["title"] == "三季度"
    assert why in world.complaints[0]


def test_a_tap_without_an_answer_in_time_fails_on_the_phone(world: World) -> None:
    world.rules.card_seconds = 0.05
    message = with_card(world)

    async def story(client: Client) -> None:
        outcome = await Phone(world, "zhangmin").tap(message, "同意")
        assert (outcome.answered, outcome.toast) == (False, "操作失败，请稍后再试")
        assert len(world.gateway.pushes) == 1
        await client.frame()

    talk(world, story)


def test_a_dtmd_button_writes_into_the_chat(world: World) -> None:
    message = with_card(world)

    async def story(client: Client) -> None:
        await Phone(world, "zhangmin").tap(message, "进度")
        frame = await client.frame()
        assert frame["data"]["text"] == {"content": "进度"}

    talk(world, story)


def test_forwarding_only_where_the_card_allows_it(world: World) -> None:
    message = with_card(world)
    phone = Phone(world, "zhangmin")
    with pytest.raises(Impossible, match="不支持转发"):
        phone.forward(message, "liqiang")
    world.rules.forward_anyway = True
    copy = phone.forward(message, "liqiang")

    async def story(client: Client) -> None:
        tapping = asyncio.create_task(Phone(world, "liqiang").tap_again(copy, "agree", {}))
        frame = await client.frame()
        assert (frame["data"]["userId"], frame["data"]["outTrackId"]) == ("liqiang", "t1")
        await client.ack(frame, {"response": None})
        assert (await tapping).answered

    talk(world, story)


# -- redelivery -------------------------------------------------------------------------------------


def test_a_message_without_an_ack_comes_again_with_the_same_id() -> None:
    world = small_world(Rules(robot_seconds=0.05))

    async def story(client: Client) -> None:
        push = Phone(world, "zhangmin").say("在吗")
        first, again = await client.frame(), await client.frame()
        assert first["headers"]["messageId"] == again["headers"]["messageId"]
        assert first["data"] == again["data"]
        await client.ack(again, {"response": None})
        await push.done.wait()
        assert [ack is None for ack in push.acks] == [True, False]

    talk(world, story)


EVENT_ANSWERS = [
    ([{"status": "LATER"}, {"status": "SUCCESS"}], 2),
    ([{}, {"status": "SUCCESS"}], 2),
    ([{"status": "SUCCESS"}], 1),
]


@pytest.mark.parametrize(("answers", "tries"), EVENT_ANSWERS)
def test_an_event_comes_again_until_it_is_taken(answers: list[Any], tries: int) -> None:
    world = small_world(Rules(event_pauses=(0.01, 0.01)))
    with_card(world)

    async def story(client: Client) -> None:
        (push,) = Phone(world, "zhangmin").read()
        for answer in answers:
            frame = await client.frame()
            assert frame["headers"]["eventType"] == "robot_msg_read"
            assert frame["data"]["processQueryKey"] == "q1"
            await client.ack(frame, answer)
        await push.done.wait()
        assert len(push.acks) == tries

    talk(world, story)


def test_beyond_the_month_frames_come_without_their_content() -> None:
    world = small_world(Rules(pushes_a_month=0))

    async def story(client: Client) -> None:
        Phone(world, "zhangmin").say("在吗")
        data = (await client.frame())["data"]
        assert data["errorCode"] == 20001
        assert "text" not in data

    talk(world, story)


def test_after_disconnect_nothing_is_delivered_and_the_line_is_closed() -> None:
    world = small_world(Rules(linger_seconds=0.05, robot_tries=1))

    async def story(client: Client) -> None:
        await world.gateway.disconnect(world.gateway.connections[0])
        push = Phone(world, "zhangmin").say("在吗")
        frame = await client.frame()
        assert (frame["type"], frame["headers"]["topic"]) == ("SYSTEM", "disconnect")
        with pytest.raises(websockets.exceptions.ConnectionClosedOK):
            await client.frame()
        await push.done.wait()
        assert push.ack is None

    talk(world, story)


def test_a_ticket_works_once_and_ninety_seconds(world: World) -> None:
    body = {"clientId": "app", "clientSecret": "secret", "subscriptions": []}
    ticket = world.gateway.open(body)["ticket"]
    assert world.gateway.ticket_holder(ticket) == ("app", frozenset())
    assert world.gateway.ticket_holder(ticket) is None


def test_some_servers_greet_and_keep_alive() -> None:
    world = small_world(Rules(greets=True, ping_seconds=0.02))

    async def story(client: Client) -> None:
        topics = []
        for _ in range(4):
            frame = await client.frame()
            topics.append(frame["headers"]["topic"])
            await client.ack(frame, frame["data"])
        assert topics == ["CONNECTED", "REGISTERED", "KEEPALIVE", "ping"]

    talk(world, story)
    assert world.complaints == []


def test_a_client_that_does_not_answer_pings_is_cut() -> None:
    world = small_world(Rules(ping_seconds=0.02, pong_seconds=0.02))

    async def story(client: Client) -> None:
        with pytest.raises(websockets.exceptions.ConnectionClosedError):
            await client.silent()

    talk(world, story)
