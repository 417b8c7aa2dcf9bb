"""The rest of the API and the arranged trouble, by wechatpy's client and by bare HTTP."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from sandbox.wecom import login
from sandbox.wecom.box import Box
from sandbox.wecom.corp import Corp
from sandbox.wecom.faults import Fault

OnBox = Callable[[Callable[[Box], Awaitable[None]]], None]
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


class Web:
    """Bare HTTP with the token of one secret."""

    def __init__(self, box: Box, session: aiohttp.ClientSession) -> None:
        self.box, self.session, self.token = box, session, ""

    async def login(self, secret: str = "app-secret") -> None:
        query = {"corpid": self.box.world.corp.corp_id, "corpsecret": secret}
        self.token = (await self.get("gettoken", **query))["access_token"]

    async def get(self, path: str, **query: Any) -> Any:
        query = {"access_token": self.token, **query}
        async with self.session.get(f"{self.box.base}/cgi-bin/{path}", params=query) as response:
            return await response.json()

    async def post(self, path: str, body: Any, **query: Any) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        url = f"{self.box.base}/cgi-bin/{path}"
        async with self.session.post(url, params={"access_token": self.token, **query}, data=raw) as response:
            return await response.json()

    async def upload(self, name: str, content: bytes, kind: str = "file", path: str = "media/upload") -> Any:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("media", io.BytesIO(content), filename=name)
        query = {"access_token": self.token, "type": kind, "key": "hook-1"}
        async with self.session.post(f"{self.box.base}/cgi-bin/{path}", params=query, data=form) as response:
            return await response.json()


@pytest.fixture
def on_web(on_box: OnBox) -> Callable[[Callable[[Web], Awaitable[None]]], None]:
    def run(story: Callable[[Web], Awaitable[None]]) -> None:
        async def played(box: Box) -> None:
            async with aiohttp.ClientSession() as session:
                web = Web(box, session)
                await web.login()
                await story(web)

        on_box(played)

    return run


OnWeb = Callable[[Callable[[Web], Awaitable[None]]], None]


def text(content: str = "好", **more: Any) -> dict[str, Any]:
    return {"touser": "zhangmin", "agentid": 1000002, "msgtype": "text", "text": {"content": content}, **more}


def test_what_the_platform_does_not_take(on_web: OnWeb) -> None:
    async def story(web: Web) -> None:
        escaped = json.dumps(text("好")).encode()
        assert (await web.post("message/send", escaped))["errcode"] == 40033
        assert (await web.post("message/send", json.dumps(text("\\u4f60好"), ensure_ascii=False).encode()))[
            "errcode"
        ] == 0
        assert (await web.post("message/send", b"{"))["errcode"] == 40035
        assert (await web.post("message/send", b'{"a":1,"a":2}'))["errcode"] == 40035
        assert (await web.post("message/sned", {}))["errcode"] == 40035
        assert (await web.get("message/send"))["errcode"] == 40035
        web.token = ""
        assert (await web.post("message/send", text()))["errcode"] == 41001
        web.token = "nonsense"
        assert (await web.post("message/send", text()))["errcode"] == 40014
        said = await web.post("message/send", text())
        assert "more info at" in said["errmsg"]

    on_web(story)


def test_media_live_three_days(on_web: OnWeb) -> None:
    async def story(web: Web) -> None:
        made = await web.upload("三季度 汇总.xlsx", b"PK" * 10)
        assert isinstance(made["created_at"], str)
        assert (await web.upload("a.gif", b"GIF89a" * 3, "image"))["errcode"] == 40004
        assert (await web.upload("a.png", b"not a picture", "image"))["errcode"] == 40004
        assert (await web.upload("a.txt", b"1234"))["errcode"] == 44001
        assert (await web.upload("a.txt", bytes(20 * 1024 * 1024 + 1)))["errcode"] == 45001
        file = {
            "touser": "zhangmin",
            "agentid": 1000002,
            "msgtype": "file",
            "file": {"media_id": made["media_id"]},
        }
        assert (await web.post("message/send", file))["errcode"] == 0
        assert web.box.world.phones.chat("zhangmin")[0].files == (("三季度 汇总.xlsx", b"PK" * 10),)
        url = f"{web.box.base}/cgi-bin/media/get"
        async with web.session.get(
            url, params={"access_token": web.token, "media_id": made["media_id"]}
        ) as got:
            assert await got.read() == b"PK" * 10
        web.box.world.clock.advance(timedelta(days=3, seconds=1))
        await web.login()
        assert (await web.post("message/send", file))["errcode"] == 40145
        assert (await web.get("media/get", media_id="unknown"))["errcode"] == 40007

    on_web(story)


def test_a_message_is_taken_back_within_a_day_by_its_app(on_web: OnWeb) -> None:
    async def story(web: Web) -> None:
        sent = (await web.post("message/send", text("写错了")))["msgid"]
        late = (await web.post("message/send", text("太晚了")))["msgid"]
        assert (await web.post("message/recall", {"msgid": sent}))["errcode"] == 0
        assert web.box.world.phones.chat("zhangmin")[0].recalled
        web.box.world.clock.advance(timedelta(hours=24, seconds=1))
        await web.login()
        assert (await web.post("message/recall", {"msgid": late}))["errcode"] == 42052
        await web.login("other-secret")
        assert (await web.post("message/recall", {"msgid": late}))["errcode"] == 42015

    on_web(story)


def test_the_directory_within_the_scope(on_web: OnWeb, corp: Corp) -> None:
    async def story(web: Web) -> None:
        found = await web.get("user/get", userid="LIQIANG")
        assert (found["name"], found["is_leader_in_dept"], found["department"]) == ("李强", [1], [2])
        assert "mobile" not in found
        assert (await web.get("user/get", userid="left"))["errcode"] == 60111
        listed = await web.get("department/simplelist")
        assert [d["id"] for d in listed["department_id"]] == [1, 2, 3]
        assert [d["id"] for d in (await web.get("department/simplelist", id=2))["department_id"]] == [2, 3]
        people = await web.get("user/simplelist", department_id=3)
        assert [p["userid"] for p in people["userlist"]] == ["ZhangMin"]
        assert (await web.get("user/simplelist", department_id=9))["errcode"] == 60003
        assert (await web.post("user/list_id", {}))["errcode"] == 48002
        plain = await web.post(
            "batch/openuserid_to_userid", {"open_userid_list": [corp.open_userid("ZhangMin"), "wo-unknown"]}
        )
        assert plain["userid_list"][0]["userid"] == "ZhangMin"
        assert plain["invalid_open_userid_list"] == ["wo-unknown"]
        await web.login("other-secret")
        assert (await web.get("user/get", userid="zhangmin"))["errcode"] == 60011
        assert [d["id"] for d in (await web.get("department/list"))["department"]] == [2]
        await web.login("directory-secret")
        first = await web.post("user/list_id", {"limit": 2})
        rest = await web.post("user/list_id", {"cursor": first["next_cursor"], "limit": 2})
        assert [r["userid"] for r in (*first["dept_user"], *rest["dept_user"])] == [
            "ZhangMin",
            "liqiang",
            "wangzhiyuan",
        ]
        assert rest["next_cursor"] == ""

    on_web(story)


def test_a_page_learns_who_opened_it_once(on_web: OnWeb) -> None:
    async def story(web: Web) -> None:
        asked = {
            "appid": web.box.world.corp.corp_id,
            "redirect_uri": "https://example.invalid/form?a=1",
            "response_type": "code",
            "scope": "snsapi_base",
            "state": "s1",
        }
        target = login.authorize(web.box.world, asked, "zhangmin")
        assert target.startswith("https://example.invalid/form?a=1&code=")
        code = target.split("code=")[1].split("&")[0]
        assert (await web.get("auth/getuserinfo", code=code))["userid"] == "ZhangMin"
        assert (await web.get("auth/getuserinfo", code=code))["errcode"] == 40029
        late = login.new_code(web.box.world, "zhangmin")
        web.box.world.clock.advance(timedelta(minutes=5, seconds=1))
        assert (await web.get("auth/getuserinfo", code=late))["errcode"] == 40029
        outsider = login.new_code(web.box.world, "visitor")
        assert "openid" in await web.get("auth/getuserinfo", code=outsider)

    on_web(story)


def test_a_group_by_its_webhook(on_web: OnWeb) -> None:
    async def story(web: Web) -> None:
        said = {"msgtype": "text", "text": {"content": "好", "mentioned_list": ["@all"]}}
        assert (await web.post("webhook/send", said, key="wrong"))["errcode"] == 93000
        made = await web.upload("表.xlsx", b"PK" * 10, path="webhook/upload_media")
        file = {"msgtype": "file", "file": {"media_id": made["media_id"]}}
        assert (await web.post("webhook/send", file, key="hook-1"))["errcode"] == 0
        picture = {"base64": base64.b64encode(PNG).decode(), "md5": hashlib.md5(PNG).hexdigest()}
        assert (await web.post("webhook/send", {"msgtype": "image", "image": picture}, key="hook-1"))[
            "errcode"
        ] == 0
        wrong = {"msgtype": "image", "image": picture | {"md5": "0" * 32}}
        assert (await web.post("webhook/send", wrong, key="hook-1"))["errcode"] == 40058
        for _ in range(17):
            assert (await web.post("webhook/send", said, key="hook-1"))["errcode"] == 0
        assert (await web.post("webhook/send", said, key="hook-1"))["errcode"] == 45009
        assert len(web.box.world.groups["hook-1"]) == 19

    on_web(story)


def test_an_app_without_callback_sends_no_card_that_calls_back(on_web: OnWeb) -> None:
    async def story(web: Web) -> None:
        card = {
            "card_type": "button_interaction",
            "main_title": {"title": "题"},
            "button_list": [{"text": "好", "key": "k"}],
            "task_id": "t",
        }
        request = {
            "touser": "zhangmin",
            "agentid": 1000002,
            "msgtype": "template_card",
            "template_card": card,
        }
        assert (await web.post("message/send", request))["errcode"] == 43012
        card["button_list"] = [{"type": 1, "text": "打开", "url": "https://example.invalid"}]
        assert (await web.post("message/send", request))["errcode"] == 0

    on_web(story)


def test_too_many_calls_of_one_api(on_web: OnWeb) -> None:
    async def story(web: Web) -> None:
        web.box.world.windows.hit("api:user/get", web.box.world.now(), 10_000)
        assert (await web.get("user/get", userid="zhangmin"))["errcode"] == 45009
        web.box.world.clock.advance(timedelta(minutes=1))
        assert (await web.get("user/get", userid="zhangmin"))["errcode"] == 0

    on_web(story)


def test_wrong_secrets_shut_an_address_out_for_an_hour(on_web: OnWeb) -> None:
    async def story(web: Web) -> None:
        query = {"corpid": web.box.world.corp.corp_id, "corpsecret": "wrong"}
        codes = [(await web.get("gettoken", **query))["errcode"] for _ in range(21)]
        assert codes == [40001] * 20 + [45009]
        right = query | {"corpsecret": "app-secret"}
        assert (await web.get("gettoken", **right))["errcode"] == 45009
        web.box.world.clock.advance(timedelta(hours=1))
        assert (await web.get("gettoken", **right))["errcode"] == 0

    on_web(story)


def test_arranged_trouble(on_web: OnWeb) -> None:
    async def story(web: Web) -> None:
        faults, phones = web.box.world.faults, web.box.world.phones
        faults.arm(Fault("message/send", "code", 45009, times=2))
        assert [(await web.post("message/send", text()))["errcode"] for _ in range(3)] == [45009, 45009, 0]
        faults.arm(Fault("message/send", "html"))
        with pytest.raises(aiohttp.ContentTypeError):
            await web.post("message/send", text())
        for kind, came in (("cut", 1), ("cut_after", 2)):
            faults.arm(Fault("message/send", kind))
            with pytest.raises(aiohttp.ClientError):
                await web.post("message/send", text())
            assert len(phones.chat("zhangmin")) == came
        faults.arm(Fault("message/send", "slow", seconds=30))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(web.post("message/send", text()), 0.1)
        web.box.world.switches.drop_messages = 1
        assert (await web.post("message/send", text()))["errcode"] == 0
        assert len(phones.chat("zhangmin")) == 2
        with pytest.raises(ValueError, match="no such fault"):
            Fault("message/send", "earthquake")

    on_web(story)
