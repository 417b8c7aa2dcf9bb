"""The frames of the long connection: what we say in each, and what one that comes is."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

SUBSCRIBE = "aibot_subscribe"
PING = "ping"
MESSAGE = "aibot_msg_callback"
EVENT = "aibot_event_callback"
RESPOND = "aibot_respond_msg"
WELCOME = "aibot_respond_welcome_msg"
UPDATE = "aibot_respond_update_msg"
PUSH = "aibot_send_msg"
UPLOAD_INIT = "aibot_upload_media_init"
UPLOAD_CHUNK = "aibot_upload_media_chunk"
UPLOAD_FINISH = "aibot_upload_media_finish"
REPLACED = "disconnected_event"

SINGLE = 1
CHUNK_BYTES = 512 * 1024
CHUNKS = 100
FRAME_BYTES = 4 * 1024 * 1024


class BadFrame(Exception):
    """Not a frame."""


def frame(cmd: str, req_id: str, body: Mapping[str, Any] | None = None) -> str:
    """A frame as text."""
    said = {"cmd": cmd, "headers": {"req_id": req_id}, **({"body": dict(body)} if body is not None else {})}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def parsed(text: str | bytes) -> tuple[str, str, dict[str, Any]]:
    """Command ('' for an answer), request id and everything. Raises BadFrame."""
    try:
        found = json.loads(text, parse_constant=_no_constant)
        headers = found.get("headers") or {}
        return str(found.get("cmd") or ""), str(headers.get("req_id") or ""), found
    except (ValueError, AttributeError, RecursionError):
        raise BadFrame from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def event_kind(found: Mapping[str, Any]) -> str:
    """``enter_chat``, ``template_card_event`` …, '' when there is none."""
    body = found.get("body")
    event = body.get("event") if isinstance(body, Mapping) else None
    return str(event.get("eventtype", "")) if isinstance(event, Mapping) else ""


def push(user: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """A message into the conversation with one person."""
    return {"chatid": user, "chat_type": SINGLE, **message}


def update(card: Mapping[str, Any]) -> dict[str, Any]:
    """The tapped card replaced."""
    return {"response_type": "update_template_card", "template_card": dict(card)}


def markdown(text: str) -> dict[str, Any]:
    """A text, in which nothing means anything: no links, no pictures, no emphasis by accident."""
    return {"msgtype": "markdown", "markdown": {"content": text.translate(_PLAIN)}}


_PLAIN = str.maketrans(
    {"[": "［", "]": "］", "`": "｀", "*": "＊", "_": "＿", "|": "｜", "#": "＃", ">": "＞"}
)


def upload(kind: str, name: str, content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """The first frame's body of an upload, and the chunks."""
    chunks = [content[at : at + CHUNK_BYTES] for at in range(0, len(content), CHUNK_BYTES)]
    return {
        "type": kind,
        "filename": name,
        "total_size": len(content),
        "total_chunks": len(chunks),
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
    }, chunks


def chunk(upload_id: str, number: int, content: bytes) -> dict[str, Any]:
    """One chunk's body."""
    return {
        "upload_id": upload_id,
        "chunk_index": number,
        "base64_data": base64.b64encode(content).decode(),
    }
