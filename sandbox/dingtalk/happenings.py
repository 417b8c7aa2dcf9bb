"""What people's doings make the platform push: robot messages, card callbacks, events; each in its documented shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.dingtalk.cards import Card
from sandbox.dingtalk.chats import GROUP, Message
from sandbox.dingtalk.directory import Person
from sandbox.dingtalk.frames import CARD_TOPIC, EVENT_TOPIC, ROBOT_TOPIC
from sandbox.dingtalk.gateway import Push
from sandbox.dingtalk.world import World

#: a sessionWebhook of the vendor's own samples lives this long.
SESSION_LIFE = timedelta(minutes=90)
OVER = "受调用量超量影响，消息内容不可见"


@dataclass(frozen=True, slots=True)
class Session:
    """Where a sessionWebhook leads."""

    user: str
    group: str
    until: datetime


def robot_message(world: World, robot: str, message: Message, person: Person, msgtype: str) -> Push:
    """Somebody wrote to the robot; beyond the month's pushes the frame comes without what was written."""
    data = _envelope(world, robot, message, person, msgtype)
    if world.quota.push():
        data |= {"text" if msgtype == "text" else "content": dict(message.body)}
    else:
        data |= {"errorCode": 20001, "errorMessage": OVER}
    rules = world.rules
    return world.gateway.push(
        robot,
        "CALLBACK",
        ROBOT_TOPIC,
        data,
        seconds=rules.robot_seconds,
        pauses=(0.0,) * (rules.robot_tries - 1),
    )


def _envelope(world: World, robot: str, message: Message, person: Person, msgtype: str) -> dict[str, Any]:
    in_group = message.space == GROUP
    session = world.fresh_id("s")
    until = world.clock.now() + SESSION_LIFE
    world.sessions[session] = Session(person.user_id, message.chat if in_group else "", until)
    data: dict[str, Any] = {
        "conversationId": message.chat if in_group else f"cid{person.user_id}sandbox==",
        "conversationType": "2" if in_group else "1",
        "chatbotCorpId": world.directory.corp_id,
        "chatbotUserId": f"$:LWCP_v1:$robot{robot}",
        "msgId": message.id,
        "senderNick": person.name,
        "isAdmin": False,
        "senderStaffId": person.user_id,
        "senderUnionId": person.union_id,
        "senderId": f"$:LWCP_v1:${person.union_id}",
        "senderCorpId": person.corp or world.directory.corp_id,
        "senderPlatform": "Win",
        "sessionWebhook": f"{world.base}/robot/sendBySession?session={session}",
        "sessionWebhookExpiredTime": int(until.timestamp() * 1000),
        "createAt": world.clock.milliseconds(),
        "robotCode": robot,
        "msgtype": msgtype,
    }
    if in_group:
        data |= {
            "conversationTitle": world.chats.groups[message.chat].title,
            "isInAtList": True,
            "atUsers": [{"dingtalkId": data["chatbotUserId"]}],
        }
    if not person.visible:  # somebody outside has no staffId
        del data["senderStaffId"]
    return data


def card_callback(
    world: World, card: Card, message: Message, person: Person, action: str, params: Mapping[str, Any]
) -> Push:
    """Somebody tapped a card; two seconds for an answer."""
    content = {"cardPrivateData": {"actionIds": [action], "params": dict(params)}}
    data = {
        "type": "actionCallback",
        "outTrackId": card.id,
        "corpId": person.corp or world.directory.corp_id,
        "userId": person.union_id if card.by_union else person.user_id,
        "userIdType": 2 if card.by_union else 1,
        "spaceType": "IM",
        "spaceId": message.chat if message.space == GROUP else f"cid{message.owner}sandbox==",
        "extension": "{}",
        "content": json.dumps(content, ensure_ascii=False),
    }
    if world.rules.callbacks_count and not world.quota.push():
        data = {"outTrackId": card.id, "errorCode": 20001, "errorMessage": OVER}
    rules = world.rules
    return world.gateway.push(
        card.app,
        "CALLBACK",
        CARD_TOPIC,
        data,
        seconds=rules.card_seconds,
        pauses=(0.0,) * (rules.card_tries - 1),
    )


def event(world: World, app: str, kind: str, data: Mapping[str, Any], *, free: bool = False) -> Push:
    """Something the app subscribed to in the console happened."""
    if not free and not world.quota.push():
        data = {"errCode": 20001, "errMsg": OVER}
    headers = {
        "eventType": kind,
        "eventId": world.fresh_id("e"),
        "eventCorpId": world.directory.corp_id,
        "eventBornTime": str(world.clock.milliseconds()),
        "eventUnifiedAppId": app,
    }
    return world.gateway.push(
        app,
        "EVENT",
        EVENT_TOPIC,
        data,
        seconds=world.rules.event_seconds,
        pauses=world.rules.event_pauses,
        headers=headers,
    )


def read_event(world: World, message: Message, person: Person, robot: str) -> Push:
    """robot_msg_read: somebody has a message of the robot on the screen."""
    data = {
        "unionId": person.union_id,
        "operatTime": str(world.clock.milliseconds()),
        "robotCode": robot,
        "openConversationId": f"cid{person.user_id}sandbox==",
        "userId": person.user_id,
        "processQueryKey": message.query,
    }
    return event(world, robot, "robot_msg_read", data)


def left_organisation(world: World, user_id: str) -> list[Push]:
    """Somebody leaves: out of the directory, and every app is told."""
    world.directory.people[user_id].active = False
    data = {"timeStamp": str(world.clock.milliseconds()), "userId": [user_id]}
    return [event(world, app, "user_leave_org", data, free=True) for app in world.apps]
