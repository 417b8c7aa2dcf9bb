"""The exact bodies of the calls that show something, from what was drawn; pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.fields import compact


def short(text: str) -> str:
    """Ten hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def track(token: str, user: str, part: int = 0) -> str:
    """The outTrackId of one person's card: the same card sent again is the same card to DingTalk, so a call of which
    we do not know whether it arrived may be made again (T15)."""
    return f"{token}.{short(user)}" + (f".{part + 1}" if part else "")


def create_card(
    own: Configuration, user: str, out_track: str, values: Mapping[str, str], summary: str
) -> dict[str, Any]:
    """createAndDeliver to one person's chat with the robot; it cannot be forwarded."""
    return {
        "cardTemplateId": own.template_id,
        "outTrackId": out_track,
        "callbackType": "STREAM",
        "userIdType": 1,
        "cardData": {"cardParamMap": dict(values)},
        "openSpaceId": f"dtv1.card//IM_ROBOT.{user}",
        "imRobotOpenSpaceModel": {
            "supportForward": False,
            "lastMessageI18n": {"ZH_CN": summary},
            "notification": {"alertContent": summary, "notificationOff": False},
        },
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": own.robot},
    }


def group_card(
    own: Configuration,
    conversation: str,
    out_track: str,
    values: Mapping[str, str],
    summary: str,
    at: Mapping[str, str],
) -> dict[str, Any]:
    """createAndDeliver to a group, calling people by name (user id -> name): robot messages cannot, and the SDK's own
    call drops them (W12)."""
    return {
        "cardTemplateId": own.template_id,
        "outTrackId": out_track,
        "callbackType": "STREAM",
        "userIdType": 1,
        "cardData": {"cardParamMap": dict(values)},
        "openSpaceId": f"dtv1.card//IM_GROUP.{conversation}",
        "imGroupOpenSpaceModel": {"supportForward": False, "lastMessageI18n": {"ZH_CN": summary}},
        "imGroupOpenDeliverModel": {"robotCode": own.robot, "atUserIds": dict(at)},
    }


def update_card(out_track: str, values: Mapping[str, str]) -> dict[str, Any]:
    """A later change of a card."""
    return {
        "outTrackId": out_track,
        "userIdType": 1,
        "cardData": {"cardParamMap": dict(values)},
        "cardUpdateOptions": {"updateCardDataByKey": True},
    }


def card_answer(values: Mapping[str, str]) -> dict[str, Any]:
    """The change of a tapped card inside of the ACK."""
    return {
        "cardUpdateOptions": {"updateCardDataByKey": True},
        "cardData": {"cardParamMap": dict(values)},
    }


def batch(own: Configuration, users: Sequence[str], key: str, param: Mapping[str, str]) -> dict[str, Any]:
    """batchSend to at most twenty people."""
    return {"robotCode": own.robot, "userIds": list(users), "msgKey": key, "msgParam": compact(param)}


def group(own: Configuration, conversation: str, key: str, param: Mapping[str, str]) -> dict[str, Any]:
    """A robot's message to a group."""
    return {
        "robotCode": own.robot,
        "openConversationId": conversation,
        "msgKey": key,
        "msgParam": compact(param),
    }


def markdown(title: str, text: str) -> tuple[str, dict[str, str]]:
    """(msgKey, msgParam) of a Markdown message."""
    return "sampleMarkdown", {"title": title, "text": text}


def file(media_id: str, name: str) -> tuple[str, dict[str, str]]:
    """(msgKey, msgParam) of a file."""
    return "sampleFile", {
        "mediaId": media_id,
        "fileName": name,
        "fileType": name.rpartition(".")[2].lower(),
    }


def picture(media_id: str) -> tuple[str, dict[str, str]]:
    """(msgKey, msgParam) of a picture."""
    return "sampleImageMsg", {"photoURL": media_id}


def notice(title: str, text: str, key: str) -> str:
    """The msg of a 工作通知. DingTalk drops what it has sent to a person the same day: the number tells two messages
    of the same words apart, and keeps a repetition of the same message from arriving twice."""
    signed = f"{text}  \n编号 {short(key)}"
    return compact({"msgtype": "markdown", "markdown": {"title": title, "text": signed}})


def notice_form(own: Configuration, users: Sequence[str], msg: str) -> dict[str, Any]:
    """asyncsend_v2 to at most a hundred people."""
    return {"agent_id": int(own.agent_id), "userid_list": ",".join(users), "msg": json.loads(msg)}
