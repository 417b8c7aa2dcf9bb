"""The HTTP side of the API: routes, credentials, request parsing, limits of frequency, arranged trouble."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from sandbox.wecom import directory, hooks, login, media, sending, tokens, updating
from sandbox.wecom.errors import Refusal
from sandbox.wecom.faults import Fault
from sandbox.wecom.windows import HOUR, MINUTE
from sandbox.wecom.world import Call, Token, World

Answer = dict[str, Any]
Query = Mapping[str, str]

CORP_LIMITS = ((MINUTE, 10_000), (HOUR, 150_000))
#: sending does not count toward the limit of calls.
UNCOUNTED = ("message/send", "auth/getuserinfo")
MOST_JSON = 2 * 1024 * 1024
MOST_FILE = 21 * 1024 * 1024
#: a backslash escape of a character; one whose backslash is itself escaped is not one.
ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")
HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"

READ: dict[str, Callable[[World, Token, Query], Answer]] = {
    **directory.READ,
    "auth/getuserinfo": login.get_user_info,
    "getcallbackip": lambda *_: {"errcode": 0, "errmsg": "ok", "ip_list": ["127.0.0.1"]},
    "get_api_domain_ip": lambda *_: {"errcode": 0, "errmsg": "ok", "ip_list": ["127.0.0.1"]},
}
ASKED: dict[str, Callable[[World, Token, Answer], Answer]] = {
    **directory.ASKED,
    "message/send": sending.send,
    "message/update_template_card": updating.update_card,
    "message/recall": updating.recall,
}


class Api:
    """Everything below /cgi-bin."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[web.RouteDef]:
        """For the server."""
        return [web.route("*", "/cgi-bin/{path:.*}", self.call)]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One call: trouble first, then the answer; HTTP 200 whatever the return code."""
        path = request.match_info["path"]
        fault = self.world.faults.take(path)
        if fault and fault.kind in TROUBLE:
            return await TROUBLE[fault.kind](request, fault)
        try:
            if fault and fault.kind == "code":
                raise Refusal(fault.code, "arranged")
            answer = await self._answer(path, request)
        except Refusal as refusal:
            answer = refusal.body(request.remote or "")
        self.world.calls.append(Call(path, code_of(answer), self.world.now(), detail_of(answer)))
        if fault and fault.kind == "cut_after":
            return _cut(request)
        return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer, dumps=_dump)

    async def _answer(self, path: str, request: web.Request) -> Answer | web.Response:
        query, peer = request.query, request.remote or ""
        if path == "gettoken":
            _method(request, "GET")
            return tokens.get_token(self.world, query, peer)
        if path.startswith("webhook/"):
            return await self._hook(path, request)
        token = tokens.bearer(self.world, query, peer)
        self._frequency(path)
        if path in READ:
            _method(request, "GET")
            return READ[path](self.world, token, query)
        if path in ASKED:
            _method(request, "POST")
            return ASKED[path](self.world, token, await parsed(request))
        return await self._media(path, request)

    async def _media(self, path: str, request: web.Request) -> Answer | web.Response:
        if path == "media/upload":
            _method(request, "POST")
            name, content = await uploaded(request)
            return media.upload(self.world, request.query.get("type", ""), name, content)
        if path == "media/get":
            found = media.known(self.world, request.query.get("media_id", ""))
            disposition = f"attachment; filename*=utf-8''{quote(found.name)}"
            return web.Response(body=found.content, headers={"content-disposition": disposition})
        raise Refusal(40035, f"no such api: {path}")

    async def _hook(self, path: str, request: web.Request) -> Answer:
        _method(request, "POST")
        key = request.query.get("key", "")
        if path == "webhook/send":
            return hooks.send(self.world, key, await parsed(request))
        if path != "webhook/upload_media" or key not in self.world.corp.hooks:
            raise Refusal(93000)
        name, content = await uploaded(request)
        return media.upload(self.world, request.query.get("type", ""), name, content, f"hook:{key}")

    def _frequency(self, path: str) -> None:
        if path in UNCOUNTED:
            return
        if not self.world.windows.allows(f"api:{path}", self.world.now(), CORP_LIMITS):
            raise Refusal(45009)


def _method(request: web.Request, wanted: str) -> None:
    if request.method != wanted:
        raise Refusal(40035, f"require {wanted} method")


async def parsed(request: web.Request) -> Answer:
    """The JSON object posted; UTF-8, without escapes, and an object."""
    raw = await request.content.read(MOST_JSON + 1)
    while not request.content.at_eof() and len(raw) <= MOST_JSON:
        raw += await request.content.read(MOST_JSON)
    if len(raw) > MOST_JSON:
        raise Refusal(45002, "body")
    if ESCAPED.search(raw):
        raise Refusal(40033)
    try:
        found = json.loads(raw.decode(), object_pairs_hook=_once)
    except ValueError:
        raise Refusal(40035, "Warning: wrong json format.") from None
    if not isinstance(found, dict):
        raise Refusal(40035, "Warning: wrong json format.")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


async def uploaded(request: web.Request) -> tuple[str, bytes]:
    """Name and content of the part named ``media``."""
    if not request.content_type.startswith("multipart/"):
        raise Refusal(44001, "not multipart")
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "media":
            content = bytearray()
            while chunk := await part.read_chunk(1 << 16):
                content += chunk
                if len(content) > MOST_FILE:
                    raise Refusal(45001)
            return part.filename or "", bytes(content)
    raise Refusal(44001, "no part named media")


def code_of(answer: Answer | web.StreamResponse) -> int:
    """The return code of an answer, 0 for a file."""
    return 0 if isinstance(answer, web.StreamResponse) else int(answer["errcode"])


def detail_of(answer: Answer | web.StreamResponse) -> str:
    """What a refused call was refused for."""
    return "" if isinstance(answer, web.StreamResponse) or not answer["errcode"] else str(answer["errmsg"])


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cut(request: web.Request) -> web.Response:
    """The line is gone: nothing of an answer arrives."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _html(_request: web.Request, fault: Fault) -> web.Response:
    return web.Response(text=HTML, content_type="text/html", status=200)


async def _status(_request: web.Request, fault: Fault) -> web.Response:
    return web.Response(text=HTML, content_type="text/html", status=fault.code)


async def _slow(request: web.Request, fault: Fault) -> web.Response:
    """No answer for so long, then none at all."""
    await asyncio.sleep(fault.seconds)
    return _cut(request)


async def _cut_before(request: web.Request, _fault: Fault) -> web.Response:
    return _cut(request)


TROUBLE: dict[str, Callable[[web.Request, Fault], Awaitable[web.Response]]] = {
    "html": _html,
    "status": _status,
    "slow": _slow,
    "cut": _cut_before,
}
