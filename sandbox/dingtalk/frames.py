"""The frames of the stream: what the server writes, what an ACK must hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.dingtalk.documented import CALLBACK_ANSWER, EVENT_ANSWER

ROBOT_TOPIC = "/v1.0/im/bot/messages/get"
CARD_TOPIC = "/v1.0/card/instances/callback"
EVENT_TOPIC = "*"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame to push; the same ``id`` every time it is pushed again."""

    id: str
    kind: str  # CALLBACK, EVENT or SYSTEM
    topic: str
    data: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    def text(self, app_id: str, connection_id: str, at: int) -> str:
        """The frame as it is written to a connection."""
        headers = {
            "appId": app_id,
            "connectionId": connection_id,
            "contentType": "application/json",
            "messageId": self.id,
            "time": str(at),
            "topic": self.topic,
            **self.headers,
        }
        whole = {
            "specVersion": "1.0",
            "type": self.kind,
            "headers": headers,
            "data": json.dumps(self.data, ensure_ascii=False),
        }
        return json.dumps(whole, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Ack:
    """A client's answer to a frame; ``wrong`` is why the documents do not know it."""

    id: str
    code: int
    data: Mapping[str, Any]
    wrong: str = ""

    @property
    def later(self) -> bool:
        """Whether the client asks to be given the event again."""
        return self.data.get("status") == "LATER"


def read_ack(text: str) -> Ack | None:
    """The ACK in a message of a client; None when it is not one at all."""
    try:
        raw = json.loads(text)
        headers = raw["headers"]
        message_id, code = str(headers["messageId"]), int(raw["code"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    wrong = "" if headers.get("contentType") == "application/json" else "ACK: contentType"
    wrong = wrong or ("" if code in (200, 400, 404, 500) else f"ACK: code {code}")
    data, unread = _data(raw.get("data"))
    return Ack(message_id, code, data, wrong or unread)


def _data(written: Any) -> tuple[Mapping[str, Any], str]:
    if written in (None, ""):
        return {}, ""
    if not isinstance(written, str):
        return {}, "ACK: data is not a JSON string"
    try:
        data = json.loads(written)
    except (ValueError, RecursionError):
        return {}, "ACK: data is not JSON"
    return (data, "") if isinstance(data, dict) else ({}, "ACK: data is not an object")


def wrong_event_ack(ack: Ack) -> str:
    """Why an event's ACK is not as documented."""
    return EVENT_ANSWER.wrong(dict(ack.data), "ACK.data")


def card_answer(ack: Ack) -> tuple[dict[str, Any], str]:
    """What a card's ACK changes, and why it is not as documented. A plain word or nothing changes nothing."""
    answer = ack.data.get("response")
    if not isinstance(answer, dict):
        return {}, ""
    wrong = CALLBACK_ANSWER.wrong(answer, "ACK.data.response")
    return ({}, wrong) if wrong else (answer, "")
