"""message/send as wechatpy's own client, unpatched, sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from wechatpy.exceptions import WeChatClientException
from wechatpy.work import WeChatClient

from sandbox.wecom import tokens
from sandbox.wecom.box import Box
from sandbox.wecom.corp import Corp
from sandbox.wecom.drawing import lines

OnBox = Callable[[Callable[[Box], Awaitable[None]]], None]


class Client(WeChatClient):  # type: ignore[misc]
    """wechatpy's client, pointed here; gettoken's address is fixed in its parent."""

    def __init__(self, box: Box, secret: str = "app-secret") -> None:
        self.API_BASE_URL = f"{box.base}/cgi-bin/"
        super().__init__(box.world.corp.corp_id, secret, auto_retry=False)

    def fetch_access_token(self) -> Any:
        query = {"corpid": self.corp_id, "corpsecret": self.secret}
        return self._fetch_access_token(url=f"{self.API_BASE_URL}gettoken", params=query)


async def send(client: Client, users: list[str], body: dict[str, Any], agent: int = 1000002) -> Any:
    return await asyncio.to_thread(client.message.send, agent, users, msg=body)


async def refused(call: Awaitable[Any]) -> int:
    with pytest.raises(WeChatClientException) as error:
        await call
    return int(error.value.errcode)


TEXT = {"msgtype": "text", "text": {"content": "你好"}}


def card(task_id: str = "t-1", **more: Any) -> dict[str, Any]:
    found = {
        "card_type": "button_interaction",
        "main_title": {"title": "还差 2 个项目没报", "desc": "10月10日前报送"},
        "horizontal_content_list": [{"keyname": "新桥小学", "value": "未填"}],
        "button_list": [{"text": "去填报", "style": 1, "key": "fill"}, {"text": "在办", "key": "busy"}],
        "task_id": task_id,
    }
    return {"msgtype": "template_card", "template_card": found | more}


def test_a_text_and_who_does_not_get_it(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        answer = await send(Client(box), ["zhangmin", "Ghost", "LEFT"], TEXT)
        assert answer["invaliduser"] == "ghost|left"
        assert [lines(i) for i in box.world.phones.chat("ZhangMin")] == [["你好"]]
        assert await refused(send(Client(box), ["ghost"], TEXT)) == 81013
        assert await refused(send(Client(box), [], TEXT)) == 82001
        assert await refused(send(Client(box), [f"u{n}" for n in range(1001)], TEXT)) == 40032
        assert await refused(send(Client(box), ["liqiang"], TEXT, agent=1000003)) == 301002
        assert await refused(send(Client(box, "other-secret"), ["zhangmin"], TEXT, agent=1000003)) == 81013

    on_box(story)


def test_a_card_is_drawn_as_the_phone_shows_it(on_box: OnBox, corp: Corp) -> None:
    corp.agents[1000002].url = "http://127.0.0.1:9/unused"

    async def story(box: Box) -> None:
        answer = await send(Client(box), ["zhangmin"], card())
        assert answer["response_code"]
        assert [lines(i) for i in box.world.phones.chat("zhangmin")] == [
            ["【还差 2 个项目没报】　10月10日前报送", "  新桥小学　未填", "  [去填报] [在办]"]
        ]
        assert await refused(send(Client(box), ["liqiang"], card())) == 42014  # the same task_id

    on_box(story)


def test_the_duplicate_check_answers_again_and_shows_once(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        body = TEXT | {"enable_duplicate_check": 1, "duplicate_check_interval": 1800}
        first, second = [await send(Client(box), ["zhangmin"], body) for _ in range(2)]
        assert first["msgid"] == second["msgid"]
        box.world.clock.advance(timedelta(seconds=1800))
        await send(Client(box), ["zhangmin"], body)
        assert len(box.world.phones.chat("zhangmin")) == 2

    on_box(story)


def test_the_thirty_first_message_of_a_minute_is_dropped_without_a_word(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        client = Client(box)
        for number in range(31):
            await send(client, ["zhangmin"], {"msgtype": "text", "text": {"content": str(number)}})
        assert len(box.world.phones.chat("zhangmin")) == 30
        assert len(box.world.dropped) == 1
        box.world.clock.advance(timedelta(minutes=1))
        await send(client, ["zhangmin"], TEXT)
        assert len(box.world.phones.chat("zhangmin")) == 31

    on_box(story)


def test_the_person_times_of_a_day(on_box: OnBox, corp: Corp) -> None:
    corp.accounts = 1  # 200 person-times

    async def story(box: Box) -> None:
        client = Client(box)
        for number in range(66):  # three active members at a time
            await send(client, ["@all"], {"msgtype": "text", "text": {"content": str(number)}})
        assert await refused(send(client, ["@all"], TEXT)) == 45009
        box.world.clock.advance(timedelta(days=1))
        await send(Client(box), ["@all"], TEXT)

    on_box(story)


def test_tokens(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        client = Client(box)
        assert await refused(asyncio.to_thread(Client(box, "wrong").fetch_access_token)) == 40001
        first, second = [await asyncio.to_thread(client.fetch_access_token) for _ in range(2)]
        assert first["access_token"] == second["access_token"]
        await send(client, ["zhangmin"], TEXT)
        box.world.clock.advance(timedelta(seconds=7201))
        assert await refused(send(client, ["zhangmin"], TEXT)) == 42001
        for code in (40014, 42001):
            await asyncio.to_thread(client.fetch_access_token)
            tokens.revoke(box.world, code)
            assert await refused(send(client, ["zhangmin"], TEXT)) == code

    on_box(story)


def test_an_untrusted_address_gets_a_token_and_nothing_else(on_box: OnBox, corp: Corp) -> None:
    corp.agents[1000002].trusted_ips = frozenset({"10.0.0.1"})

    async def story(box: Box) -> None:
        assert await refused(send(Client(box), ["zhangmin"], TEXT)) == 60020

    on_box(story)


def test_the_directory_secret_cannot_send(on_box: OnBox) -> None:
    async def story(box: Box) -> None:
        assert await refused(send(Client(box, "directory-secret"), ["zhangmin"], TEXT)) == 48002

    on_box(story)
