"""The rehearsal as what the templates show: plain values, every decision about wording made here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from web.actions import UPLOADS
from web.look import Look
from web.ports import MessageView, PersonView, Stage

STAMP_GAP = timedelta(minutes=5)
WEEKDAYS = "一二三四五六日"
UPCOMING = 6
#: a hint that begins so is followed by the very line to send.
REPLY = "回一条："


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the chat: ``kind`` bot, text, event, fill or upload."""

    seq: int
    kind: str
    stamp: str
    parts: Sequence[Mapping[str, Any]] = ()
    text: str = ""
    answers: Sequence[tuple[str, str]] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    used: bool = False
    replaced: bool = False
    save_id: str = ""


def page(stage: Stage, look: Look) -> dict[str, Any]:
    """Everything the page template names."""
    people = stage.people()
    messages = stage.messages(look.user, look.skin) if look.user else []
    return {
        "look": look,
        "people": [p for p in people if not p.extra],
        "extras": [p for p in people if p.extra],
        "unread": sum(p.extra and p.unread > 0 for p in people),
        "person": _person(people, look.user),
        "acting": _person(people, look.acting) if look.acting else None,
        "others": [p for p in people if p.user != look.user],
        "items": items(messages),
        "raw": raw(messages, look.raw),
        "clock": stage.clock_label(),
        "tomorrow": (stage.now().date() + timedelta(days=1)).isoformat(),
        "upcoming": [(stamp(m.at), m.text) for m in stage.upcoming(UPCOMING)],
        "saves": stage.saves(),
        "faults": stage.faults(),
        "hints": [(hint, typed(hint)) for hint in stage.hints()],
        "tables": tables(stage),
        "version": stage.version(),
    }


def stamp(at: datetime) -> str:
    """``10-08 周四 09:00``."""
    return f"{at:%m-%d} 周{WEEKDAYS[at.weekday()]} {at:%H:%M}"


def typed(hint: str) -> str:
    """The line a hint asks to send, empty when it asks for something else."""
    return hint.removeprefix(REPLY) if hint.startswith(REPLY) else ""


def items(messages: Sequence[MessageView]) -> list[Item]:
    """The chat in order; a time is shown where some minutes have passed."""
    labels = _labels(messages)
    found, last = [], None
    for message in messages:
        gap = last is None or message.at - last >= STAMP_GAP
        found.append(_item(message, stamp(message.at) if gap else "", labels))
        last = message.at
    return found


def raw(messages: Sequence[MessageView], seq: int) -> tuple[tuple[str, str], ...]:
    """(title, JSON) of both sides of one message; empty when none is picked."""
    message = next((m for m in messages if m.seq == seq), None)
    if message is None:
        return ()
    titles = ("手机发来的报文", "读成的事件") if message.mine else ("发给手机的报文", "画之前的卡片")
    return tuple((t, _pretty(v)) for t, v in zip(titles, (message.payload, message.raw), strict=True) if v)


def tables(stage: Stage) -> list[tuple[str, list[tuple[str, list[dict[str, Any]]]]]]:
    """The three inspector panels: (title, [(table name, rows)])."""
    named = [(str(t.get("table", "")), list(t.get("rows", []))) for t in stage.database()]
    return [
        ("发件箱", [("", stage.outbox())]),
        ("收件箱", [("", stage.inbox())]),
        ("数据库", named),
    ]


def _person(people: Sequence[PersonView], user: str) -> PersonView | None:
    return next((p for p in people if p.user == user), None)


def _item(message: MessageView, at: str, labels: Mapping[tuple[str, str], str]) -> Item:
    common: dict[str, Any] = {"seq": message.seq, "stamp": at, "save_id": message.save_id}
    if message.mine:
        return Item(**common, **_mine(message.payload, labels))
    return Item(
        kind="bot",
        parts=message.payload.get("messages", ()),
        files=dict(message.files),
        used=message.used,
        replaced=message.replaced,
        **common,
    )


def _mine(payload: Mapping[str, Any], labels: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    kind = payload.get("type", "")
    label = labels.get((payload.get("token", ""), payload.get("action", "")))
    pressed = f"点了“{label}”" if label else "点了别人卡片上的按钮"
    if kind == "fill":
        filled = [(labels.get((payload["token"], k), k), v) for k, v in payload["answers"].items() if v]
        return {"kind": "fill", "text": f"填了 {len(filled)} 项，{pressed}", "answers": filled}
    if kind == "upload":
        return {"kind": "upload", "text": f"{UPLOADS.get(payload['kind'], ('内容',))[0]}  {payload['name']}"}
    if kind == "text":
        return {"kind": "text", "text": payload["text"]}
    return {"kind": "event", "text": pressed if kind == "tap" else "打开了对话"}


def _labels(messages: Sequence[MessageView]) -> dict[tuple[str, str], str]:
    """(token, action or input key) -> the words on the button or at the input."""
    found: dict[tuple[str, str], str] = {}
    for part in (p for m in messages if not m.mine for p in m.payload.get("messages", ())):
        buttons = [b for b in (part.get("submit"), *part.get("buttons", ())) if b]
        found |= {(part["token"], b["action"]): b["label"] for b in buttons}
        found |= {(part["token"], i["key"]): i["label"] for i in part.get("inputs", ())}
    return found


def _pretty(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)
