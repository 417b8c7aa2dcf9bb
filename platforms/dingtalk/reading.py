"""Frames of DingTalk read into events; nothing in them is believed beyond its shape and the verified sender."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.events import WITHHELD, Event, Filled, Tapped, Text, Unreadable, Uploaded, WasRead
from platforms.dingtalk.capabilities import LIMITS
from platforms.dingtalk.choices import said
from platforms.dingtalk.fields import key_of
from platforms.dingtalk.strict import Refused, mapping, parsed, sound, text
from regulation.roster import OTHER_ID

ROBOT = "/v1.0/im/bot/messages/get"
CARD = "/v1.0/card/instances/callback"
#: our own: a file that has been fetched, and a list of readers that has been asked for.
FETCHED, READERS = "fetched", "readers"

USER, TOKEN, NAME, ANSWERS, DIGITS = 64, 100, 255, 200, 30
#: DingTalk's word for what was sent -> ours.
KINDS = {"file": "file", "picture": "picture", "audio": "voice", "video": "voice"}
#: a message kept from us because the month's pushes are used up comes without its body.
OVER_QUOTA = ("errorCode", "errCode")


def read(message_id: str, payload: Mapping[str, Any], at: datetime) -> Event:
    """The event in a frame ``{"topic", "user", "data"}`` (``data`` is the JSON text as it came); what is of no use
    is ``Unreadable``, never an exception."""
    who = _who(payload)
    try:
        reader = READ.get(text(mapping(payload, "frame").get("topic"), "topic", 200))
        if reader is None:
            raise Refused("unknown topic")
        event = reader(message_id, who, payload, at)
        if not event.who and not isinstance(event, WasRead):
            raise Refused("no sender")  # an outsider, or the robot is not published yet
        return event
    except Refused as refused:
        return Unreadable(message_id, who, at, str(refused))


def _who(payload: object) -> str:
    found = payload.get("user", "") if isinstance(payload, Mapping) else ""
    return found if isinstance(found, str) and len(found) <= USER and sound(found) else ""


def body_of(data: str) -> Mapping[str, Any]:
    """The object in a frame's data; empty when it is none: what it then is, is said by ``read``."""
    try:
        return mapping(parsed(data, "data"), "data")
    except Refused:
        return {}


def sender(topic: str, body: Mapping[str, Any]) -> str:
    """The verified user id in a frame's body; the unionid, marked, when there is only that (a robot not yet published
    to this person, a card delivered by unionid); '' for an outsider."""
    union = topic == CARD and body.get("userIdType") in (2, "2")
    key = "senderStaffId" if topic == ROBOT else "userId"
    found = _sound(body.get(key))
    if topic == ROBOT and not found:
        found, union = _sound(body.get("senderUnionId")), True
    return f"{OTHER_ID}{found}" if found and union else found


def _sound(value: object) -> str:
    """'' for what is no id."""
    try:
        return text(value, "id", USER - 1)
    except Refused:
        return ""


def over_quota(body: Mapping[str, Any]) -> bool:
    """Whether DingTalk kept the content back because the month's pushes are used up."""
    return any(str(body.get(key, "")) == "20001" for key in OVER_QUOTA)


def attachment(body: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """(kind, download code, file name) of what a robot message brings along; None when there is nothing to fetch."""
    kind = KINDS.get(str(body.get("msgtype")), "")
    content = body.get("content")
    if body.get("msgtype") == "richText":
        return _picture_in(content)
    if not kind or not isinstance(content, Mapping) or kind == "voice":
        return None
    code, name = content.get("downloadCode"), content.get("fileName", "")
    if not isinstance(code, str) or not code:
        return None
    return kind, code, name if isinstance(name, str) and sound(name) else ""


def rich_text(body: Mapping[str, Any]) -> str:
    """The words of a rich text; '' when there are only pictures."""
    content = body.get("content")
    parts = content.get("richText") if isinstance(content, Mapping) else None
    found = [p.get("text") for p in parts if isinstance(p, Mapping)] if isinstance(parts, list) else []
    return "".join(each for each in found if isinstance(each, str)).strip()


def _picture_in(content: object) -> tuple[str, str, str] | None:
    parts = content.get("richText") if isinstance(content, Mapping) else None
    for part in parts if isinstance(parts, list) else ():
        code = part.get("downloadCode") if isinstance(part, Mapping) else None
        if isinstance(code, str) and code:
            return "picture", code, ""
    return None


# -- one robot message ------------------------------------------------------------------------------


def _robot(message_id: str, who: str, payload: Mapping[str, Any], at: datetime) -> Event:
    body = mapping(parsed(payload.get("data"), "data"), "data")
    if over_quota(body):
        raise Refused(WITHHELD)
    kind = text(body.get("msgtype"), "msgtype", 40)
    if kind in KINDS:
        return Uploaded(message_id, who, at, KINDS[kind], _name(body))
    if kind == "text":
        return _line(message_id, who, mapping(body.get("text"), "text").get("content"), at)
    if kind == "richText" and attachment(body) and not rich_text(body):
        return Uploaded(message_id, who, at, "picture")
    if kind == "richText":
        return _line(message_id, who, rich_text(body), at)
    raise Refused("unknown msgtype")


def _line(message_id: str, who: str, content: object, at: datetime) -> Event:
    line = text(content, "text", LIMITS.answer).strip()
    tapped = said(line)
    if tapped:
        return Tapped(message_id, who, at, *tapped)
    return Text(message_id, who, at, line)


def _name(body: Mapping[str, Any]) -> str:
    content = body.get("content")
    found = content.get("fileName", "") if isinstance(content, Mapping) else ""
    return text(found, "fileName", NAME, empty=True)


# -- one tap ----------------------------------------------------------------------------------------


def _card(message_id: str, who: str, payload: Mapping[str, Any], at: datetime) -> Event:
    body = mapping(parsed(payload.get("data"), "data"), "data")
    private = _private(body)
    params = private.get("params")
    params = params if isinstance(params, Mapping) else {}
    form = params.get("form")
    token = text(params.get("token") or _first_part(body.get("outTrackId")), "token", TOKEN)
    if isinstance(form, Mapping):
        action = text(params.get("action"), "action", TOKEN)
        answers = {**_emptied(params.get("current_form")), **_answers(form)}
        return Filled(message_id, who, at, token, action, answers)
    return Tapped(message_id, who, at, token, text(_action(private), "action", TOKEN))


def _first_part(out_track: object) -> str:
    """The token in an outTrackId of ours, for a template that does not send it along."""
    return text(out_track, "outTrackId", TOKEN).partition(".")[0]


def _private(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part that says what was tapped; documents and clients disagree on where it lies."""
    raw = body.get("content") or body.get("value")
    content = mapping(parsed(raw, "content") if isinstance(raw, str) else raw, "content")
    private = content.get("cardPrivateData", content)
    private = mapping(private, "cardPrivateData")
    if "params" not in private and isinstance(content.get("params"), Mapping):
        return {**private, "params": content["params"]}
    return private


def _action(private: Mapping[str, Any]) -> object:
    ids = private.get("actionIds")
    return ids[0] if isinstance(ids, list) and ids else None


def _answers(form: Mapping[str, Any]) -> dict[str, str]:
    if len(form) > ANSWERS:
        raise Refused("form: too many fields")
    found = {key_of(text(k, "field", TOKEN)): _answer(v) for k, v in form.items()}
    return {key: value for key, value in found.items() if value is not None}


def _emptied(shown: object) -> dict[str, str]:
    """An empty answer for every field the form showed: the component leaves out what was emptied, and sends the form
    as it was displayed beside."""
    fields = shown.get("fields") if isinstance(shown, Mapping) else None
    named = [f.get("name") for f in fields if isinstance(f, Mapping)] if isinstance(fields, list) else []
    return {key_of(text(name, "field", TOKEN)): "" for name in named[:ANSWERS] if isinstance(name, str)}


def _answer(value: object) -> str | None:
    """What was typed: a number or a text by the age of the client, a choice as ``{"index", "value"}``."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return _answer(value.get("value"))
    if isinstance(value, bool):
        raise Refused("answer: not a text")
    if isinstance(value, int | Decimal):
        return _number(Decimal(value))
    return text(value, "answer", LIMITS.answer, empty=True)


def _number(value: Decimal) -> str:
    """The digits as they came, never an exponent."""
    if abs(value.adjusted()) > DIGITS:
        raise Refused("answer: not an amount")
    return f"{value:f}"


# -- events, and what we fetched ourselves ----------------------------------------------------------


def _event(message_id: str, _who: str, payload: Mapping[str, Any], at: datetime) -> Event:
    kind = payload.get("event")
    body = mapping(parsed(payload.get("data"), "data"), "data")
    if over_quota(body):
        raise Refused(WITHHELD)
    inner = body.get("data")
    body = inner if isinstance(inner, Mapping) else body
    if kind == "robot_msg_read":
        reference = text(body.get("processQueryKey"), "processQueryKey", 200)
        return WasRead(message_id, "", at, reference, (text(body.get("userId"), "userId", USER),))
    raise Refused("an event of no use")


def _fetched(message_id: str, who: str, payload: Mapping[str, Any], at: datetime) -> Event:
    try:
        content = base64.b64decode(
            text(payload.get("content"), "content", 1 << 26, empty=True), validate=True
        )
    except (ValueError, binascii.Error) as error:
        raise Refused("content: not base64") from error
    kind, name = (text(payload.get(k), k, NAME, empty=True) for k in ("kind", "name"))
    return Uploaded(message_id, who, at, kind, name, content)


def _readers(message_id: str, _who: str, payload: Mapping[str, Any], at: datetime) -> Event:
    readers = payload.get("readers")
    if not isinstance(readers, list):
        raise Refused("readers: not a list")
    reference = text(payload.get("reference"), "reference", 200)
    return WasRead(message_id, "", at, reference, tuple(text(r, "reader", USER) for r in readers))


READ: dict[str, Callable[[str, str, Mapping[str, Any], datetime], Event]] = {
    ROBOT: _robot,
    CARD: _card,
    "*": _event,
    FETCHED: _fetched,
    READERS: _readers,
}
