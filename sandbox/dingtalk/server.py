"""The local DingTalk on a port: OpenAPI of both hosts, the stream, files, and the operator's own pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from email.utils import format_datetime
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.dingtalk import card_calls, console, documented, faults, old_calls, robot
from sandbox.dingtalk.calls import OLD, Api, Call, refuse, run
from sandbox.dingtalk.chats import GROUP
from sandbox.dingtalk.chats import Message as Shown
from sandbox.dingtalk.quota import Banned
from sandbox.dingtalk.refusals import Refused, Wrong
from sandbox.dingtalk.world import World

APIS = (*old_calls.APIS, *robot.APIS, *card_calls.APIS)
TOKEN_HEADER = "x-acs-dingtalk-access-token"
LARGEST = 25 * 1024 * 1024
#: how long a call that hangs is held, in real seconds.
HANG_SECONDS = 30
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(world: World, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve the world until left; gives its address."""
    runner = web.AppRunner(application(world), access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
        bound = runner.addresses[0][1]
        world.base = f"http://{host}:{bound}"
        yield world.base
    finally:
        await world.gateway.close()
        await runner.cleanup()


def application(world: World) -> web.Application:
    """Every route of the sandbox."""
    app = web.Application(client_max_size=LARGEST)
    for api in APIS:
        app.router.add_route(api.method, api.path, _api(world, api))
    app.router.add_get("/connect", _stream(world))
    app.router.add_post("/media/upload", _upload(world))
    app.router.add_get("/files/{key}", _file(world))
    app.router.add_post("/robot/sendBySession", _session(world))
    console.add_routes(app, world)
    app.router.add_route("*", "/{tail:.*}", _nothing(world))
    return app


def _json(world: World, status: int, body: Any) -> web.Response:
    response = web.json_response(body, status=status, dumps=lambda b: json.dumps(b, ensure_ascii=False))
    response.headers["Date"] = format_datetime(world.clock.now())
    return response


def _page(status: int = 200) -> web.Response:
    return web.Response(text=faults.PAGE, content_type="text/html", status=status)


# -- OpenAPI ----------------------------------------------------------------------------------------


def _api(world: World, api: Api) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        fault = faults.met(world, api.name)
        if fault in faults.REFUSALS:
            return _json(world, *refuse(api, world, faults.REFUSALS[fault]))
        if early := await _instead(request, world, fault):
            return early
        try:
            status, body = run(api, await _call(request, world, api))
        except Refused as refused:
            status, body = refuse(api, world, refused)
        except Banned:
            return _page(403)
        if fault == "cut_after":
            return _cut(request)
        return _json(world, status, body)

    return answer


async def _instead(request: web.Request, world: World, fault: str) -> web.StreamResponse | None:
    """What a call meets that never reaches an API; None when it does."""
    if fault == "html":
        return _page()
    if fault == "html502":
        return _page(502)
    if fault == "punish":
        return _json(world, 200, faults.PUNISHED)
    if fault == "cut":
        return _cut(request)
    if fault == "hang":
        await asyncio.sleep(HANG_SECONDS)
        return _cut(request)
    return None


def _cut(request: web.Request) -> web.Response:
    """The line breaks."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _call(request: web.Request, world: World, api: Api) -> Call:
    query = dict(request.query)
    old = api.dialect == OLD
    token = query.pop("access_token", "") if old else request.headers.get(TOKEN_HEADER, "")
    if api.method == "GET":
        return Call(world, query, token)
    if query:
        raise Wrong(f"query: there is no parameter {next(iter(query))}")
    return Call(world, _object(await request.read()), token)


def _object(raw: bytes) -> Mapping[str, Any]:
    """The JSON object of a body; a key twice is nothing a documented client sends."""
    try:
        body = json.loads(raw, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Wrong("body: not JSON") from error
    if not isinstance(body, dict):
        raise Wrong("body: not an object")
    return body


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise Wrong("body: a key twice")
    return dict(pairs)


def _nothing(world: World) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        world.complain(f"{request.method} {request.path}: there is no such API")
        return _json(world, 404, {"code": "InvalidAction.NotFound", "message": "Specified api is not found"})

    return answer


# -- the stream -------------------------------------------------------------------------------------


class _Line:
    """An aiohttp websocket as the gateway needs it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.request = request

    async def send(self, text: str) -> None:
        """Write one frame; raises ConnectionError when the line is gone."""
        if self.socket.closed:
            raise ConnectionResetError
        await self.socket.send_str(text)

    async def close(self) -> None:
        """Close in good order."""
        await self.socket.close(code=1000)

    def abort(self) -> None:
        """Cut the line without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()


def _stream(world: World) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        holder = world.gateway.ticket_holder(request.query.get("ticket", ""))
        if holder is None:
            return web.Response(status=401, text="ticket is invalid")
        socket = web.WebSocketResponse(autoping=True, max_msg_size=LARGEST)
        await socket.prepare(request)
        connection = world.gateway.joined(*holder, _Line(socket, request))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    world.gateway.heard(connection, message.data)
        finally:
            world.gateway.left(connection)
        return socket

    return answer


# -- files and session webhooks ---------------------------------------------------------------------


def _upload(world: World) -> Handler:
    """media/upload: the type in the form or the query, the file in a part named media."""

    async def answer(request: web.Request) -> web.StreamResponse:
        fault = faults.met(world, UPLOAD.name)
        if fault in faults.REFUSALS:
            return _json(world, *refuse(UPLOAD, world, faults.REFUSALS[fault]))
        if early := await _instead(request, world, fault):
            return early
        form = await request.post() if request.content_type.startswith("multipart/") else {}
        part = form.get("media")
        kind = str(form.get("type") or request.query.get("type") or "")
        if isinstance(part, web.FileField):
            body = {"type": kind, "name": part.filename, "content": part.file.read()}
        else:
            body = {"type": kind}
        status, found = run(UPLOAD, Call(world, body, request.query.get("access_token", "")))
        return _json(world, status, found)

    return answer


def _stored(call: Call) -> Mapping[str, Any]:
    kind = call.body["type"]
    media_id = call.world.media.upload(kind, call.body["name"], call.body["content"])
    return {"type": kind, "media_id": media_id, "created_at": call.world.clock.milliseconds()}


class _Multipart:
    """The shape of an upload: a type, and a part named media with a file name."""

    def wrong(self, body: Mapping[str, Any]) -> str:
        """Why it is not one."""
        if "content" not in body:
            return "media: there is no file part of that name"
        return "" if body["type"] else "type: missing"


UPLOAD = Api("upload", "POST", "/media/upload", _Multipart(), _stored, OLD, "qyapi_base")


def _file(world: World) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        content = world.media.fetch(request.match_info["key"])
        if content is None:
            return web.Response(status=403, text="AccessDenied: Request has expired.")
        return web.Response(body=content, content_type="application/octet-stream")

    return answer


def _session(world: World) -> Handler:
    """sendBySession: what the SDK's reply_text and reply_markdown use."""

    async def answer(request: web.Request) -> web.StreamResponse:
        session = world.sessions.get(request.query.get("session", ""))
        if session is None or session.until < world.clock.now():
            return _json(world, 200, {"errcode": 300001, "errmsg": "session 不存在或已过期"})
        body = _object(await request.read())
        if why := documented.SESSION.wrong(body):
            world.complain(f"sendBySession: {why}")
            return _json(world, 200, {"errcode": 400301, "errmsg": why})
        kind = str(body["msgtype"])
        if session.group:
            ids = (world.fresh_id("msg"), world.clock.now())
            world.chats.put(Shown(*ids, GROUP, session.group, "", f"session.{kind}", body.get(kind) or {}))
        else:
            robot.show(world, session.user, f"session.{kind}", body.get(kind) or {})
        return _json(world, 200, {"errcode": 0, "errmsg": "ok"})

    return answer
