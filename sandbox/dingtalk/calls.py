"""One OpenAPI call from its request to its answer: faults, token, permission, limits, schema, then the API itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.dingtalk.refusals import Refused, Wrong, new_body, old_body
from sandbox.dingtalk.world import App, Asked, World

NEW, OLD = "new", "old"


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its body read. ``app`` is who the token belongs to; None for calls without a token."""

    world: World
    body: Mapping[str, Any]
    token: str = ""
    app: App | None = None

    @property
    def client(self) -> App:
        """The app that calls; only for APIs that need a token."""
        if self.app is None:
            raise Refused(400, "InvalidAuthentication", errcode=40014)
        return self.app


@dataclass(frozen=True, slots=True)
class Api:
    """One documented API. ``free``: not counted against the month; ``permission``: what the app must have."""

    name: str
    method: str
    path: str
    shape: Any
    answer: Callable[[Call], Mapping[str, Any]]
    dialect: str = NEW
    permission: str = ""
    free: bool = False
    token: bool = True


def run(api: Api, call: Call) -> tuple[int, Mapping[str, Any]]:
    """The status and the body of the answer; what was asked and answered is kept."""
    answer: Mapping[str, Any]
    try:
        call = _admitted(api, call)
        status, answer = 200, api.answer(call)
        if api.dialect == OLD:
            answer = {"errcode": 0, "errmsg": "ok", **answer, "request_id": call.world.fresh_id("r")}
        if not api.free:
            call.world.quota.spend()
    except Refused as refused:
        status, answer = _refusal(api, call.world, refused)
    client_id = call.app.client_id if call.app else ""
    call.world.asked.append(Asked(call.world.clock.now(), api.name, client_id, call.body, status, answer))
    return status, answer


def refuse(api: Api, world: World, refused: Refused) -> tuple[int, Mapping[str, Any]]:
    """The answer of an armed fault, kept like every other."""
    status, answer = _refusal(api, world, refused)
    world.asked.append(Asked(world.clock.now(), api.name, "", {}, status, answer))
    return status, answer


def _refusal(api: Api, world: World, refused: Refused) -> tuple[int, Mapping[str, Any]]:
    request_id = world.fresh_id("r")
    if isinstance(refused, Wrong):
        world.complain(f"{api.name}: {refused.message}")
        return refused.status, {**new_body(refused, request_id), **old_body(refused, request_id)}
    if api.dialect == OLD:
        return 200, old_body(refused, request_id)
    body = new_body(refused, request_id)
    if refused.code.endswith("AccessTokenPermissionDenied"):
        body["accessdenieddetail"] = {"requiredScopes": [api.permission]}
    return refused.status, body


def _admitted(api: Api, call: Call) -> Call:
    """The call with its app, when it may be answered at all. Raises Refused."""
    world = call.world
    world.quota.knock()
    if api.token:
        call = replace(call, app=world.apps[world.tokens.owner(call.token)])
    client_id = call.app.client_id if call.app else ""
    world.quota.admit(client_id, api.name)
    if call.app and api.permission and api.permission not in call.app.permissions:
        raise Refused(
            403,
            "Forbidden.AccessDenied.AccessTokenPermissionDenied",
            f"应用尚未开通所需的权限：[{api.permission}]",
            errcode=60011,
        )
    if not api.free:
        world.quota.left()
    if why := api.shape.wrong(call.body):
        raise Wrong(why)
    return call
