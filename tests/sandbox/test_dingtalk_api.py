"""The OpenAPI of the local DingTalk: what it takes, what it refuses loudly, and failures hidden inside successes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from sandbox.dingtalk import Rules, World
from sandbox.dingtalk import faults as arming
from sandbox.dingtalk.chats import Group
from sandbox.dingtalk.phones import Phone
from tests.sandbox.conftest import TEMPLATE, Caller, calling, small_world

ROBOT = "/v1.0/robot"
NOTICE = "/topapi/message/corpconversation"
CARDS = "/v1.0/card/instances"
TEXT = {"robotCode": "app", "userIds": ["zhangmin"], "msgKey": "sampleText", "msgParam": '{"content":"你好"}'}
MSG = {"msgtype": "text", "text": {"content": "三季度附表1该报了"}}
DELIVER = {
    "cardTemplateId": TEMPLATE,
    "outTrackId": "t1",
    "callbackType": "STREAM",
    "cardData": {"cardParamMap": {"title": "三季度", "asks": "true"}},
    "openSpaceId": "dtv1.card//IM_ROBOT.zhangmin",
    "imRobotOpenSpaceModel": {"supportForward": False},
    "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": "app"},
}


def run(world: World, story: Callable[[Caller], Awaitable[None]]) -> None:
    async def go() -> None:
        async with calling(world) as caller:
            await story(caller)

    asyncio.run(go())


def with_(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body changed; None takes a key away."""
    changed = {**body, **changes}
    return {key: value for key, value in changed.items() if value is not None}


# -- loud refusals ----------------------------------------------------------------------------------

SEND = ("POST", f"{ROBOT}/oToMessages/batchSend")
MAKE = ("POST", f"{CARDS}/createAndDeliver")
TELL = ("POST", f"{NOTICE}/asyncsend_v2")
UNDOCUMENTED = [
    (*SEND, with_(TEXT, robot_code="app"), "robot_code: there is no such field"),
    (*SEND, with_(TEXT, msgKey=None), "msgKey: missing"),
    (*SEND, with_(TEXT, userIds="zhangmin"), "userIds: an array, not a string"),
    (*SEND, with_(TEXT, msgParam={"content": "x"}), "msgParam: a string, not an object"),
    (*SEND, with_(TEXT, msgParam='{"text":"x"}'), "msgParam.text: there is no such field"),
    (
        *SEND,
        with_(TEXT, msgKey="sampleFile", msgParam='{"mediaId":"@no","fileName":"a.xlsx","fileType":"xlsx"}'),
        "no such media",
    ),
    (*MAKE, with_(DELIVER, title="x"), "title: there is no such field"),
    (*MAKE, with_(DELIVER, outTrackId="x" * 101), "outTrackId: 101 characters, at most 100"),
    (*MAKE, with_(DELIVER, callbackType="stream"), "callbackType"),
    (*MAKE, with_(DELIVER, cardData={"cardParamMap": {"title": 1}}), "a string, not a number"),
    (*MAKE, with_(DELIVER, cardData={"cardParamMap": {"titel": "x"}}), "the template has no such variable"),
    (
        *MAKE,
        with_(DELIVER, cardData={"cardParamMap": {"form": '{"fields":[]}'}}),
        "form: belongs into privateData",
    ),
    (*MAKE, with_(DELIVER, cardData={"cardParamMap": {"title": "长" * 3000}}), "9000 bytes, at most 8192"),
    (*MAKE, with_(DELIVER, cardData={"cardParamMap": {"asks": "是"}}), "asks: not the JSON of a boolean"),
    (
        *MAKE,
        with_(
            DELIVER,
            privateData={"zhangmin": {"cardParamMap": {"form": '{"fields":[{"name":"a","type":"MONEY"}]}'}}},
        ),
        "MONEY",
    ),
    (
        *TELL,
        {"agent_id": 1, "userid_list": "zhangmin", "msg": {**MSG, "markdown": {"title": "a", "text": "b"}}},
        "exactly msgtype and text",
    ),
    (
        *TELL,
        {
            "agent_id": 1,
            "userid_list": "zhangmin",
            "msg": {"msgtype": "text", "text": {"content": "长" * 700}},
        },
        "at most 2048",
    ),
    (
        *TELL,
        {"agent_id": 1, "userid_list": ",".join(f"u{n}" for n in range(101)), "msg": MSG},
        "101 people, at most 100",
    ),
    ("POST", "/topapi/v2/user/list", {"dept_id": 1, "cursor": 0, "size": 101}, "size: 101 is not 1…100"),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "why"), UNDOCUMENTED, ids=[row[3] for row in UNDOCUMENTED]
)
def test_what_the_documents_do_not_know_is_refused_and_kept(
    world: World, method: str, path: str, body: Any, why: str
) -> None:
    async def story(caller: Caller) -> None:
        status, answer = await caller.call(method, path, body)
        assert (status, answer["code"]) == (400, "sandbox.undocumented")
        assert why in answer["message"]

    run(world, story)
    assert len(world.complaints) == 1
    assert world.chats.messages == []


DOCUMENTED = [
    (*SEND, with_(TEXT, userIds=[f"u{n}" for n in range(21)]), "invalidParameter.userIds.overMax"),
    (*SEND, with_(TEXT, msgKey="sampleHtml"), "invalidParameter.msgKey.invalid"),
    (*SEND, with_(TEXT, msgParam="{"), "invalidParameter.msgParam.invalid"),
    (*SEND, with_(TEXT, robotCode="other"), "invalidParameter.robotCode.notExsit"),
    (*MAKE, with_(DELIVER, cardTemplateId="no.schema"), "param.templateNotExist"),
    (*MAKE, with_(DELIVER, openSpaceId="IM_ROBOT.zhangmin"), "param.openSpaceIdInvalid"),
    (*MAKE, with_(DELIVER, privateData={"nobody": {"cardParamMap": {}}}), "param.userIdNotExist"),
    ("PUT", CARDS, {"outTrackId": "t9", "cardData": {"cardParamMap": {"title": "x"}}}, "param.cardNotExist"),
    (
        "POST",
        f"{ROBOT}/messageFiles/download",
        {"downloadCode": "no", "robotCode": "app"},
        "invalidParameter.robotCode.downloadCode",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "code"), DOCUMENTED, ids=[row[3] for row in DOCUMENTED])
def test_documented_mistakes_have_their_documented_code(
    world: World, method: str, path: str, body: Any, code: str
) -> None:
    async def story(caller: Caller) -> None:
        status, answer = await caller.call(method, path, body)
        assert (status, answer["code"]) == (400, code)

    run(world, story)
    assert world.complaints == []


# -- tokens, permission, limits ---------------------------------------------------------------------


def test_a_token_is_the_same_while_it_lives_and_dies_with_its_time(world: World) -> None:
    async def story(caller: Caller) -> None:
        first = caller.token
        await caller.login()
        assert caller.token == first
        world.clock.set(world.clock.now() + timedelta(seconds=7201))
        assert (await caller.call(*SEND, TEXT))[1]["code"] == "InvalidAuthentication"
        assert (await caller.call("POST", "/topapi/v2/user/get", {"userid": "zhangmin"}))[1][
            "errcode"
        ] == 40014
        await caller.login()
        assert caller.token != first
        assert (await caller.call(*SEND, TEXT))[0] == 200

    run(world, story)


def test_twenty_calls_a_second_and_the_month() -> None:
    world = small_world(Rules(calls_a_month=22))

    async def story(caller: Caller) -> None:
        answers = [await caller.call(*SEND, TEXT) for _ in range(21)]
        assert [status for status, _ in answers].count(403) == 1
        assert answers[-1][1]["code"] == "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"
        world.clock.set(world.clock.now() + timedelta(seconds=2))
        left = [(await caller.call(*SEND, TEXT))[1].get("code") for _ in range(3)]
        assert left == [None, None, "Forbidden.AccessDenied.ApiCountLimitForOrg"]
        body = {"agent_id": 1, "userid_list": "zhangmin", "msg": MSG}
        assert (await caller.call(*TELL, body))[1]["errcode"] == 90020
        assert (await caller.call("POST", "/topapi/v2/user/get", {"userid": "liqiang"}))[1]["errcode"] == 0

    run(world, story)


FAULTS = [
    ("busy", 500, "system.busy"),
    ("token", 400, "InvalidAuthentication"),
    ("qps", 403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"),
    ("permission", 403, "Forbidden.AccessDenied.AccessTokenPermissionDenied"),
    ("whitelist", 403, "Forbidden.AccessDenied.IpNotInWhiteList"),
]


@pytest.mark.parametrize(("kind", "status", "code"), FAULTS)
def test_an_armed_fault_is_met_once(world: World, kind: str, status: int, code: str) -> None:
    async def story(caller: Caller) -> None:
        arming.arm(world, "batchSend", kind)
        refused = await caller.call(*SEND, TEXT)
        assert (refused[0], refused[1]["code"]) == (status, code)
        assert (await caller.call(*SEND, TEXT))[0] == 200

    run(world, story)


def test_pages_bans_and_cut_lines_instead_of_answers(world: World) -> None:
    async def story(caller: Caller) -> None:
        for kind in ("html", "html502", "cut", "cut_after"):
            arming.arm(world, "batchSend", kind)
        for _ in range(2):
            with pytest.raises(json.JSONDecodeError):
                await caller.call(*SEND, TEXT)
        for _ in range(2):
            with pytest.raises(aiohttp.ClientError):
                await caller.call(*SEND, TEXT)
        assert len(world.chats.messages) == 1  # the last one was done before the line broke

    run(world, story)


def test_a_machine_that_calls_too_often_is_shut_out_for_five_minutes() -> None:
    world = small_world(Rules(calls_per_ip=3))

    async def story(caller: Caller) -> None:
        for _ in range(2):
            await caller.call(*SEND, TEXT)
        async with caller.http.post(caller.base + SEND[1], json=TEXT) as page:
            assert (page.status, page.content_type) == (403, "text/html")
        world.clock.set(world.clock.now() + timedelta(minutes=6))
        assert (await caller.call(*SEND, TEXT))[0] == 200

    run(world, story)


# -- robot messages ---------------------------------------------------------------------------------


def test_batch_send_fails_by_person_and_is_read_and_recalled(world: World) -> None:
    world.directory.people["liqiang"].slowed = True

    async def story(caller: Caller) -> None:
        _, sent = await caller.call(*SEND, with_(TEXT, userIds=["zhangmin", "sunxiao", "nobody", "liqiang"]))
        assert (sent["invalidStaffIdList"], sent["flowControlledStaffIdList"]) == (["nobody"], ["liqiang"])
        Phone(world, "zhangmin").read()
        asked = {"robotCode": "app", "processQueryKey": sent["processQueryKey"]}
        _, read = await caller.call("GET", f"{ROBOT}/oToMessages/readStatus", **asked)
        assert [(r["userId"], r["readStatus"]) for r in read["messageReadInfoList"]] == [
            ("zhangmin", "READ"),
            ("sunxiao", "UNREAD"),
        ]
        keys = {"robotCode": "app", "processQueryKeys": [sent["processQueryKey"], "no"]}
        _, gone = await caller.call("POST", f"{ROBOT}/otoMessages/batchRecall", keys)
        assert gone["successResult"] == [sent["processQueryKey"]]
        assert list(gone["failedResult"]) == ["no"]
        assert Phone(world, "sunxiao").screen() == []
        world.clock.set(world.clock.now() + timedelta(hours=25))
        await caller.login()
        late = await caller.call("GET", f"{ROBOT}/oToMessages/readStatus", **asked)
        assert late[1]["code"] == "processQueryKey.expireTime"

    run(world, story)


def test_a_robot_that_sends_too_much_in_a_minute_is_slowed() -> None:
    world = small_world(Rules(sends_a_minute=2))

    async def story(caller: Caller) -> None:
        everybody = with_(TEXT, userIds=["zhangmin", "sunxiao", "liqiang"])
        assert (await caller.call(*SEND, everybody))[1]["flowControlledStaffIdList"] == ["liqiang"]
        world.clock.set(world.clock.now() + timedelta(seconds=61))
        again = with_(TEXT, userIds=["liqiang"])
        assert (await caller.call(*SEND, again))[1]["flowControlledStaffIdList"] == []

    run(world, story)


def test_a_group_message_and_who_read_it(world: World) -> None:
    world.chats.groups["cid1"] = Group("cid1", "预算科", ["zhangmin", "liqiang"])

    async def story(caller: Caller) -> None:
        body = {
            "robotCode": "app",
            "openConversationId": "cid1",
            "msgKey": "sampleText",
            "msgParam": '{"content":"在吗"}',
        }
        _, sent = await caller.call("POST", f"{ROBOT}/groupMessages/send", body)
        Phone(world, "liqiang").read()
        asked = {"robotCode": "app", "openConversationId": "cid1", "processQueryKey": sent["processQueryKey"]}
        _, read = await caller.call("POST", f"{ROBOT}/groupMessages/query", asked)
        assert (read["readUserIds"], read["hasMore"]) == (["liqiang"], False)
        assert [m["body"] for m in Phone(world, "zhangmin").screen()] == [{"content": "在吗"}]

    run(world, story)


# -- 工作通知 ----------------------------------------------------------------------------------------


def test_a_notice_is_silently_dropped_the_second_time_a_day(world: World) -> None:
    async def story(caller: Caller) -> None:
        body = {"agent_id": 1, "userid_list": "zhangmin,nobody", "msg": MSG}
        first = (await caller.call(*TELL, body))[1]
        again = (await caller.call(*TELL, body))[1]
        assert (first["errcode"], again["errcode"]) == (0, 0)
        _, result = await caller.call(
            "POST", f"{NOTICE}/getsendresult", {"agent_id": 1, "task_id": again["task_id"]}
        )
        assert result["send_result"]["forbidden_list"] == [
            {"code": "143106", "count": 1, "userid": "zhangmin"}
        ]
        assert result["send_result"]["invalid_user_id_list"] == ["nobody"]
        assert len(Phone(world, "zhangmin").screen()) == 1
        world.clock.set(world.clock.now() + timedelta(days=1))
        await caller.login()
        await caller.call(*TELL, body)
        assert len(Phone(world, "zhangmin").screen()) == 2

    run(world, story)


def test_notices_to_a_department_reach_those_below_and_can_be_recalled(world: World) -> None:
    async def story(caller: Caller) -> None:
        _, sent = await caller.call(*TELL, {"agent_id": 1, "dept_id_list": "1", "msg": MSG})
        assert [len(Phone(world, user).screen()) for user in ("liqiang", "zhangmin", "sunxiao")] == [1, 1, 1]
        Phone(world, "zhangmin").read()
        _, result = await caller.call(
            "POST", f"{NOTICE}/getsendresult", {"agent_id": 1, "task_id": sent["task_id"]}
        )
        assert result["send_result"]["read_user_id_list"] == ["zhangmin"]
        await caller.call("POST", f"{NOTICE}/recall", {"agent_id": 1, "msg_task_id": sent["task_id"]})
        assert Phone(world, "zhangmin").screen() == []

    run(world, story)


# -- files ------------------------------------------------------------------------------------------


def test_a_file_there_and_back(world: World) -> None:
    async def story(caller: Caller) -> None:
        form = aiohttp.FormData()
        form.add_field("type", "file")
        form.add_field("media", b"PK..", filename="附表1.xlsx")
        url = f"{caller.base}/media/upload?access_token={caller.token}"
        async with caller.http.post(url, data=form) as response:
            media_id = (await response.json())["media_id"]
        param = json.dumps({"mediaId": media_id, "fileName": "附表1.xlsx", "fileType": "xlsx"})
        await caller.call(*SEND, with_(TEXT, msgKey="sampleFile", msgParam=param))
        assert Phone(world, "zhangmin").screen()[0]["body"]["mediaId"] == media_id
        Phone(world, "zhangmin").send_file("填好的.xlsx", b"filled")
        code = Phone(world, "zhangmin").screen()[1]["body"]["downloadCode"]
        asked = {"downloadCode": code, "robotCode": "app"}
        _, link = await caller.call("POST", f"{ROBOT}/messageFiles/download", asked)
        async with caller.http.get(link["downloadUrl"]) as response:
            assert await response.read() == b"filled"
        world.clock.set(world.clock.now() + timedelta(seconds=601))
        async with caller.http.get(link["downloadUrl"]) as response:
            assert response.status == 403
        other = await caller.call("POST", f"{ROBOT}/messageFiles/download", {**asked, "robotCode": "other"})
        assert other[1]["code"] == "invalidParameter.robotCode.auth"

    run(world, story)


@pytest.mark.parametrize(
    ("kind", "name", "errcode"),
    [("sheet", "a.xlsx", 40004), ("file", "a.exe", 40005), ("voice", "a.amr", 40009)],
)
def test_uploads_the_platform_does_not_take(kind: str, name: str, errcode: int) -> None:
    world = small_world(Rules(voice_bytes=2))

    async def story(caller: Caller) -> None:
        form = aiohttp.FormData()
        form.add_field("type", kind)
        form.add_field("media", b"123", filename=name)
        url = f"{caller.base}/media/upload?access_token={caller.token}"
        async with caller.http.post(url, data=form) as response:
            assert (await response.json())["errcode"] == errcode

    run(world, story)


# -- cards ------------------------------------------------------------------------------------------


def test_a_delivery_that_fails_does_so_inside_of_a_success(world: World) -> None:
    world.directory.people["sunxiao"].broken = True

    async def story(caller: Caller) -> None:
        both = "dtv1.card//IM_ROBOT.zhangmin;IM_ROBOT.sunxiao;IM_ROBOT.nobody"
        status, body = await caller.call(*MAKE, with_(DELIVER, openSpaceId=both))
        told = [(r["spaceId"], r["success"], r["errorMsg"]) for r in body["result"]["deliverResults"]]
        assert status == 200
        assert told == [
            ("zhangmin", True, ""),
            ("sunxiao", False, "spaceId is illegal"),
            ("nobody", False, "spaceId is illegal"),
        ]
        assert (await caller.call(*MAKE, DELIVER))[1]["code"] == "param.cardAlreadyExist"
        no_model = with_(DELIVER, outTrackId="t2", imRobotOpenSpaceModel=None)
        _, body = await caller.call(*MAKE, no_model)
        assert body["result"]["deliverResults"][0]["errorMsg"] == "imRobotOpenSpaceModel is empty"

    run(world, story)


def test_an_update_overwrites_everything_unless_it_says_by_key(world: World) -> None:
    async def story(caller: Caller) -> None:
        await caller.call(*MAKE, DELIVER)
        card = world.cards.known["t1"]
        options = {"updateCardDataByKey": True}
        change = {"outTrackId": "t1", "cardData": {"cardParamMap": {"title": "改了"}}}
        await caller.call("PUT", CARDS, {**change, "cardUpdateOptions": options})
        assert card.public == {"title": "改了", "asks": "true"}
        await caller.call("PUT", CARDS, change)
        assert card.public == {"title": "改了"}
        empty = await caller.call("PUT", CARDS, {"outTrackId": "t1"})
        assert empty[1]["code"] == "param.cardDataAndPrivateDataBothEmpty"

    run(world, story)


def test_an_unpublished_template_cannot_be_used(world: World) -> None:
    world.templates.known[TEMPLATE].published = False

    async def story(caller: Caller) -> None:
        assert (await caller.call(*MAKE, DELIVER))[1]["code"] == "param.templateUnpublished"

    run(world, story)


# -- contacts and login -----------------------------------------------------------------------------


def test_the_directory_as_an_app_sees_it(world: World) -> None:
    world.directory.people["liqiang"].visible = False

    async def story(caller: Caller) -> None:
        _, subs = await caller.call("POST", "/topapi/v2/department/listsub", {"dept_id": 1})
        assert [d["name"] for d in subs["result"]] == ["新桥小学"]
        _, page = await caller.call("POST", "/topapi/v2/user/list", {"dept_id": 2, "cursor": 0, "size": 1})
        assert ([p["name"] for p in page["result"]["list"]], page["result"]["next_cursor"]) == (["张敏"], 1)
        _, head = await caller.call("POST", "/topapi/v2/user/get", {"userid": "sunxiao"})
        assert head["result"]["leader_in_dept"] == [{"dept_id": 2, "leader": True}]
        assert (await caller.call("POST", "/topapi/v2/user/get", {"userid": "liqiang"}))[1][
            "errcode"
        ] == 60121
        _, found = await caller.call("POST", "/topapi/v2/user/getbymobile", {"mobile": "13800000000"})
        assert found["result"]["userid"] == "zhangmin"

    run(world, story)


def test_a_login_code_works_once_and_five_minutes(world: World) -> None:
    async def story(caller: Caller) -> None:
        path = "/topapi/v2/user/getuserinfo"
        code = Phone(world, "zhangmin").login_code()
        assert (await caller.call("POST", path, {"code": code}))[1]["result"]["userid"] == "zhangmin"
        assert (await caller.call("POST", path, {"code": code}))[1]["errcode"] == 40078
        late = Phone(world, "zhangmin").login_code()
        world.clock.set(world.clock.now() + timedelta(seconds=301))
        assert (await caller.call("POST", path, {"code": late}))[1]["errcode"] == 40078

    run(world, story)


def test_an_api_there_is_not_is_noticed(world: World) -> None:
    async def story(caller: Caller) -> None:
        assert (await caller.call("POST", "/v1.0/robot/otoMessages/batchSend", TEXT))[0] == 404

    run(world, story)
    assert world.complaints == ["POST /v1.0/robot/otoMessages/batchSend: there is no such API"]
