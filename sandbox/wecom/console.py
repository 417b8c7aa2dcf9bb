"""What an operator or a test does to the sandbox over HTTP below /sandbox/: phones, clock, faults, switches."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.clock import face, turn
from sandbox.wecom import drawing, forging, tokens
from sandbox.wecom.bot_hands import BotHands
from sandbox.wecom.cards import selectors
from sandbox.wecom.errors import Refusal
from sandbox.wecom.faults import Fault
from sandbox.wecom.gateway import Gateway
from sandbox.wecom.hands import CannotTap, Hands, buttons, shown_as_chosen
from sandbox.wecom.phones import Change, Item
from sandbox.wecom.pusher import Outcome, Pusher
from sandbox.wecom.world import World

PAGE = Path(__file__).with_name("page.html")
HOSTS = ("127.0.0.1", "localhost", "[::1]")
Body = Mapping[str, Any]
RECENT = 200


class Console:
    """The operator's side of one platform."""

    def __init__(
        self, world: World, pusher: Pusher, hands: Hands, gateway: Gateway, bot_hands: BotHands
    ) -> None:
        self.world = world
        self.pusher = pusher
        self.hands = hands
        self.gateway = gateway
        self.bot_hands = bot_hands

    def routes(self) -> list[web.RouteDef]:
        """For the server."""
        looks = [web.get(path, self._guarded(look)) for path, look in LOOKS.items()]
        acts = [web.post(path, self._guarded(act)) for path, act in ACTS.items()]
        pages = [web.get("/sandbox/", self._page), web.get("/sandbox/files/{seq}/{number}", self._file)]
        return [*pages, *looks, *acts]

    async def _page(self, request: web.Request) -> web.Response:
        _check_host(request)
        return web.Response(text=PAGE.read_text(encoding="utf-8"), content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        """A file of a message, for whom it was sent to: a picture is looked at, anything else is kept."""
        _check_host(request)
        try:
            item = self.world.phones.item(int(request.match_info["seq"]))
            _, content = item.files[int(request.match_info["number"])] if item else ("", b"")
        except (ValueError, IndexError):
            item, content = None, b""
        if item is None:
            raise web.HTTPNotFound(text="没有这个文件")
        kind = "image/png" if item.kind == "image" else "application/octet-stream"
        return web.Response(body=content, content_type=kind)

    def _guarded(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            _check_host(request)
            try:
                done = await act(self, request.match_info.get("user", ""), await _body(request))
            except (CannotTap, Refusal, ValueError, KeyError, TypeError, StopIteration) as error:
                told = {"error": f"{type(error).__name__}: {error}"}
                return web.json_response(told, status=400, dumps=_dump)
            return web.json_response(done, dumps=_dump)

        return answer

    # -- looking -----------------------------------------------------------------------------------

    async def people(self, _user: str, _body: Body) -> Any:
        """Everybody with a phone."""
        members = self.world.corp.members.values()
        return [
            {"userid": m.userid, "name": m.name, "position": m.position} for m in members if m.status != 5
        ]

    async def screen(self, user: str, body: Body) -> Any:
        """One phone, oldest first; ``chat`` picks one conversation."""
        return [_shown(i) for i in self.world.phones.chat(user, body.get("chat", ""))]

    async def changes(self, _user: str, body: Body) -> Any:
        """What happened on all phones after the change number ``after``."""
        return [_change(c) for c in self.world.phones.since(int(body.get("after", 0)))]

    async def state(self, _user: str, _body: Body) -> Any:
        """Clock, connections, switches, what was wrong."""
        world = self.world
        return {
            **face(world.clock),
            "corp": world.corp.corp_id,
            "chats": [f"app:{a}" for a in world.corp.agents] + [f"bot:{b}" for b in world.corp.bots],
            "connected": list(self.gateway.lines),
            "calls": len(world.calls),
            "refused": [asdict(call) for call in world.refused()[-RECENT:]],
            "complaints": world.complaints[-RECENT:],
            "dropped": world.dropped[-RECENT:],
            "faults": [asdict(fault) for fault in world.faults.armed],
            "switches": asdict(world.switches),
        }

    # -- a member's doing --------------------------------------------------------------------------

    async def say(self, user: str, body: Body) -> Any:
        """Type a text into a chat."""
        kind, where = _chat(body)
        if kind == "bot":
            return {"taken": await self.bot_hands.say(user, body["text"], where)}
        return _went(await self.hands.say(user, body["text"], int(where or 0)))

    async def tap(self, _user: str, body: Body) -> Any:
        """Tap a button, with what is chosen; ``menu`` for the corner of the card."""
        seq, key, chosen = int(body["seq"]), str(body["key"]), body.get("chosen")
        item = self.world.phones.item(seq)
        mine: Hands | BotHands = (
            self.hands if item is None or item.chat.startswith("app:") else self.bot_hands
        )
        done = await (mine.menu(seq, key) if body.get("menu") else mine.tap(seq, key, chosen))
        return _went(done) if isinstance(done, Outcome) else {"taken": done}

    async def file(self, user: str, body: Body) -> Any:
        """Send a file, picture, voice or video; ``content`` in base64."""
        kind, where = _chat(body)
        name, content = str(body["name"]), base64.b64decode(body.get("content", ""), validate=True)
        if kind == "bot":
            return {
                "taken": await self.bot_hands.send_file(user, name, content, body.get("kind", "file"), where)
            }
        return _went(
            await self.hands.send_file(user, name, content, body.get("kind", "file"), int(where or 0))
        )

    async def enter(self, user: str, body: Body) -> Any:
        """Open a chat."""
        kind, where = _chat(body)
        if kind == "bot":
            return {"taken": await self.bot_hands.enter(user, where)}
        return _went(await self.hands.enter(user, int(where or 0)))

    async def event(self, user: str, body: Body) -> Any:
        """Any event of the documentation reaches the app."""
        where = int(body.get("agentid", 0))
        return _went(await self.hands.happen(str(body["event"]), user, dict(body.get("fields", {})), where))

    # -- the administrator's and the weather's -----------------------------------------------------

    async def callback(self, _user: str, body: Body) -> Any:
        """Set an app's callback and press 保存: the URL is verified first."""
        agent = self.hands.agent(int(body.get("agentid", 0)))
        agent.url = str(body.get("url", agent.url))
        agent.token = str(body.get("token", agent.token))
        agent.aes_key = str(body.get("aes_key", agent.aes_key))
        wrong = await self.pusher.verify(agent)
        return {"saved": not wrong, "why": wrong}

    async def clock(self, _user: str, body: Body) -> Any:
        """Set the time, move it by ``seconds``, or go on to what is ``planned``."""
        turn(self.world.clock, body)
        return {"now": self.world.now().isoformat(timespec="seconds")}

    async def fault(self, _user: str, body: Body) -> Any:
        """Arm trouble; nothing named clears it."""
        if body:
            self.world.faults.arm(Fault(**{"path": "", **body}))
        else:
            self.world.faults.clear()
        return {"armed": len(self.world.faults.armed)}

    async def switch(self, _user: str, body: Body) -> Any:
        """Set switches by name."""
        known = {each.name for each in fields(self.world.switches)}
        for name, value in body.items():
            if name not in known or not isinstance(value, type(getattr(self.world.switches, name))):
                raise ValueError(f"没有这个开关，或者类型不对：{name}")
            setattr(self.world.switches, name, value)
        return asdict(self.world.switches)

    async def revoke(self, _user: str, body: Body) -> Any:
        """Take back every token."""
        tokens.revoke(self.world, int(body.get("code", 40014)))
        return {}

    async def line(self, _user: str, body: Body) -> Any:
        """End a bot's connection, ``how`` close or cut."""
        for bot_id in list(self.gateway.lines):
            if body.get("how") == "cut":
                self.gateway.cut(bot_id)
            else:
                await self.gateway.close(bot_id)
        return {}

    async def forge(self, user: str, body: Body) -> Any:
        """A delivery that must not be believed; its HTTP status."""
        fields = self.hands.message(user, str(body.get("text", "填报")))
        return {"status": await forging.forge(self.pusher, self.hands.agent(), fields, str(body["how"]))}


Act = Callable[[Console, str, Body], Awaitable[Any]]
LOOKS: Mapping[str, Act] = {
    "/sandbox/people": Console.people,
    "/sandbox/state": Console.state,
    "/sandbox/changes": Console.changes,
    "/sandbox/phones/{user}": Console.screen,
}
ACTS: Mapping[str, Act] = {
    "/sandbox/phones/{user}/say": Console.say,
    "/sandbox/phones/{user}/tap": Console.tap,
    "/sandbox/phones/{user}/file": Console.file,
    "/sandbox/phones/{user}/enter": Console.enter,
    "/sandbox/phones/{user}/event": Console.event,
    "/sandbox/phones/{user}/forge": Console.forge,
    "/sandbox/callback": Console.callback,
    "/sandbox/clock": Console.clock,
    "/sandbox/faults": Console.fault,
    "/sandbox/switches": Console.switch,
    "/sandbox/revoke": Console.revoke,
    "/sandbox/line": Console.line,
}


def _check_host(request: web.Request) -> None:
    """Only this machine's own pages: another site's page cannot name our host."""
    if request.host.rpartition(":")[0] not in HOSTS:
        raise web.HTTPForbidden(text="沙箱只在本机用")


async def _body(request: web.Request) -> Body:
    if request.method == "GET":
        return dict(request.query)
    if request.content_type != "application/json":
        raise ValueError("要用 application/json")
    found = await request.json()
    if not isinstance(found, dict):
        raise ValueError("要一个 JSON 对象")
    return found


def _chat(body: Body) -> tuple[str, str]:
    kind, _, where = str(body.get("chat", "app:")).partition(":")
    return kind, where


def _went(outcome: Outcome) -> dict[str, Any]:
    return {"taken": outcome.taken, **asdict(outcome)}


def _change(change: Change) -> dict[str, Any]:
    return {"number": change.number, "what": change.what, **_shown(change.item)}


def _shown(item: Item) -> dict[str, Any]:
    card = item.body if item.kind == "template_card" and not item.recalled else {}
    taps = {} if item.dead else buttons(card)
    return {
        "seq": item.seq,
        "at": item.at.isoformat(timespec="seconds"),
        "userid": item.userid,
        "chat": item.chat,
        "mine": item.mine,
        "kind": item.kind,
        "source": card.get("source", {}).get("desc", ""),
        "lines": drawing.lines(item),
        "buttons": [{"key": key, "text": text} for key, text in taps.items()],
        "dead": item.dead,
        "menu": list(card.get("action_menu", {}).get("action_list", ())),
        "selectors": [_selector(name, each) for name, each in selectors(card)] if taps else [],
        "files": [{"name": name, "bytes": len(content)} for name, content in item.files],
    }


def _selector(name: str, each: Body) -> dict[str, Any]:
    return {
        "key": each["question_key"],
        "title": each.get("title", ""),
        "options": list(each["option_list"]),
        "chosen": shown_as_chosen(name, each),
        "several": bool(each.get("mode")),
        "shut": bool(each.get("disable")),
    }


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
