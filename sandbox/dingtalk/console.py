"""What an operator or a test does to the sandbox over HTTP below /sandbox/: phones, clock, faults, connections."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.clock import face, turn
from sandbox.dingtalk import faults, happenings
from sandbox.dingtalk.gateway import Push
from sandbox.dingtalk.phones import Impossible, Outcome, Phone
from sandbox.dingtalk.previewing import described
from sandbox.dingtalk.templates import TemplateError
from sandbox.dingtalk.world import World

PAGE = Path(__file__).with_name("page.html")
HOSTS = ("127.0.0.1", "localhost", "[::1]")
Act = Callable[[World, web.Request, Mapping[str, Any]], Awaitable[Any]]


class Unfit(Exception):
    """A request to the console that cannot be done; the text says why."""


def add_routes(app: web.Application, world: World) -> None:
    """The console's routes."""
    app.router.add_get("/sandbox/", _page(world))
    app.router.add_get("/sandbox/media/{id}", _media(world))
    for path, look in LOOKS.items():
        app.router.add_get(path, _guarded(world, look))
    for path, act in ACTS.items():
        app.router.add_post(path, _guarded(world, act))


def _page(_world: World) -> Any:
    async def answer(request: web.Request) -> web.StreamResponse:
        _check_host(request)
        return web.Response(text=PAGE.read_text(encoding="utf-8"), content_type="text/html")

    return answer


def _media(world: World) -> Any:
    """A file an app uploaded, for whom it was sent to: a picture is looked at, anything else is kept."""

    async def answer(request: web.Request) -> web.StreamResponse:
        _check_host(request)
        stored = world.media.uploaded.get(request.match_info["id"])
        if stored is None:
            raise web.HTTPNotFound(text="没有这个文件")
        kind = "image/png" if stored.kind == "image" else "application/octet-stream"
        return web.Response(body=stored.content, content_type=kind)

    return answer


def _check_host(request: web.Request) -> None:
    """Only this machine's own pages: another site's page cannot name our host."""
    if request.host.rpartition(":")[0] not in HOSTS:
        raise web.HTTPForbidden(text="沙箱只在本机用")


def _guarded(world: World, act: Act) -> Any:
    async def answer(request: web.Request) -> web.StreamResponse:
        _check_host(request)
        try:
            done = await act(world, request, await _body(request))
        except (Unfit, Impossible, TemplateError, ValueError, KeyError) as error:
            return web.json_response({"error": str(error)}, status=400)
        text = json.dumps(done, ensure_ascii=False, default=str)
        return web.Response(text=text, content_type="application/json")

    return answer


async def _body(request: web.Request) -> Mapping[str, Any]:
    if request.method == "GET":
        return dict(request.query)
    if request.content_type != "application/json":
        raise Unfit("要用 application/json")
    body = await request.json()
    if not isinstance(body, dict):
        raise Unfit("要一个 JSON 对象")
    return body


def _phone(world: World, request: web.Request) -> Phone:
    return Phone(world, request.match_info["user"])


# -- looking ----------------------------------------------------------------------------------------


async def _people(world: World, _request: web.Request, _body: Mapping[str, Any]) -> Any:
    return [
        {"user": p.user_id, "name": p.name, "client": p.client, "unread": Phone(world, p.user_id).unread()}
        for p in world.directory.people.values()
        if p.active
    ]


async def _screen(world: World, request: web.Request, _body: Mapping[str, Any]) -> Any:
    return _phone(world, request).screen()


async def _state(world: World, _request: web.Request, _body: Mapping[str, Any]) -> Any:
    month = world.quota.month()
    return {
        **face(world.clock),
        "connections": world.gateway.live(),
        "calls": world.quota.calls[month],
        "pushes": world.quota.pushes[month],
        "complaints": world.complaints,
        "faults": [asdict(fault) for fault in world.faults],
        "templates": {t.id: t.name for t in world.templates.known.values()},
    }


async def _asked(world: World, _request: web.Request, body: Mapping[str, Any]) -> Any:
    limit = int(body.get("limit", 100))
    return [
        {"at": a.at, "api": a.api, "status": a.status, "body": a.body, "answer": a.answer}
        for a in world.asked[-limit:]
    ]


# -- doing ------------------------------------------------------------------------------------------


async def _pushed(push: Push, body: Mapping[str, Any]) -> Any:
    """What became of a push; waits for it unless told not to."""
    if body.get("wait", True):
        await push.done.wait()
    return {"acked": push.ack is not None, "code": push.ack.code if push.ack else 0, "tries": len(push.acks)}


async def _outcome(outcome: Outcome, body: Mapping[str, Any]) -> Any:
    told = {"answered": outcome.answered, "toast": outcome.toast}
    return told | (await _pushed(outcome.push, body) if outcome.push else {})


async def _say(world: World, request: web.Request, body: Mapping[str, Any]) -> Any:
    return await _pushed(_phone(world, request).say(body["text"], body.get("group", "")), body)


async def _file(world: World, request: web.Request, body: Mapping[str, Any]) -> Any:
    content = base64.b64decode(body.get("content", ""), validate=True)
    phone, kind = _phone(world, request), body.get("kind", "file")
    if kind == "file":
        return await _pushed(phone.send_file(body["name"], content), body)
    if kind == "picture":
        return await _pushed(phone.send_picture(content), body)
    if kind == "voice":
        return await _pushed(phone.send_voice(int(body.get("duration", 1000)), body.get("text", "")), body)
    return await _pushed(phone.send_sticker(), body)


async def _tap(world: World, request: web.Request, body: Mapping[str, Any]) -> Any:
    return await _outcome(await _phone(world, request).tap(body["message"], body["button"]), body)


async def _submit(world: World, request: web.Request, body: Mapping[str, Any]) -> Any:
    phone = _phone(world, request)
    return await _outcome(
        await phone.submit(body["message"], body.get("values", {}), body.get("form", "")), body
    )


async def _read(world: World, request: web.Request, _body: Mapping[str, Any]) -> Any:
    return {"events": len(_phone(world, request).read())}


async def _forward(world: World, request: web.Request, body: Mapping[str, Any]) -> Any:
    return {"message": _phone(world, request).forward(body["message"], body["to"])}


async def _leave(world: World, request: web.Request, _body: Mapping[str, Any]) -> Any:
    _phone(world, request).leave()
    return {}


async def _resign(world: World, request: web.Request, _body: Mapping[str, Any]) -> Any:
    return {"events": len(happenings.left_organisation(world, request.match_info["user"]))}


async def _client(world: World, request: web.Request, body: Mapping[str, Any]) -> Any:
    person = _phone(world, request).person
    person.client = str(body.get("client", person.client))
    person.broken = bool(body.get("broken", person.broken))
    person.slowed = bool(body.get("slowed", person.slowed))
    return {"version": person.version}


async def _clock(world: World, _request: web.Request, body: Mapping[str, Any]) -> Any:
    turn(world.clock, body)
    return {"now": world.clock.now().isoformat(timespec="seconds")}


async def _fault(world: World, _request: web.Request, body: Mapping[str, Any]) -> Any:
    faults.arm(world, body.get("api", "*"), body["fault"], int(body.get("times", 1)))
    return {"armed": len(world.faults)}


async def _gateway(world: World, _request: web.Request, body: Mapping[str, Any]) -> Any:
    what = body["do"]
    if what == "drop":
        return {"cut": world.gateway.drop()}
    if what == "revoke":
        world.tokens.revoke()
    elif what == "disconnect":
        for connection in list(world.gateway.connections):
            await world.gateway.disconnect(connection)
    elif what == "ping":
        return {"answered": [await world.gateway.ping(c) for c in list(world.gateway.connections)]}
    elif what == "write":
        await world.gateway.write(body["text"])
    else:
        raise Unfit(f"没有这种做法：{what}")
    return {}


async def _event(world: World, _request: web.Request, body: Mapping[str, Any]) -> Any:
    pushes = [happenings.event(world, app, body["type"], body["data"]) for app in world.apps]
    return [await _pushed(push, body) for push in pushes]


async def _rules(world: World, _request: web.Request, body: Mapping[str, Any]) -> Any:
    known = {each.name for each in fields(world.rules)}
    for name, value in body.items():
        kind = type(getattr(world.rules, name)) if name in known else None
        fits = type(value) is kind or (kind is float and type(value) is int)
        if not fits:
            raise Unfit(f"没有这一项，或者类型不对：{name}")
        setattr(world.rules, name, value)
    return asdict(world.rules)


async def _template(world: World, _request: web.Request, body: Mapping[str, Any]) -> Any:
    template = world.templates.load(json.dumps(body["template"]), body.get("name", ""), body.get("id", ""))
    template.published = bool(body.get("published", True))
    return {"id": template.id, "variables": {v.name: v.type for v in template.variables.values()}}


async def _templates(world: World, _request: web.Request, _body: Mapping[str, Any]) -> Any:
    return [described(template) for template in world.templates.known.values()]


LOOKS: Mapping[str, Act] = {
    "/sandbox/people": _people,
    "/sandbox/phones/{user}": _screen,
    "/sandbox/state": _state,
    "/sandbox/asked": _asked,
    "/sandbox/templates": _templates,
}
ACTS: Mapping[str, Act] = {
    "/sandbox/phones/{user}/say": _say,
    "/sandbox/phones/{user}/file": _file,
    "/sandbox/phones/{user}/tap": _tap,
    "/sandbox/phones/{user}/submit": _submit,
    "/sandbox/phones/{user}/read": _read,
    "/sandbox/phones/{user}/forward": _forward,
    "/sandbox/phones/{user}/leave": _leave,
    "/sandbox/phones/{user}/resign": _resign,
    "/sandbox/phones/{user}/client": _client,
    "/sandbox/clock": _clock,
    "/sandbox/faults": _fault,
    "/sandbox/gateway": _gateway,
    "/sandbox/events": _event,
    "/sandbox/rules": _rules,
    "/sandbox/templates": _template,
}
