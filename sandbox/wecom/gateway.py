"""The long connection of a bot: one line per bot, frames of JSON text, the newest subscriber wins."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.wecom.asking import Asked, Asking
from sandbox.wecom.corp import Bot
from sandbox.wecom.errors import Refusal
from sandbox.wecom.phones import Item
from sandbox.wecom.schema import Field, Shape, text, thing
from sandbox.wecom.speaking import COMMANDS, Speaking
from sandbox.wecom.world import Call, World

FRAME: Shape = {
    "cmd": text(need=True),
    "headers": thing({"req_id": text(256, need=True, code=846605)}, need=True, code=846605),
    "body": Field(dict),
}
SUBSCRIBE: Shape = {"bot_id": text(need=True, code=853000), "secret": text(need=True, code=853000)}
MOST_FRAME = 2 * 1024 * 1024


@dataclass(slots=True, eq=False)
class Line:
    """One connection; ``bot`` once it subscribed."""

    socket: web.WebSocketResponse
    request: web.Request
    bot: Bot | None = None


class Gateway:
    """Where bots connect, and where what members do is handed to them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.asking = Asking(world)
        self.speaking = Speaking(world, self.asking)
        self.lines: dict[str, Line] = {}
        self._waiting: list[tuple[Asked, str, dict[str, Any]]] = []

    def routes(self) -> list[web.RouteDef]:
        """For the server."""
        return [web.get("/bot", self.connect)]

    # -- the bot's side ----------------------------------------------------------------------------

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its upgrade to its end."""
        socket = web.WebSocketResponse(max_msg_size=MOST_FRAME, autoping=True)
        await socket.prepare(request)
        line = Line(socket, request)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._frame(line, message.data)
        finally:
            if line.bot and self.lines.get(line.bot.bot_id) is line:
                del self.lines[line.bot.bot_id]
        return socket

    async def _frame(self, line: Line, raw: str) -> None:
        frame = _parsed(raw)
        headers = frame.get("headers")
        req_id = str(headers.get("req_id", "")) if isinstance(headers, dict) else ""
        command = str(frame.get("cmd", ""))
        try:
            answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
            if body := await self._answer(line, frame):
                answer["body"] = body
        except Refusal as refusal:
            answer = refusal.body()
        code = int(answer["errcode"])
        said = str(answer["errmsg"]) if code else ""
        self.world.calls.append(Call(command, code, self.world.now(), said))
        await _send(line, {"headers": {"req_id": req_id}, **answer})
        if command == "aibot_subscribe" and not code:
            await self._hand_over()

    async def _answer(self, line: Line, frame: dict[str, Any]) -> dict[str, Any]:
        self.world.checker().check(frame, FRAME)
        command, body = frame["cmd"], frame.get("body", {})
        if fault := self.world.faults.take(command):
            raise Refusal(fault.code, "arranged")
        if command == "aibot_subscribe":
            return await self._subscribe(line, body)
        if line.bot is None:
            raise Refusal(846609)
        if command == "ping":
            return {}
        if command not in COMMANDS:
            raise Refusal(40058, f"no such cmd: {command}")
        return COMMANDS[command](self.speaking, line.bot.bot_id, frame["headers"]["req_id"], body)

    async def _subscribe(self, line: Line, body: dict[str, Any]) -> dict[str, Any]:
        self.world.checker().check(body, SUBSCRIBE)
        bot = self.world.corp.bots.get(body["bot_id"])
        if bot is None or bot.secret != body["secret"]:
            raise Refusal(853000)
        before = self.lines.get(bot.bot_id)
        line.bot, self.lines[bot.bot_id] = bot, line
        if before is not None and before is not line:
            await self._replaced(before, bot)
        return {}

    async def _replaced(self, line: Line, bot: Bot) -> None:
        """The old connection is told and closed."""
        body = self._event_body(bot, "", "disconnected_event", {})
        await _send(line, _callback("aibot_event_callback", secrets.token_urlsafe(12), body))
        await line.socket.close()

    # -- the members' side -------------------------------------------------------------------------

    async def message(self, bot: Bot, userid: str, kind: str, content: dict[str, Any]) -> bool:
        """A member wrote; whether the bot got it."""
        self.world.written.add((bot.bot_id, userid.lower()))
        body = self._body(bot, userid) | {"msgtype": kind, kind: content}
        return await self._hand(self._asked(bot, userid, ""), "aibot_msg_callback", body)

    async def event(
        self, bot: Bot, userid: str, event: str, details: dict[str, Any], item: Item | None = None
    ) -> bool:
        """Something else a member did."""
        asked = self._asked(bot, userid, event)
        asked.item = item
        return await self._hand(asked, "aibot_event_callback", self._event_body(bot, userid, event, details))

    def _asked(self, bot: Bot, userid: str, event: str) -> Asked:
        return Asked(secrets.token_urlsafe(18), bot.bot_id, userid.lower(), event, self.world.now())

    def _body(self, bot: Bot, userid: str) -> dict[str, Any]:
        member = self.world.corp.member(userid)
        plain = member.userid if member else userid
        seen = plain if bot.by_super_admin else self.world.corp.open_userid(plain)
        return {
            "msgid": self.world.new_id(),
            "aibotid": bot.bot_id,
            "chattype": "single",
            "from": {"userid": seen},
        }

    def _event_body(self, bot: Bot, userid: str, event: str, details: dict[str, Any]) -> dict[str, Any]:
        happened = {"eventtype": event} | ({event: details} if details else {})
        head = self._body(bot, userid) if userid else {"msgid": self.world.new_id(), "aibotid": bot.bot_id}
        return head | {"create_time": self.world.seconds(), "msgtype": "event", "event": happened}

    async def _hand(self, asked: Asked, command: str, body: dict[str, Any]) -> bool:
        line = self.lines.get(asked.bot_id)
        if line is None or line.socket.closed:
            if self.world.switches.queue_for_bot:
                self._waiting.append((asked, command, body))
            return False
        self.asking.note(asked)
        again, self.world.switches.duplicate_callbacks = self.world.switches.duplicate_callbacks, 0
        for _ in range(1 + again):
            await _send(line, _callback(command, asked.req_id, body))
        return True

    async def _hand_over(self) -> None:
        """What waited for a bot that is here again."""
        waiting, self._waiting = self._waiting, []
        for asked, command, body in waiting:
            await self._hand(asked, command, body)

    # -- trouble -----------------------------------------------------------------------------------

    async def close(self, bot_id: str) -> None:
        """The platform ends the connection in good order (1000), without a word."""
        await self.lines[bot_id].socket.close()

    def cut(self, bot_id: str) -> None:
        """The connection is gone."""
        transport = self.lines[bot_id].request.transport
        if transport:
            transport.abort()


def _callback(command: str, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"cmd": command, "headers": {"req_id": req_id}, "body": body}


async def _send(line: Line, frame: dict[str, Any]) -> None:
    if not line.socket.closed:
        await line.socket.send_str(json.dumps(frame, ensure_ascii=False))


def _parsed(raw: str) -> dict[str, Any]:
    try:
        frame = json.loads(raw)
    except ValueError:
        return {}
    return frame if isinstance(frame, dict) else {}
