"""Deliveries of 企业微信 read into events; pure, and nothing in them is believed beyond its shape."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.events import Alarmed, Event, Filled, Joined, Tapped, Text, Unreadable, Uploaded
from platforms.wecom.drawing import UNCHOSEN
from platforms.wecom.upkeep import ALARMS

TEXT_LIMIT = 4000
NAME_LIMIT = 255
USER_LIMIT = 64
TOKEN_LIMIT = 64
KEY_LIMIT = 1024
ANSWERS_LIMIT = 20
#: the two ways in, and ourselves; the name begins a delivery's id, so that its answer goes the way it came.
APP, BOT, SYSTEM = "app", "bot", "system"


class NotOurs(Exception):
    """Not one of the known shapes; the reason is for the log."""


def read(message_id: str, payload: Mapping[str, Any], at: datetime) -> Event:
    """The event in ``{"via", "user", "body"}``: which way in, who as the signed envelope or the subscribed connection
    says, and the message itself; anything of a wrong shape is ``Unreadable``, never an exception."""
    who = ""
    try:
        who = userid(payload.get("user"))
        body = payload.get("body")
        readers = READERS.get(str(payload.get("via")))
        if not isinstance(body, Mapping) or readers is None:
            raise NotOurs("not a delivery")
        return readers(message_id, who, body, at)
    except (NotOurs, AttributeError) as refused:
        return Unreadable(message_id, who, at, str(refused))


def userid(value: object) -> str:
    """A user id as it is kept everywhere: lower-case. '' for the platform itself. Raises NotOurs."""
    found = _text(value, "user", USER_LIMIT, empty=True).strip().lower()
    return "" if found == "sys" else found


def app_id(body: Mapping[str, Any]) -> str:
    """What makes a delivery of the application itself and no other: its MsgId; an event has none, so who, when,
    what and on which card (two taps in one second are two)."""
    if body.get("MsgId"):
        return f"{APP}-{str(body['MsgId'])[:64]}"
    names = ("FromUserName", "CreateTime", "Event", "EventKey", "TaskId", "ChangeType", "EffectTime")
    said = "\n".join(str(body.get(name, "")) for name in names)
    return f"{APP}-{hashlib.sha256(said.encode()).hexdigest()[:40]}"


def bot_id(body: Mapping[str, Any]) -> str:
    """The 智能机器人 numbers everything, events too."""
    return f"{BOT}-{str(body.get('msgid', ''))[:64]}"


# -- the application ------------------------------------------------------------------------------------


def _app(message_id: str, who: str, body: Mapping[str, Any], at: datetime) -> Event:
    kind = _text(body.get("MsgType"), "MsgType", 32).lower()
    if kind == "text":
        return Text(message_id, who, at, _text(body.get("Content"), "Content", TEXT_LIMIT))
    if kind == "event":
        name = _text(body.get("Event"), "Event", 64).lower()
        reader = EVENTS.get(name)
        if reader is None:
            raise NotOurs(f"event {name}")
        return reader(message_id, who, body, at)
    if kind not in UPLOADS:
        raise NotOurs(f"message {kind}")
    name = _text(body.get("FileName", ""), "FileName", NAME_LIMIT, empty=True)
    return Uploaded(message_id, who, at, UPLOADS[kind], name)


UPLOADS = {
    "image": "picture",
    "voice": "voice",
    "video": "file",
    "file": "file",
    "location": "sticker",
    "link": "sticker",
}


def _app_tap(message_id: str, who: str, body: Mapping[str, Any], at: datetime) -> Event:
    answers: dict[str, str] = {}
    for item in _many(_within(body.get("SelectedItems"), "SelectedItem")):
        if not isinstance(item, Mapping):
            raise NotOurs("SelectedItem")
        _choose(answers, item.get("QuestionKey"), _many(_within(item.get("OptionIds"), "OptionId")))
    return _tapped(message_id, who, at, body.get("EventKey"), answers)


def _app_menu(message_id: str, who: str, body: Mapping[str, Any], at: datetime) -> Event:
    """A menu of the application says its key: 填报, 进度 …"""
    return Text(message_id, who, at, _text(body.get("EventKey"), "EventKey", TEXT_LIMIT))


def _joined(message_id: str, who: str, _body: Mapping[str, Any], at: datetime) -> Event:
    return Joined(message_id, who, at)


Reader = Callable[[str, str, Mapping[str, Any], datetime], Event]
EVENTS: dict[str, Reader] = {
    "template_card_event": _app_tap,
    "template_card_menu_event": _app_tap,
    "click": _app_menu,
    "enter_agent": _joined,
}


# -- the 智能机器人 --------------------------------------------------------------------------------------


def _bot(message_id: str, who: str, body: Mapping[str, Any], at: datetime) -> Event:
    kind = _text(body.get("msgtype"), "msgtype", 32)
    if kind == "text":
        return Text(message_id, who, at, _said(body))
    if kind == "event":
        return _bot_event(message_id, who, body, at)
    if kind == "voice":  # arrives as words
        return Text(message_id, who, at, _text(_inside(body, "voice").get("content"), "voice", TEXT_LIMIT))
    if kind == "mixed" and (words := _mixed(body)):
        return Text(message_id, who, at, words)
    if kind not in BOT_UPLOADS:
        raise NotOurs(f"message {kind}")
    name = _text(body.get("name", ""), "name", NAME_LIMIT, empty=True)
    return Uploaded(message_id, who, at, BOT_UPLOADS[kind], name, _content(body))


BOT_UPLOADS = {"file": "file", "image": "picture", "video": "file", "mixed": "picture"}


def _mixed(body: Mapping[str, Any]) -> str:
    """The words of a message that has pictures too; the pictures are not looked at."""
    items = _many(_inside(body, "mixed").get("msg_item"))
    said = (_inside(i, "text").get("content") for i in items if isinstance(i, Mapping) and "text" in i)
    words = "\n".join(_text(each, "content", TEXT_LIMIT) for each in said)
    return _text(words, "mixed", TEXT_LIMIT, empty=True)


def _said(body: Mapping[str, Any]) -> str:
    """In a group the words begin by calling the bot."""
    words = _text(_inside(body, "text").get("content"), "content", TEXT_LIMIT)
    if body.get("chattype") == "group" and words.startswith("@"):
        words = words.partition(" ")[2] or words
    return words


def _bot_event(message_id: str, who: str, body: Mapping[str, Any], at: datetime) -> Event:
    event = _inside(body, "event")
    kind = _text(event.get("eventtype"), "eventtype", 64)
    if kind == "enter_chat":
        return Joined(message_id, who, at)
    if kind != "template_card_event":
        raise NotOurs(f"event {kind}")
    tapped = _inside(event, "template_card_event")
    answers: dict[str, str] = {}
    for item in _many(_within(tapped.get("selected_items"), "selected_item")):
        if not isinstance(item, Mapping):
            raise NotOurs("selected_item")
        _choose(answers, item.get("question_key"), _many(_within(item.get("option_ids"), "option_id")))
    return _tapped(message_id, who, at, tapped.get("event_key"), answers)


def _content(body: Mapping[str, Any]) -> bytes:
    """What was downloaded, kept in the delivery as base64; empty when it was not."""
    raw = body.get("content", "")
    if not isinstance(raw, str):
        raise NotOurs("content: not a text")
    try:
        return base64.b64decode(raw, validate=True)
    except (binascii.Error, ValueError):
        raise NotOurs("content: not base64") from None


def _system(message_id: str, who: str, body: Mapping[str, Any], at: datetime) -> Event:
    """What we found out about our own connection."""
    text = ALARMS.get(_text(body.get("code"), "code", 32))
    if text is None:
        raise NotOurs("unknown alarm")
    return Alarmed(message_id, who, at, text)


READERS: dict[str, Reader] = {APP: _app, BOT: _bot, SYSTEM: _system}


# -- both -----------------------------------------------------------------------------------------------


def _tapped(message_id: str, who: str, at: datetime, key: object, answers: Mapping[str, str]) -> Event:
    token, _, action = _text(key, "event key", KEY_LIMIT).partition(".")
    if not action or len(token) > TOKEN_LIMIT:
        raise NotOurs("event key: not ours")
    if answers:
        return Filled(message_id, who, at, token, action, answers)
    return Tapped(message_id, who, at, token, action)


def _choose(answers: dict[str, str], question: object, options: list[Any]) -> None:
    """One answer of a card of choices; the same question twice or two options of it are refused."""
    name = _text(question, "question key", KEY_LIMIT)
    if name in answers or len(answers) >= ANSWERS_LIMIT or len(options) > 1:
        raise NotOurs("choices: more than asked")
    chosen = [_text(option, "option id", KEY_LIMIT) for option in options]
    if chosen and chosen[0] != UNCHOSEN:
        answers[name] = chosen[0]


def _many(value: object) -> list[Any]:
    """One or several of an element that may repeat."""
    if value in ("", None):
        return []
    return value if isinstance(value, list) else [value]


def _within(value: object, name: str) -> object:
    if value in ("", None):
        return None
    if not isinstance(value, Mapping):
        raise NotOurs(f"{name}: not where it belongs")
    return value.get(name)


def _inside(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name)
    if not isinstance(found, Mapping):
        raise NotOurs(f"{name}: not an object")
    return found


def _text(value: object, what: str, limit: int, *, empty: bool = False) -> str:
    if not isinstance(value, str):
        raise NotOurs(f"{what}: not a text")
    if len(value) > limit:
        raise NotOurs(f"{what}: too long")
    if not value.strip() and not empty:
        raise NotOurs(f"{what}: empty")
    if "\0" in value or any("\ud800" <= ch <= "\udfff" for ch in value):
        raise NotOurs(f"{what}: not valid text")
    return value
