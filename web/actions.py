"""Everything that can be done at the page, as one table: the same for a JSON call and for a plain form post."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, time
from typing import Any

from web import strict
from web.ports import MessageView, Refused, Stage

TEXT_LIMIT = 4000
TOKEN_LIMIT = 256
FAULTS = {
    "duplicate": "重复投递",
    "reorder": "乱序",
    "rate_limit": "限流",
    "offline": "断网",
    "expired_card": "过期卡片",
    "wrong_person": "换人点击",
    "silent": "平台说成功但没送达",
}
UPLOADS = {
    "file": ("文件", "附表1_新桥小学_回填.xlsx"),
    "picture": ("图片", "现场照片.jpg"),
    "voice": ("语音", "语音 8 秒"),
    "sticker": ("表情", "点赞"),
}
Fields = Mapping[str, Any]
Action = Callable[[Stage, Fields], Awaitable[str]]


async def say(stage: Stage, fields: Fields) -> str:
    """Write a line."""
    strict.exactly(fields, ("user", "text"))
    await stage.deliver(
        {"type": "text", "user": _user(stage, fields), "text": strict.text(fields, "text", TEXT_LIMIT)}
    )
    return ""


async def tap(stage: Stage, fields: Fields) -> str:
    """Tap a button; the token is checked by the conversation, not here."""
    strict.exactly(fields, ("user", "token", "action"))
    await stage.deliver({"type": "tap", "user": _user(stage, fields), **_pressed(fields)})
    return ""


async def fill(stage: Stage, fields: Fields) -> str:
    """Send the inputs of a card."""
    strict.exactly(fields, ("user", "token", "action", "answers"))
    answers = strict.texts(fields, "answers", TEXT_LIMIT)
    payload = {"type": "fill", "user": _user(stage, fields), **_pressed(fields), "answers": answers}
    await stage.deliver(payload)
    return ""


async def upload(stage: Stage, fields: Fields) -> str:
    """Send something that is not text; ``content`` is the file itself in base64, when there is one."""
    carried = [name for name in ("content",) if name in fields]
    strict.exactly(fields, ("user", "kind", "name", *carried))
    kind = _one_of(fields, "kind", UPLOADS)
    name = strict.text(fields, "name", 255, empty=True)
    content = {key: strict.text(fields, key, strict.BODY_LIMIT, empty=True) for key in carried}
    await stage.deliver(
        {"type": "upload", "user": _user(stage, fields), "kind": kind, "name": name, **content}
    )
    return ""


async def join(stage: Stage, fields: Fields) -> str:
    """Open the conversation."""
    strict.exactly(fields, ("user",))
    await stage.deliver({"type": "join", "user": _user(stage, fields)})
    return ""


async def clock(stage: Stage, fields: Fields) -> str:
    """Move the clock: ``{"days": "3"}``, ``{"next": "1"}`` or ``{"at": "2026-10-20"}``."""
    if set(fields) == {"days"}:
        await stage.advance(days=int(_one_of(fields, "days", ("1", "3", "7"))))
    elif set(fields) == {"next"}:
        await stage.next_moment()
    else:
        strict.exactly(fields, ("at",))
        await stage.set_clock(_later(stage.now(), strict.text(fields, "at", 32)))
    return f"现在是 {stage.clock_label()}"


async def fault(stage: Stage, fields: Fields) -> str:
    """Arm a fault. A stale card is tapped at once; for another person's tap the page picks the person."""
    strict.exactly(fields, ("user", "name"))
    name = _one_of(fields, "name", FAULTS)
    user = _user(stage, fields)
    if name == "wrong_person":
        return "选一个人，下一次点击会以这个人的身份发出。"
    if name == "expired_card":
        return await _tap_oldest(stage, user)
    return stage.set_fault(name)


async def save(stage: Stage, fields: Fields) -> str:
    """Keep this state."""
    strict.exactly(fields, ())
    stage.save()
    return f"已存档：{stage.saves()[0][1]}"


async def restore(stage: Stage, fields: Fields) -> str:
    """Start again from a saved state."""
    strict.exactly(fields, ("save",))
    await stage.restore(strict.text(fields, "save", 128))
    return f"回到了 {stage.clock_label()}"


async def reset(stage: Stage, fields: Fields) -> str:
    """Everything from the beginning."""
    strict.exactly(fields, ())
    await stage.reset()
    return "已清空，从头开始。"


async def read(stage: Stage, fields: Fields) -> str:
    """The person has seen the conversation."""
    strict.exactly(fields, ("user",))
    await stage.mark_read(_user(stage, fields))
    return ""


ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (say, tap, fill, upload, join, clock, fault, save, restore, reset, read)
}


def _user(stage: Stage, fields: Fields) -> str:
    user = strict.text(fields, "user", 64)
    if user not in {person.user for person in stage.people()}:
        raise Refused("演练里没有这个人。")
    return user


def _pressed(fields: Fields) -> dict[str, str]:
    return {name: strict.text(fields, name, TOKEN_LIMIT) for name in ("token", "action")}


def _one_of(fields: Fields, name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    value = strict.text(fields, name, 64)
    if value not in known:
        raise Refused("没有这个选项。")
    return value


def _later(now: datetime, written: str) -> datetime:
    """The moment somebody set: a bare date means nine o'clock, when the office opens. Raises Refused."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise Refused("日期请写成 2026-10-20 这样。") from None
    if len(written) == 10:
        at = datetime.combine(at.date(), time(9))
    at = at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    if at <= now:
        raise Refused("时钟只能往后拨。要回到过去，请用存档里的“从这里重来”。")
    return at


async def _tap_oldest(stage: Stage, user: str) -> str:
    oldest = next(filter(None, map(_first_button, stage.messages(user, "dingtalk"))), None)
    if oldest is None:
        raise Refused("这个人还没有带按钮的卡片。")
    token, button = oldest
    await stage.deliver({"type": "tap", "user": user, "token": token, "action": button["action"]})
    return f"点了最早那张卡上的“{button['label']}”。"


def _first_button(message: MessageView) -> tuple[str, Mapping[str, str]] | None:
    for part in message.payload.get("messages", ()):
        buttons = [b for b in (part.get("submit"), *part.get("buttons", ())) if b]
        if buttons:
            return part["token"], buttons[0]
    return None
