"""The long connection as a bare websockets client sees it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Self

import aiohttp
import pytest
import websockets
from websockets.exceptions import ConnectionClosed

from sandbox.wecom import crypto
from sandbox.wecom.box import Box
from sandbox.wecom.corp import Corp
from sandbox.wecom.drawing import lines

OnBox = Callable[[Callable[[Box], Awaitable[None]]], None]


class Client:
    """Sends a frame, reads frames; nothing of ours in between."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.number = 0

    async def __aenter__(self) -> Self:
        self.socket = await websockets.connect(self.box.wire, max_size=None)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def read(self) -> dict[str, Any]:
        return json.loads(await asyncio.wait_for(self.socket.recv(), 5))  # type: ignore[no-any-return]

    async def ask(self, cmd: str, body: dict[str, Any] | None = None, req_id: str = "") -> dict[str, Any]:
        self.number += 1
        req_id = req_id or f"r{self.number}"
        frame = {"cmd": cmd, "headers": {"req_id": req_id}} | ({"body": body} if body is not None else {})
        await self.socket.send(json.dumps(frame, ensure_ascii=False))
        answer = await self.read()
        assert answer["headers"]["req_id"] == req_id
        return answer

    async def code(self, cmd: str, body: dict[str, Any] | None = None, req_id: str = "") -> int:
        return int((await self.ask(cmd, body, req_id))["errcode"])

    async def subscribe(self, secret: str = "bot-secret") -> int:
        return await self.code("aibot_subscribe", {"bot_id": "bot-1", "secret": secret})


def markdown(content: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": content}}


def to(user: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"chatid": user, "chat_type": 1, **body}


CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "新桥小学"},
    "button_list": [{"text": "确认提交", "key": "submit"}],
    "task_id": "t-1",
}


def test_nothing_works_before_subscribing(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with Client(box) as bot:
            assert await bot.code("ping") == 846609
            assert await bot.code("aibot_send_msg", to("zhangmin", markdown("好"))) == 846609
            assert await bot.subscribe("wrong") == 853000
            assert await bot.subscribe() == 0
            assert await bot.code("ping") == 0
            assert await bot.code("nonsense", {}) == 40058

    on_box(story)


def test_a_message_is_answered_once(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with Client(box) as bot:
            await bot.subscribe()
            assert await box.bot_hands.say("zhangmin", "填报")
            asked = await bot.read()
            assert asked["cmd"] == "aibot_msg_callback"
            assert asked["body"]["from"] == {"userid": "ZhangMin"}
            assert asked["body"]["text"] == {"content": "填报"}
            req_id = asked["headers"]["req_id"]
            assert await bot.code("aibot_respond_msg", {"msgtype": "text", "text": {}}, req_id) == 40008
            assert await bot.code("aibot_respond_msg", markdown("好"), "unknown") == 846605
            assert await bot.code("aibot_respond_msg", markdown("好"), req_id) == 0
            assert await bot.code("aibot_respond_msg", markdown("好"), req_id) == 846606
            assert [lines(i) for i in box.world.phones.chat("zhangmin")] == [["填报"], ["好"]]

    on_box(story)


def test_a_stream_grows_in_place(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with Client(box) as bot:
            await bot.subscribe()
            await box.bot_hands.say("zhangmin", "进度")
            req_id = (await bot.read())["headers"]["req_id"]
            for content, finish in (("正在", False), ("正在看", False), ("已报 3 个", True)):
                stream = {"id": "s", "finish": finish, "content": content}
                assert not await bot.code(
                    "aibot_respond_msg", {"msgtype": "stream", "stream": stream}, req_id
                )
            assert [lines(i) for i in box.world.phones.chat("zhangmin")] == [["进度"], ["已报 3 个"]]
            again = {"msgtype": "stream", "stream": {"id": "s", "content": "x"}}
            assert await bot.code("aibot_respond_msg", again, req_id) == 846606

    on_box(story)


def test_a_bot_may_push_only_to_who_wrote_and_not_too_often(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with Client(box) as bot:
            await bot.subscribe()
            assert await bot.code("aibot_send_msg", to("zhangmin", markdown("好"))) == 846607
            await box.bot_hands.say("zhangmin", "在")
            await bot.read()
            for _ in range(30):
                assert await bot.code("aibot_send_msg", to("ZHANGMIN", markdown("好"))) == 0
            assert await bot.code("aibot_send_msg", to("zhangmin", markdown("好"))) == 846607
            box.world.clock.advance(timedelta(minutes=1))
            long = markdown("字" * 6827)
            assert await bot.code("aibot_send_msg", to("zhangmin", long)) == 45002
            text = {"msgtype": "text", "text": {"content": "好"}}
            assert await bot.code("aibot_send_msg", to("zhangmin", text)) == 40008

    on_box(story)


def test_a_card_is_tapped_and_changed_within_five_seconds(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with Client(box) as bot:
            await bot.subscribe()
            await box.bot_hands.say("zhangmin", "填报")
            req_id = (await bot.read())["headers"]["req_id"]
            card = {"msgtype": "template_card", "template_card": CARD}
            assert await bot.code("aibot_respond_msg", card, req_id) == 0
            item = box.world.phones.chat("zhangmin")[-1]
            assert await box.bot_hands.tap(item.seq, "submit")
            asked = await bot.read()
            event = asked["body"]["event"]["template_card_event"]
            assert event == {"card_type": "button_interaction", "event_key": "submit", "task_id": "t-1"}
            req_id = asked["headers"]["req_id"]
            new = CARD | {"main_title": {"title": "已报送"}, "replace_text": "已提交"}
            update = {"response_type": "update_template_card", "template_card": new}
            assert await bot.code("aibot_respond_update_msg", {"template_card": new}, req_id) == 40008
            wrong = update | {"template_card": new | {"task_id": "t-2"}}
            assert await bot.code("aibot_respond_update_msg", wrong, req_id) == 42016
            assert await bot.code("aibot_respond_update_msg", update, req_id) == 0
            assert lines(box.world.phones.chat("zhangmin")[-1]) == ["【已报送】", "  [已提交]（灰）"]
            assert await bot.code("aibot_send_msg", to("zhangmin", card)) == 42014  # the same task again
            box.world.switches.bot_seconds = 0
            await box.bot_hands.enter("zhangmin")
            welcome = {"msgtype": "text", "text": {"content": "您好"}}
            late = (await bot.read())["headers"]["req_id"]
            assert await bot.code("aibot_respond_welcome_msg", welcome, late) == 846604

    on_box(story)


def test_welcome_comes_once_a_day(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with Client(box) as bot:
            await bot.subscribe()
            welcome = {"msgtype": "text", "text": {"content": "您好"}}
            assert await box.bot_hands.enter("zhangmin")
            req_id = (await bot.read())["headers"]["req_id"]
            assert await bot.code("aibot_respond_welcome_msg", welcome, req_id) == 0
            assert not await box.bot_hands.enter("zhangmin")
            box.world.clock.advance(timedelta(days=1))
            assert await box.bot_hands.enter("zhangmin")

    on_box(story)


@pytest.mark.parametrize("turn", [1, 2])
def test_a_file_is_fetched_with_its_own_key_within_five_minutes(on_box: OnBox, turn: int) -> None:
    async def story(box: Box) -> None:
        async with Client(box) as bot, aiohttp.ClientSession() as web:
            await bot.subscribe()
            for _ in range(turn):
                await box.bot_hands.send_file("zhangmin", "附表1 三季度.xlsx", b"PK" * 1000)
                body = (await bot.read())["body"]["file"]
            key = base64.b64decode(body["aeskey"] + "=" * (-len(body["aeskey"]) % 4))
            async with web.get(body["url"]) as response:
                assert "filename*=utf-8''%E9%99%84" in response.headers["content-disposition"]
                assert crypto.decrypt(key, await response.read()) == b"PK" * 1000
            box.world.clock.advance(timedelta(minutes=5))
            async with web.get(body["url"]) as response:
                assert response.status == 403

    on_box(story)


def test_a_file_is_uploaded_in_pieces(on_box: OnBox) -> None:
    content = b"PK" + bytes(700_000)
    pieces = [content[:524_288], content[524_288:]]
    opening = {
        "type": "file",
        "filename": "汇总.xlsx",
        "total_size": len(content),
        "total_chunks": 2,
        "md5": hashlib.md5(content).hexdigest(),
    }

    async def story(box: Box) -> None:
        async with Client(box) as bot:
            await bot.subscribe()
            await box.bot_hands.say("zhangmin", "汇总")
            await bot.read()
            upload = (await bot.ask("aibot_upload_media_init", opening))["body"]["upload_id"]
            assert await bot.code("aibot_upload_media_finish", {"upload_id": upload}) == 40058
            for index in (1, 0, 0):
                data = base64.b64encode(pieces[index]).decode()
                piece = {"upload_id": upload, "chunk_index": index, "base64_data": data}
                assert await bot.code("aibot_upload_media_chunk", piece) == 0
            made = (await bot.ask("aibot_upload_media_finish", {"upload_id": upload}))["body"]
            file = {"msgtype": "file", "file": {"media_id": made["media_id"]}}
            assert await bot.code("aibot_send_msg", to("zhangmin", file)) == 0
            item = box.world.phones.chat("zhangmin")[-1]
            assert item.files == (("汇总.xlsx", content),)
            assert lines(item) == ["＋ 汇总.xlsx"]

    on_box(story)


def test_the_newer_connection_takes_over(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        async with Client(box) as old, Client(box) as new:
            await old.subscribe()
            assert await new.subscribe() == 0
            told = await old.read()
            assert told["body"]["event"] == {"eventtype": "disconnected_event"}
            with pytest.raises(ConnectionClosed):
                await old.read()
            assert await box.bot_hands.say("zhangmin", "在")
            assert (await new.read())["body"]["text"]["content"] == "在"

    on_box(story)


def test_the_line_ends_cleanly_or_not(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        for end, code in ((box.gateway.close, 1000), (box.gateway.cut, 1006)):
            async with Client(box) as bot:
                await bot.subscribe()
                ended = end("bot-1")
                if ended is not None:
                    await ended
                with pytest.raises(ConnectionClosed) as closed:
                    await bot.read()
                assert (closed.value.rcvd.code if closed.value.rcvd else 1006) == code
        while box.gateway.lines:
            await asyncio.sleep(0)
        assert not await box.bot_hands.say("zhangmin", "有人吗")  # lost
        box.world.switches.queue_for_bot = True
        assert not await box.bot_hands.say("zhangmin", "有人吗？")  # kept
        async with Client(box) as bot:
            await bot.subscribe()
            assert (await bot.read())["body"]["text"]["content"] == "有人吗？"

    on_box(story)


def test_a_bot_of_no_super_administrator_sees_encrypted_ids(on_box: OnBox, corp: Corp) -> None:
    corp.bots["bot-1"].by_super_admin = False

    async def story(box: Box) -> None:
        async with Client(box) as bot:
            await bot.subscribe()
            await box.bot_hands.say("zhangmin", "在")
            seen = (await bot.read())["body"]["from"]["userid"]
            assert seen.startswith("wo")
            assert box.world.corp.from_open(seen) == "ZhangMin"
            assert await bot.code("aibot_send_msg", to(seen, markdown("好"))) == 0
            assert len(box.world.phones.chat("zhangmin")) == 2

    on_box(story)
