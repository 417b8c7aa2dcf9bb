"""Payloads of the simulated phones read into events; nothing in them is believed beyond its shape."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.events import Event, Filled, Joined, Tapped, Text, Unreadable, Uploaded, WasRead

TEXT_LIMIT = 4000
NAME_LIMIT = 255
TOKEN_LIMIT = 256
USER_LIMIT = 64
CONTENT_LIMIT = (
    8 * 1024 * 1024
)  # base64 of the 5 MB a workbook may have, and room for the sentence that refuses more
KEY_LIMIT = 300
ANSWERS_LIMIT = 200
UPLOAD_KINDS = ("file", "picture", "voice", "sticker")


def reference(key: str) -> str:
    """What the simulator calls the message of that key."""
    return f"sim-{key}"


class _Refused(Exception):
    """The payload is not one of ours; the reason is for the log."""


def read(message_id: str, payload: Mapping[str, Any], at: datetime) -> Event:
    """The event in a payload; a payload of the wrong shape is ``Unreadable``, never an exception.

    Exactly the keys of its type are allowed: a repeated, missing or extra key, a number where a text belongs,
    a lone surrogate (N22) or an oversize text make it unreadable (M07).
    """
    who = _who(payload)
    try:
        return _read(message_id, payload, at)
    except _Refused as refused:
        return Unreadable(message_id, who, at, str(refused))


def _read(message_id: str, payload: Mapping[str, Any], at: datetime) -> Event:
    if not isinstance(payload, Mapping):
        raise _Refused("not an object")
    kind = payload.get("type")
    if not isinstance(kind, str) or kind not in READERS:
        raise _Refused("unknown type")
    keys, reader = READERS[kind]
    if set(payload) - {"content"} != {"type", "user", *keys} or ("content" in payload and kind != "upload"):
        raise _Refused(f"{kind}: wrong keys")
    return reader(message_id, _text(payload["user"], "user", USER_LIMIT), payload, at)


def _said(message_id: str, who: str, payload: Mapping[str, Any], at: datetime) -> Event:
    return Text(message_id, who, at, _text(payload["text"], "text", TEXT_LIMIT))


def _tapped(message_id: str, who: str, payload: Mapping[str, Any], at: datetime) -> Event:
    return Tapped(message_id, who, at, *_pressed(payload))


def _filled(message_id: str, who: str, payload: Mapping[str, Any], at: datetime) -> Event:
    return Filled(message_id, who, at, *_pressed(payload), _answers(payload["answers"]))


def _uploaded(message_id: str, who: str, payload: Mapping[str, Any], at: datetime) -> Event:
    kind = _text(payload["kind"], "kind", 16)
    if kind not in UPLOAD_KINDS:
        raise _Refused("unknown kind of upload")
    name = _text(payload["name"], "name", NAME_LIMIT, empty=True)
    return Uploaded(message_id, who, at, kind, name, _content(payload.get("content", "")))


def _content(raw: object) -> bytes:
    """The bytes of an upload, base64 in the payload."""
    if not isinstance(raw, str) or len(raw) > CONTENT_LIMIT:
        raise _Refused("content: not a short text")
    try:
        return b64decode(raw, validate=True)
    except ValueError as error:
        raise _Refused("content: not base64") from error


def _joined(message_id: str, who: str, _payload: Mapping[str, Any], at: datetime) -> Event:
    return Joined(message_id, who, at)


def _read_receipt(message_id: str, who: str, payload: Mapping[str, Any], at: datetime) -> Event:
    return WasRead(message_id, who, at, reference(_text(payload["key"], "key", KEY_LIMIT)), (who,))


Reader = Callable[[str, str, Mapping[str, Any], datetime], Event]
READERS: dict[str, tuple[tuple[str, ...], Reader]] = {
    "text": (("text",), _said),
    "tap": (("token", "action"), _tapped),
    "fill": (("token", "action", "answers"), _filled),
    "upload": (("kind", "name"), _uploaded),
    "join": ((), _joined),
    "read": (("key",), _read_receipt),
}


def _pressed(payload: Mapping[str, Any]) -> tuple[str, str]:
    return _text(payload["token"], "token", TOKEN_LIMIT), _text(payload["action"], "action", TOKEN_LIMIT)


def _answers(raw: object) -> dict[str, str]:
    if not isinstance(raw, Mapping) or len(raw) > ANSWERS_LIMIT:
        raise _Refused("answers: not a small object")
    return {
        _text(k, "answer key", TOKEN_LIMIT): _text(v, "answer", TEXT_LIMIT, empty=True)
        for k, v in raw.items()
    }


def _text(value: object, what: str, limit: int, *, empty: bool = False) -> str:
    if not isinstance(value, str):
        raise _Refused(f"{what}: not a text")
    if len(value) > limit:
        raise _Refused(f"{what}: too long")
    if not value.strip() and not empty:
        raise _Refused(f"{what}: empty")
    if "\0" in value or any("\ud800" <= ch <= "\udfff" for ch in value):
        raise _Refused(f"{what}: not valid text")
    return value


def _who(payload: object) -> str:
    try:
        return _text(payload["user"], "user", USER_LIMIT) if isinstance(payload, Mapping) else ""
    except (KeyError, _Refused):
        return ""
