"""The 智能机器人 as a way in and out: conversations with one person each, over the long connection."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.cards.card import Card
from bot.ports import Delivery, Inlet, Reply, SendFailed, Shelf
from platforms.common.shorten import pieces
from platforms.wecom import frames, reading
from platforms.wecom.attachments import NotFetched, fetch
from platforms.wecom.budget import Budget, crowded
from platforms.wecom.configuration import Robot
from platforms.wecom.drawing import draw, replacement, task_id
from platforms.wecom.failures import WecomError, send_failed
from platforms.wecom.gateway import Gateway
from platforms.wecom.layout import is_whole, lay_out, safe
from platforms.wecom.sending import MEDIA_GOOD_FOR, PROMPTED

log = structlog.get_logger()

Outcome = str | SendFailed
#: welcome and replacement are taken within five seconds; ours stop trying earlier.
QUICK_SECONDS = 4.5
#: an answer may use the question's own frame so long; after that it is pushed.
ANSWERABLE = timedelta(hours=23)
OPEN_QUESTIONS = 4096
FILE_MINUTES = timedelta(minutes=5)
#: how often a delivery the database does not take just now is offered again, there being no redelivery.
RECEIVE_PAUSES = (0.5, 2.0, 5.0)
NOT_MET = "对方还没有打开过机器人"
NOT_FETCHED = "文件没有取到，请再发一次。超过 5 MB 的请拆开发。"
NOT_SAVED = "系统暂时不能保存，刚才这句没有记下。请过几分钟再发一次。"


@dataclass(frozen=True, slots=True)
class Question:
    """A callback that may still be answered in its own frame."""

    req_id: str
    at: datetime
    connection: int  # of which connection
    welcome: bool


@dataclass(slots=True)
class RobotHalf:
    """``plain`` turns an encrypted user id into the plain one, ``inlet`` is set while the platform runs."""

    robot: Robot
    shelf: Shelf
    now: Callable[[], datetime]
    budget: Budget
    plain: Callable[[str], Awaitable[str]]
    alarm: Callable[[str], Awaitable[None]]
    inlet: Inlet | None = None
    _met: dict[str, str] = field(default_factory=dict)  # plain id -> as the bot knows the person
    _questions: OrderedDict[str, Question] = field(default_factory=OrderedDict)
    gateway: Gateway = field(init=False)

    def __post_init__(self) -> None:
        """The connection calls back here."""
        self.gateway = Gateway(self.robot, self.shelf, self.now, self._callback, self.alarm)

    async def run(self, stop: asyncio.Event) -> None:
        """Files whose fetching a restart interrupted first, then the connection."""
        for key in await asyncio.to_thread(self.shelf.keys, "download:"):
            await self._resume(key)
        await self.gateway.run(stop)

    # -- coming in ----------------------------------------------------------------------------------

    async def _callback(self, cmd: str, req_id: str, found: Mapping[str, Any]) -> None:
        body = found.get("body")
        if not isinstance(body, Mapping):
            return
        sender = body.get("from")
        raw = str(sender.get("userid", "")) if isinstance(sender, Mapping) else ""
        user, kind = (await self.plain(raw)).lower(), frames.event_kind(found)
        first = await self._meet(user, raw)
        message_id = reading.bot_id(body)
        if kind == "enter_chat" and not first:
            return
        self._ask(message_id, Question(req_id, self.now(), self.gateway.opened, kind == "enter_chat"))
        if _file(body):
            await self._file(message_id, user, body)
            return
        reply = await self._receive(message_id, user, body, wants_reply=kind == "template_card_event")
        if reply is not None:
            await self._update(req_id, body, reply)

    async def _receive(
        self, message_id: str, user: str, body: Mapping[str, Any], *, wants_reply: bool = False
    ) -> Reply | None:
        """Kept, or the person told that it was not: the bot is sent nothing twice."""
        payload = {"via": reading.BOT, "user": user, "body": dict(body)}
        for pause in (*RECEIVE_PAUSES, None):
            try:
                if self.inlet is None:
                    raise ConnectionError("not running")
                return await self.inlet.receive(message_id, payload, self.now(), wants_reply=wants_reply)
            except Exception as error:
                log.warning("wecom.bot_not_kept", error=type(error).__name__, last=pause is None)
                if pause is not None:
                    await asyncio.sleep(pause)
        await self._say(user, NOT_SAVED)
        return None

    async def _meet(self, user: str, raw: str) -> bool:
        """Whether this is the first we hear of somebody; from now on the bot may write to them."""
        if self._met.get(user) == raw or not user:
            return False
        known = await asyncio.to_thread(self.shelf.get, f"bot.met:{user}", self.now())
        if known != raw:
            await asyncio.to_thread(self.shelf.put, f"bot.met:{user}", raw)
        self._met[user] = raw
        return known is None

    def _ask(self, message_id: str, question: Question) -> None:
        self._questions[message_id] = question
        while len(self._questions) > OPEN_QUESTIONS:
            self._questions.popitem(last=False)

    async def _update(self, req_id: str, body: Mapping[str, Any], reply: Reply) -> None:
        """The tapped card replaced in its own five seconds; whatever that does not do is sent."""
        inlet, delivery = self.inlet, reply.delivery
        if inlet is None:
            return
        if not delivery.replaces or not is_whole(delivery.card):
            await inlet.declined(reply)
            return
        task = body["event"]["template_card_event"].get("task_id", "")
        card = replacement(delivery.card, delivery.token) | {"task_id": task}
        try:
            async with asyncio.timeout(QUICK_SECONDS):
                await self.gateway.request(frames.UPDATE, frames.update(card), req_id)
        except (WecomError, TimeoutError) as error:
            log.info("wecom.bot_card_not_replaced", error=type(error).__name__)
            await inlet.declined(reply)
            return
        await inlet.replied(reply, f"bot-update:{task}")

    # -- files --------------------------------------------------------------------------------------

    async def _file(self, message_id: str, user: str, body: Mapping[str, Any]) -> None:
        """Its address is good for five minutes: remembered first, so that a restart loses nothing."""
        key = f"download:{message_id}"
        kept = json.dumps({"user": user, "body": dict(body)}, ensure_ascii=False)
        await asyncio.to_thread(self.shelf.put, key, kept, self.now() + FILE_MINUTES)
        await self._fetch(key, message_id, user, body)

    async def _resume(self, key: str) -> None:
        kept = await asyncio.to_thread(self.shelf.get, key, self.now())
        if kept is None:
            await asyncio.to_thread(self.shelf.forget, key)
            return
        found = json.loads(kept)
        await self._fetch(key, key.removeprefix("download:"), found["user"], found["body"])

    async def _fetch(self, key: str, message_id: str, user: str, body: Mapping[str, Any]) -> None:
        sent = body[body["msgtype"]]
        try:
            called, content = await fetch(
                str(sent.get("url", "")), str(sent.get("aeskey", "")), self.robot.file_hosts
            )
        except NotFetched as error:
            log.warning("wecom.bot_file", why=str(error))
            await self._say(user, NOT_FETCHED)
        else:
            kept = {k: v for k, v in body.items() if k != body["msgtype"]}
            name = str(sent.get("filename") or sent.get("name") or called)[-reading.NAME_LIMIT :]
            kept |= {"name": name, "content": base64.b64encode(content).decode()}
            await self._receive(message_id, user, kept)
        await asyncio.to_thread(self.shelf.forget, key)

    # -- going out ----------------------------------------------------------------------------------

    async def knows(self, user: str) -> bool:
        """Whether the bot may write to that person."""
        return bool(await self._known_as(user))

    async def _known_as(self, user: str) -> str:
        if user not in self._met:
            raw = await asyncio.to_thread(self.shelf.get, f"bot.met:{user}", self.now())
            if raw is None:
                return ""
            self._met[user] = raw
        return self._met[user]

    async def send_all(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """One conversation after the other."""
        return [await self._sent(delivery) for delivery in deliveries]

    async def _sent(self, delivery: Delivery) -> Outcome:
        try:
            return await self._deliver(delivery)
        except SendFailed as failed:
            return failed
        except WecomError as error:
            return send_failed(error)

    async def _deliver(self, delivery: Delivery) -> str:
        at, user = self.now(), delivery.user_id
        chat = await self._known_as(user)
        if not chat:
            raise SendFailed(NOT_MET, retryable=True, pause_seconds=4 * 3600)
        if not delivery.key.startswith(PROMPTED) and (pause := crowded(user, at)):
            raise SendFailed("避开整点和半点", retryable=True, pause_seconds=pause)
        messages = draw(delivery.card, delivery.token, task_id(delivery.token, (user,)))
        if pause := self.budget.wait(user, len(messages), at):
            raise SendFailed("这个人这一分钟已收到很多", retryable=True, pause_seconds=pause)
        question = self._question(delivery.key)
        if question and question.welcome:
            await self._welcome(question, delivery.card)
            return f"bot:{delivery.token}"
        for number, message in enumerate(messages):
            await self._part(chat, message, delivery, question if number == 0 else None)
            self.budget.spend(user, at)
        return f"bot:{delivery.token}"

    def _question(self, key: str) -> Question | None:
        """The callback this delivery answers, if it can still be answered in its own frame."""
        kind, _, rest = key.partition(":")
        found = self._questions.pop(rest.partition(":")[2], None) if kind == "reply" else None
        if found is None or found.connection != self.gateway.opened:
            return None
        limit = timedelta(seconds=QUICK_SECONDS) if found.welcome else ANSWERABLE
        return found if self.now() - found.at < limit else None

    async def _welcome(self, question: Question, card: Card) -> None:
        """One message only, and no other may follow: the card when it is whole, else all its words."""
        laid = lay_out(card)
        drawn = draw(card, "", "")[0] if not (laid.texts or laid.buttons) else None
        message = drawn or {"msgtype": "text", "text": {"content": _words(card)}}
        await self.gateway.request(frames.WELCOME, message, question.req_id)

    async def _part(
        self, chat: str, message: Mapping[str, Any], delivery: Delivery, question: Question | None
    ) -> None:
        ready = await self._ready(message, delivery)
        if question is not None:
            try:
                await self.gateway.request(frames.RESPOND, ready, question.req_id)
                return
            except WecomError as error:
                log.info("wecom.bot_pushed_instead", code=error.code)
        await self.gateway.request(frames.PUSH, frames.push(chat, ready))

    async def _ready(self, message: Mapping[str, Any], delivery: Delivery) -> dict[str, Any]:
        """Texts as markdown, files uploaded; a card as it is."""
        kind = str(message["msgtype"])
        if kind == "text":
            return frames.markdown(message["text"]["content"])
        if "name" not in message:
            return dict(message)
        media_id = await self._media(kind, message["name"], delivery.files[message["name"]])
        return {"msgtype": kind, kind: {"media_id": media_id}}

    async def _media(self, kind: str, name: str, content: bytes) -> str:
        """Uploaded in chunks once within its three days."""
        key = "bot.media:" + hashlib.sha256(f"{kind}\0{name}\0".encode() + content).hexdigest()
        kept = await asyncio.to_thread(self.shelf.get, key, self.now())
        if kept is None:
            start, chunks = frames.upload(kind, name, content)
            opened = await self.gateway.request(frames.UPLOAD_INIT, start)
            upload_id = str(opened["upload_id"])
            for number, chunk in enumerate(chunks):
                await self.gateway.request(frames.UPLOAD_CHUNK, frames.chunk(upload_id, number, chunk))
            done = await self.gateway.request(frames.UPLOAD_FINISH, {"upload_id": upload_id})
            kept = str(done["media_id"])
            await asyncio.to_thread(self.shelf.put, key, kept, self.now() + MEDIA_GOOD_FOR)
        return kept

    async def _say(self, user: str, text: str) -> None:
        """A sentence at once, outside the outbox: something of theirs was not taken."""
        chat = await self._known_as(user)
        try:
            await self.gateway.request(frames.PUSH, frames.push(chat, frames.markdown(text)))
        except WecomError as error:
            log.warning("wecom.bot_not_said", code=error.code)


def _file(body: Mapping[str, Any]) -> bool:
    """Whether something is to be fetched."""
    return body.get("msgtype") == "file" and isinstance(body.get("file"), Mapping)


def _words(card: Card) -> str:
    """Everything a card says, as one text."""
    rows = (f"{row.label}：{row.value}" for row in card.rows)
    lines = (card.title, card.lead, *rows, card.text, card.note)
    return pieces(safe([line for part in lines if part for line in part.split("\n")]), 2048)[0]
