"""Callbacks against a bot written on wechatpy's own crypto and parser: verified, pushed, answered, retried."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from wechatpy.exceptions import WeChatException
from wechatpy.work import parse_message
from wechatpy.work.crypto import WeChatCrypto

from sandbox.wecom import forging
from sandbox.wecom.box import Box
from sandbox.wecom.corp import Corp
from sandbox.wecom.drawing import lines
from sandbox.wecom.hands import CannotTap
from sandbox.wecom.phones import Item
from sandbox.wecom.sending import send
from sandbox.wecom.tokens import get_token
from sandbox.wecom.updating import update_card

Answer = Callable[[Any], str]


class Server:
    """A referee's bot: opens deliveries with wechatpy, answers what it is told to."""

    def __init__(self, corp: Corp, answer: Answer) -> None:
        self.crypto = WeChatCrypto("QDG6eK", corp.agents[1000002].aes_key, corp.corp_id)
        self.answer = answer
        self.got: list[Any] = []
        self.plain: list[str] = []
        self.slow = 0
        self.status = 200

    async def get(self, request: web.Request) -> web.Response:
        q = request.query
        echo = self.crypto.check_signature(q["msg_signature"], q["timestamp"], q["nonce"], q["echostr"])
        return web.Response(body=echo)

    async def post(self, request: web.Request) -> web.Response:
        q, body = request.query, await request.text()
        try:
            plain = self.crypto.decrypt_message(body, q["msg_signature"], q["timestamp"], q["nonce"])
        except (WeChatException, Exception):
            return web.Response(status=403)
        self.plain.append(plain)
        message = parse_message(plain)
        self.got.append(message)
        if self.slow:
            self.slow -= 1
            await asyncio.sleep(0.3)
        said = self.answer(message)
        sealed = self.crypto.encrypt_message(said, q["nonce"], q["timestamp"]) if said else ""
        return web.Response(text=sealed, status=self.status)


@asynccontextmanager
async def served(box: Box, answer: Answer = lambda _m: "") -> AsyncIterator[Server]:
    server = Server(box.world.corp, answer)
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.add_routes([web.get("/cb", server.get), web.post("/cb", server.post)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    box.world.corp.agents[1000002].url = f"http://127.0.0.1:{runner.addresses[0][1]}/cb"
    try:
        yield server
    finally:
        await runner.cleanup()


def shown(box: Box, card: dict[str, Any], users: str = "zhangmin|liqiang") -> list[Item]:
    """Send a card straight into the platform; the phones' copies."""
    agent = box.world.corp.agents[1000002]
    token = get_token(box.world, {"corpid": box.world.corp.corp_id, "corpsecret": agent.secret}, "")
    request = {"touser": users, "agentid": 1000002, "msgtype": "template_card", "template_card": card}
    answer = send(box.world, box.world.tokens[token["access_token"]], request)
    return box.world.phones.copies(answer["msgid"])


BUTTONS = {
    "card_type": "button_interaction",
    "main_title": {"title": "新桥小学"},
    "button_list": [{"text": "确认提交", "key": "submit"}, {"text": "改数字", "key": "edit"}],
    "task_id": "t-1",
}
VOTE = {
    "card_type": "vote_interaction",
    "main_title": {"title": "完成目标可能性"},
    "checkbox": {
        "question_key": "q1",
        "option_list": [{"id": "sure", "text": "确定能"}, {"id": "maybe", "text": "有可能"}],
    },
    "submit_button": {"text": "选好了", "key": "chosen"},
    "task_id": "t-2",
}
SELECTS = {
    "card_type": "multiple_interaction",
    "main_title": {"title": "原因"},
    "select_list": [
        {"question_key": f"q{n}", "option_list": [{"id": "a", "text": "甲"}, {"id": "b", "text": "乙"}]}
        for n in (1, 2)
    ],
    "submit_button": {"text": "选好了", "key": "chosen"},
    "task_id": "t-3",
}


def passive(kind: str, inside: str, to: str = "ZhangMin") -> str:
    return (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[wx5823bf96d3bd56c7]]></FromUserName>"
        f"<CreateTime>1700000000</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inside}</xml>"
    )


GREY = passive("update_button", "<Button><ReplaceName><![CDATA[已提交]]></ReplaceName></Button>")
REPLACED = passive(
    "update_template_card",
    "<TemplateCard><CardType>button_interaction</CardType><MainTitle><Title>已报送</Title></MainTitle>"
    "<ButtonList><Text>看附表1</Text><Style>1</Style><Key>show</Key></ButtonList></TemplateCard>",
)

Story = Callable[[Box], Awaitable[None]]
OnBox = Callable[[Story], None]


def test_the_url_is_verified(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with served(box) as server:
            agent = box.world.corp.agents[1000002]
            assert await box.pusher.verify(agent) == ""
            server.crypto = WeChatCrypto("other", agent.aes_key, box.world.corp.corp_id)
            assert "500" in await box.pusher.verify(agent)

    on_box(story)


def test_what_a_member_types_arrives(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with served(box) as server:
            outcome = await box.hands.say("zhangmin", "支出201.35 1=36\n]]>")
            assert (outcome.attempts, outcome.taken) == (1, True)
            (got,) = server.got
            assert (got.type, got.content, got.source) == ("text", "支出201.35 1=36\n]]>", "ZhangMin")
            await box.hands.enter("liqiang")
            await box.hands.send_file("liqiang", "图.png", b"\x89PNG\r\n\x1a\n....", "image")
            assert [m.type for m in server.got[1:]] == ["event", "image"]
            await box.hands.send_file("liqiang", "附表1.xlsx", b"PK......")
            assert len(server.got) == 3  # a file does not reach an app

    on_box(story)


def test_a_tap_turns_the_button_grey_for_who_tapped(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with served(box, lambda _m: GREY) as server:
            mine, other = shown(box, BUTTONS)
            outcome = await box.hands.tap(mine.seq, "submit")
            assert outcome.answer == "update_button"
            assert "<TaskId><![CDATA[t-1]]></TaskId>" in server.plain[0]
            assert [lines(i) for i in box.world.phones.chat("zhangmin")] == [
                ["【新桥小学】", "  [已提交]（灰）"]
            ]
            assert [lines(i) for i in box.world.phones.chat("liqiang")] == [
                ["【新桥小学】", "  [确认提交] [改数字]"]
            ]
            with pytest.raises(CannotTap):
                await box.hands.tap(mine.seq, "submit")
            assert (await box.hands.tap(other.seq, "submit")).answer == "refused"  # addressed to another
            assert len(box.world.complaints) == 1

    on_box(story)


def test_a_whole_card_takes_the_place_of_another(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with served(box, lambda _m: REPLACED) as server:
            mine, _other = shown(box, BUTTONS)
            await box.hands.tap(mine.seq, "submit")
            assert [lines(i) for i in box.world.phones.chat("zhangmin")] == [["【已报送】", "  [看附表1]"]]
            await box.hands.tap(mine.seq, "show")
            assert "<EventKey><![CDATA[show]]></EventKey>" in server.plain[1]
            box.world.switches.apply_card_replies = False
            assert (await box.hands.tap(mine.seq, "show")).answer == "ignored"

    on_box(story)


WRONG_ANSWERS = {
    "text to a card event": passive("text", "<Content>好</Content>"),
    "unknown element": REPLACED.replace("</TemplateCard>", "<Nonsense>1</Nonsense></TemplateCard>"),
    "no button": REPLACED.replace("<Key>show</Key>", ""),
    "another root": "<html></html>",
    "from nobody": GREY.replace("wx5823bf96d3bd56c7", "wwother"),
}


@pytest.mark.parametrize("said", WRONG_ANSWERS.values(), ids=WRONG_ANSWERS)
def test_a_wrong_answer_changes_nothing_and_is_complained_of(on_box: OnBox, said: str) -> None:
    async def story(box: Box) -> None:
        async with served(box, lambda _m: said):
            mine, _other = shown(box, BUTTONS)
            assert (await box.hands.tap(mine.seq, "submit")).answer == "refused"
            assert len(box.world.complaints) == 1
            assert lines(box.world.phones.chat("zhangmin")[0]) == ["【新桥小学】", "  [确认提交] [改数字]"]

    on_box(story)


def test_choices(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with served(box) as server:
            (vote, *_), (selects, *_) = shown(box, VOTE), shown(box, SELECTS)
            with pytest.raises(CannotTap, match="还没有选"):
                await box.hands.tap(vote.seq, "chosen")
            with pytest.raises(CannotTap, match="只能选一个"):
                await box.hands.tap(vote.seq, "chosen", {"q1": ["sure", "maybe"]})
            await box.hands.tap(vote.seq, "chosen", {"q1": ["maybe"]})
            await box.hands.tap(selects.seq, "chosen", {"q2": ["b"]})
            one, two = (m._data["SelectedItems"]["SelectedItem"] for m in server.got)
            assert one == {"QuestionKey": "q1", "OptionIds": {"OptionId": "maybe"}}
            assert [(i["QuestionKey"], i["OptionIds"]["OptionId"]) for i in two] == [("q1", "a"), ("q2", "b")]

    on_box(story)


def test_a_slow_bot_gets_it_three_times_with_another_nonce(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        box.world.switches.callback_seconds = 0.1
        async with served(box) as server:
            server.slow = 2
            assert (await box.hands.say("zhangmin", "你好")).attempts == 3
            assert len(server.got) == 3
            assert len(set(server.plain)) == 1
            server.slow = 9
            assert not (await box.hands.say("zhangmin", "你好")).taken

    on_box(story)


def test_another_status_is_delivered_again_unless_switched_off(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with served(box) as server:
            server.status = 503
            assert (await box.hands.say("zhangmin", "你好")).attempts == 3
            box.world.switches.retry_any_status = False
            assert (await box.hands.say("zhangmin", "你好")).attempts == 1

    on_box(story)


def test_twice_and_out_of_order(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with served(box) as server:
            box.world.switches.duplicate_callbacks = 1
            await box.hands.say("zhangmin", "一")
            box.world.switches.hold_callbacks = 1
            assert (await box.hands.say("zhangmin", "二")).held
            await box.hands.say("zhangmin", "三")
            assert [m.content for m in server.got] == ["一", "一", "三", "二"]
            assert server.plain[0] == server.plain[1]

    on_box(story)


@pytest.mark.parametrize("how", forging.FORGERIES)
def test_wechatpy_believes_no_forgery(on_box: OnBox, how: str) -> None:
    async def story(box: Box) -> None:
        async with served(box) as server:
            fields = box.hands.message("zhangmin", "报送")
            status = await forging.forge(box.pusher, box.world.corp.agents[1000002], fields, how)
            believed = how in ("not_xml", "dtd")  # correctly sealed: only a careful parser refuses these
            assert (status == 200) <= believed
            assert len(server.plain) <= believed

    on_box(story)


def test_a_code_is_good_once_for_72_hours(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with served(box):
            mine, _other = shown(box, BUTTONS)
            token = next(iter(box.world.tokens.values()))

            def update(code: str, **more: Any) -> Any:
                request = {"agentid": 1000002, "response_code": code, "button": {"replace_name": "已处理"}}
                return update_card(box.world, token, request | more)

            code = next(iter(box.world.codes))
            assert update(code, userids=["LiQiang", "ghost"])["invaliduser"] == ["ghost"]
            assert lines(box.world.phones.chat("liqiang")[0])[-1] == "  [已处理]（灰）"
            with pytest.raises(Exception, match="60140"):
                update(code, userids=["zhangmin"])
            await box.hands.tap(mine.seq, "edit")
            late = list(box.world.codes)[-1]
            box.world.clock.advance(timedelta(hours=72, seconds=1))
            with pytest.raises(Exception, match="60140"):
                update(late, atall=1)

    on_box(story)
