"""One frame of the stream and the answer to it, as the gateway writes and reads them; whatever is missing is empty."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from platforms.dingtalk.strict import sound

OK, NOT_FOUND, FAILED = 200, 404, 500
SYSTEM, EVENT, CALLBACK = "SYSTEM", "EVENT", "CALLBACK"
DISCONNECT = "disconnect"
READ_EVENT = "robot_msg_read"


@dataclass(frozen=True, slots=True)
class Frame:
    """``data`` is the JSON text as it came. ``event`` and ``event_id`` only in an EVENT."""

    kind: str
    topic: str
    message_id: str
    data: str
    event: str = ""
    event_id: str = ""
    corp: str = ""  # whose event it is


def frame_of(raw: Mapping[str, Any]) -> Frame:
    """The frame in an object from the socket; what has the wrong type counts as missing."""
    found = raw.get("headers")
    headers = found if isinstance(found, Mapping) else {}
    data = raw.get("data")
    return Frame(
        _text(raw.get("type")),
        _text(headers.get("topic")),
        _text(headers.get("messageId")),
        _text(data) if isinstance(data, str) else json.dumps(data),
        _text(headers.get("eventType")),
        _text(headers.get("eventId")),
        _text(headers.get("eventCorpId")),
    )


def _text(value: object) -> str:
    """'' also for half a surrogate pair, which nothing can keep."""
    return value if isinstance(value, str) and sound(value) else ""


async def _nothing() -> None:
    return None


@dataclass(slots=True)
class Ack:
    """The answer to a frame. ``went`` and ``lost`` are called once, when it was written or could not be."""

    message_id: str
    code: int = OK
    data: Mapping[str, Any] = field(default_factory=dict)
    went: Callable[[], Awaitable[None]] = _nothing
    lost: Callable[[], Awaitable[None]] = _nothing

    def to_dict(self) -> dict[str, Any]:
        """As it is written."""
        return {
            "code": self.code,
            "headers": {"contentType": "application/json", "messageId": self.message_id},
            "message": "OK" if self.code == OK else "error",
            "data": json.dumps(self.data, ensure_ascii=False),
        }

    async def settle(self, *, written: bool) -> None:
        """Say once what became of it; the same answer written again (a repeated frame) says nothing."""
        act = self.went if written else self.lost
        self.went = self.lost = _nothing
        await act()
