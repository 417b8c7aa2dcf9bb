"""What a member does in the chat with a bot: types, sends files, taps, chooses, opens it."""

from __future__ import annotations

import base64
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.wecom import crypto
from sandbox.wecom.corp import Bot
from sandbox.wecom.gateway import Gateway
from sandbox.wecom.hands import CannotTap, Chosen, buttons, choose
from sandbox.wecom.phones import Item
from sandbox.wecom.world import World

URL_MINUTES = 5
MOST_FILE = 100 * 1024 * 1024
EXPIRED = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"


class BotHands:
    """The members' side of the bots. Every action answers whether the bot got it."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self._files: dict[str, tuple[str, bytes, datetime]] = {}  # id -> name, ciphertext, until
        self._entered: set[tuple[str, str, str]] = set()

    def routes(self) -> list[web.RouteDef]:
        """Where the encrypted files are fetched."""
        return [web.get("/cos/{file_id}", self._file)]

    def bot(self, bot_id: str = "") -> Bot:
        """The bot with that id, the only one when none is named."""
        bots = self.world.corp.bots
        return bots[bot_id] if bot_id else next(iter(bots.values()))

    async def say(self, userid: str, text: str, bot_id: str = "") -> bool:
        """Type a text and send it."""
        if not text.strip():
            raise CannotTap("空的文字发不出去")
        bot = self.bot(bot_id)
        self._mine(userid, bot, "text", {"content": text})
        return await self.gateway.message(bot, userid, "text", {"content": text})

    async def speak(self, userid: str, heard: str, bot_id: str = "") -> bool:
        """A voice message; the bot gets the words the platform heard."""
        bot = self.bot(bot_id)
        self._mine(userid, bot, "voice", {"name": "语音"})
        return await self.gateway.message(bot, userid, "voice", {"content": heard})

    async def send_file(
        self, userid: str, name: str, content: bytes, kind: str = "file", bot_id: str = ""
    ) -> bool:
        """Send a file, an image or a video; the bot gets an address and a key."""
        if kind not in ("file", "image", "video") or not 0 < len(content) <= MOST_FILE:
            raise CannotTap("这样的文件发不出去")
        bot = self.bot(bot_id)
        self._mine(userid, bot, kind, {"name": name})
        return await self.gateway.message(bot, userid, kind, self._kept(name, content))

    async def mix(self, userid: str, text: str, picture: bytes, bot_id: str = "") -> bool:
        """Text and picture in one message."""
        bot = self.bot(bot_id)
        self._mine(userid, bot, "text", {"content": text})
        image = {"msgtype": "image", "image": self._kept("image.png", picture)}
        parts = [{"msgtype": "text", "text": {"content": text}}, image]
        return await self.gateway.message(bot, userid, "mixed", {"msg_item": parts})

    async def tap(self, seq: int, key: str, chosen: Chosen | None = None) -> bool:
        """Tap a button or submit a card; pushed once, never again."""
        item = self._card(seq)
        if item.dead:
            raise CannotTap(f"按钮已经变成“{item.dead}”")
        if key not in buttons(item.body):
            raise CannotTap(f"卡片上没有这个按钮：{key}")
        return await self._card_event(item, key, choose(item.body, chosen or {}))

    async def menu(self, seq: int, key: str) -> bool:
        """Choose from the menu in the corner of a card."""
        item = self._card(seq)
        if key not in [a["key"] for a in item.body.get("action_menu", {}).get("action_list", ())]:
            raise CannotTap(f"菜单里没有这一项：{key}")
        return await self._card_event(item, key, {})

    async def tap_as(self, userid: str, key: str, item: Item) -> bool:
        """A tap no up-to-date honest client sends: on a card as it was, or in the name of somebody else."""
        return await self._card_event(replace(item, userid=userid.lower()), key, {})

    async def _card_event(self, item: Item, key: str, chosen: Chosen) -> bool:
        selected = [{"question_key": k, "option_ids": {"option_id": list(v)}} for k, v in chosen.items()]
        details: dict[str, Any] = {
            "card_type": item.body["card_type"],
            "event_key": key,
            "task_id": item.task_id,
        }
        if selected:
            details["selected_items"] = {"selected_item": selected}
        bot = self.bot(item.chat.removeprefix("bot:"))
        return await self.gateway.event(bot, item.userid, "template_card_event", details, item)

    def _card(self, seq: int) -> Item:
        item = self.world.phones.item(seq)
        if item is None or item.kind != "template_card" or item.recalled:
            raise CannotTap("这里没有卡片")
        return item

    async def enter(self, userid: str, bot_id: str = "") -> bool:
        """Open the chat; the bot hears of it the first time of a day only."""
        bot = self.bot(bot_id)
        entry = (bot.bot_id, userid.lower(), f"{self.world.now():%Y%m%d}")
        if entry in self._entered:
            return False
        self._entered.add(entry)
        return await self.gateway.event(bot, userid, "enter_chat", {})

    async def rate(self, userid: str, bot_id: str = "") -> bool:
        """Thumbs up for an answer."""
        details = {"id": secrets.token_hex(8), "type": 1}
        return await self.gateway.event(self.bot(bot_id), userid, "feedback_event", details)

    # -- files -------------------------------------------------------------------------------------

    def _kept(self, name: str, content: bytes) -> dict[str, str]:
        """Encrypted with a key of its own; the key is written with and without its final ``=`` by turns."""
        key, file_id = secrets.token_bytes(32), secrets.token_urlsafe(16)
        until = self.world.now() + timedelta(minutes=URL_MINUTES)
        self._files[file_id] = (name, crypto.encrypt(key, content), until)
        written = base64.b64encode(key).decode()
        return {
            "url": f"{self.world.base}/cos/{file_id}",
            "aeskey": written if len(self._files) % 2 else written.rstrip("="),
        }

    async def _file(self, request: web.Request) -> web.Response:
        name, content, until = self._files.get(request.match_info["file_id"], ("", b"", self.world.now()))
        if not name or until <= self.world.now():
            return web.Response(status=403, text=EXPIRED, content_type="application/xml")
        return web.Response(
            body=content, headers={"content-disposition": f"attachment; filename*=utf-8''{quote(name)}"}
        )

    def _mine(self, userid: str, bot: Bot, kind: str, body: dict[str, Any]) -> None:
        self.world.phones.show(userid.lower(), self.world.now(), f"bot:{bot.bot_id}", kind, body, mine=True)
