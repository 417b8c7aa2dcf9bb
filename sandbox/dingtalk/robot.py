"""The robot's APIs: messages to people and groups, read lists, recall, files people sent, DING."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sandbox.dingtalk import documented
from sandbox.dingtalk.calls import Api, Call
from sandbox.dingtalk.chats import GROUP, ROBOT, Message, Query
from sandbox.dingtalk.refusals import Refused, Wrong
from sandbox.dingtalk.world import World

SEND = "qyapi_robot_sendmsg"
#: message kinds that show a file or picture uploaded before, and the parameter that names it.
MEDIA = {"sampleFile": "mediaId", "sampleAudio": "mediaId", "sampleVideo": "videoMediaId"}


def batch_send(call: Call) -> Mapping[str, Any]:
    """oToMessages/batchSend: to at most twenty people; who did not get it is told by person."""
    world, users = call.world, list(call.body["userIds"])
    robot = _robot(call)
    if len(users) > world.rules.batch_users:
        raise Refused(400, "invalidParameter.userIds.overMax", "userIds超过最大值")
    kind, body = _content(call)
    unknown = [user for user in users if not _reached(world, user)]
    known = [user for user in users if user not in unknown]
    slowed = [u for u in known if world.directory.people[u].slowed or not world.quota.robot_has_room(robot)]
    query = _query(world, robot)
    for user in known:
        if user not in slowed:
            query.messages.append(show(world, user, kind, body, query=query.key))
    return {
        "processQueryKey": query.key,
        "invalidStaffIdList": unknown,
        "flowControlledStaffIdList": slowed,
    }


def show(
    world: World, user: str, kind: str, body: Mapping[str, Any], *, query: str = "", card: str = ""
) -> Message:
    """A message of the robot appears in somebody's chat with it."""
    message = Message(
        world.fresh_id("msg"),
        world.clock.now(),
        ROBOT,
        f"robot:{user}",
        user,
        kind,
        body,
        card=card,
        query=query,
    )
    return world.chats.put(message)


def _reached(world: World, user: str) -> bool:
    person = world.directory.reach(user)
    return bool(person and not person.broken)


def _robot(call: Call) -> str:
    robot = str(call.body["robotCode"])
    if robot != call.client.client_id:
        raise Refused(400, "invalidParameter.robotCode.notExsit", "robotCode不存在")
    return robot


def _content(call: Call) -> tuple[str, dict[str, Any]]:
    """What the message says. Raises Refused for a kind or parameters the platform does not know."""
    kind = str(call.body["msgKey"])
    if kind not in documented.MSG_PARAMS:
        raise Refused(400, "invalidParameter.msgKey.invalid", "msgKey无效")
    try:
        body = json.loads(call.body["msgParam"])
    except (ValueError, RecursionError) as error:
        raise Refused(400, "invalidParameter.msgParam.invalid", "msgParam不是JSON") from error
    if why := documented.MSG_PARAMS[kind].wrong(body, "msgParam"):
        raise Wrong(why)
    if kind in MEDIA and body[MEDIA[kind]] not in call.world.media.uploaded:
        raise Wrong(f"msgParam.{MEDIA[kind]}: there is no such media")
    return kind, body


def _query(world: World, robot: str, group: str = "") -> Query:
    query = Query(world.fresh_id("pqk+/"), world.clock.now(), robot, [], group)
    world.chats.queries[query.key] = query
    return query


def _asked(call: Call, key: str) -> Query:
    query = call.world.chats.queries.get(key)
    if query is None or query.robot != _robot(call):
        raise Refused(400, "invalidParameter.processQueryKey.invalid", "processQueryKey无效")
    life = timedelta(hours=call.world.rules.query_hours)
    if query.at + life < call.world.clock.now():
        raise Refused(400, "processQueryKey.expireTime", "processQueryKey已过期")
    return query


def read_status(call: Call) -> Mapping[str, Any]:
    """oToMessages/readStatus: who has read, within 24 hours."""
    query = _asked(call, call.body["processQueryKey"])
    recalled = all(m.recalled for m in query.messages) and bool(query.messages)
    people = call.world.directory.people
    read = [
        {
            "name": people[m.owner].name,
            "userId": m.owner,
            "readStatus": "READ" if m.owner in m.read else "UNREAD",
        }
        for m in query.messages
    ]
    return {"sendStatus": "RECALLED" if recalled else "SUCCESS", "messageReadInfoList": read}


def recall(call: Call) -> Mapping[str, Any]:
    """otoMessages/batchRecall and groupMessages/recall: the message disappears without a trace."""
    done, failed = [], {}
    for key in call.body["processQueryKeys"]:
        try:
            query = _asked(call, key)
        except Refused as refused:
            failed[key] = refused.code
            continue
        for message in query.messages:
            message.recalled = True
        done.append(key)
    return {"successResult": done, "failedResult": failed}


def group_send(call: Call) -> Mapping[str, Any]:
    """groupMessages/send: one message into a group the robot is in."""
    world, robot = call.world, _robot(call)
    group = world.chats.groups.get(call.body["openConversationId"])
    if group is None:
        raise Refused(400, "invalidParameter.openConversationId.invalid", "群不存在或机器人不在群里")
    kind, body = _content(call)
    query = _query(world, robot, group.id)
    message = Message(
        world.fresh_id("msg"), world.clock.now(), GROUP, group.id, "", kind, body, query=query.key
    )
    query.messages.append(world.chats.put(message))
    return {"processQueryKey": query.key}


def group_query(call: Call) -> Mapping[str, Any]:
    """groupMessages/query: who of the group has read, by pages."""
    query = _asked(call, call.body["processQueryKey"])
    readers = sorted({user for message in query.messages for user in message.read})
    start = int(call.body.get("nextToken") or 0)
    page = readers[start : start + int(call.body.get("maxResults", 200))]
    more = start + len(page) < len(readers)
    return {
        "sendStatus": "SUCCESS",
        "readUserIds": page,
        "hasMore": more,
        "nextToken": str(start + len(page)) if more else "",
    }


def download(call: Call) -> Mapping[str, Any]:
    """messageFiles/download: a temporary URL for what a person sent."""
    world = call.world
    return {"downloadUrl": world.media.link(world.base, call.body["robotCode"], call.body["downloadCode"])}


def ding(call: Call) -> Mapping[str, Any]:
    """ding/send: inside the app, by short message or by phone."""
    _robot(call)
    users: Sequence[str] = call.body["receiverUserIdList"]
    if call.body["remindType"] > 1 and len(users) > 20:
        raise Wrong("receiverUserIdList: at most 20 for short messages and calls")
    for user in filter(call.world.directory.reach, users):
        show(call.world, user, "ding", {"content": call.body["content"], "type": call.body["remindType"]})
    return {"openDingId": call.world.fresh_id("ding")}


_PATH = "/v1.0/robot"
APIS = (
    Api(
        "batchSend",
        "POST",
        f"{_PATH}/oToMessages/batchSend",
        documented.BATCH_SEND,
        batch_send,
        permission=SEND,
    ),
    Api(
        "readStatus",
        "GET",
        f"{_PATH}/oToMessages/readStatus",
        documented.READ_STATUS,
        read_status,
        permission=SEND,
    ),
    Api(
        "batchRecall", "POST", f"{_PATH}/otoMessages/batchRecall", documented.RECALL, recall, permission=SEND
    ),
    Api(
        "groupSend", "POST", f"{_PATH}/groupMessages/send", documented.GROUP_SEND, group_send, permission=SEND
    ),
    Api(
        "groupQuery",
        "POST",
        f"{_PATH}/groupMessages/query",
        documented.GROUP_QUERY,
        group_query,
        permission=SEND,
    ),
    Api(
        "groupRecall",
        "POST",
        f"{_PATH}/groupMessages/recall",
        documented.GROUP_RECALL,
        recall,
        permission=SEND,
    ),
    Api(
        "messageFiles",
        "POST",
        f"{_PATH}/messageFiles/download",
        documented.DOWNLOAD,
        download,
        permission=SEND,
    ),
    Api("ding", "POST", f"{_PATH}/ding/send", documented.DING, ding, permission="Premium.Ding.Write"),
)
