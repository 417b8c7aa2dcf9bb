"""A district on the local DingTalk: its people as members there, our card template, and how to connect to it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from datetime import datetime

from platforms.dingtalk.template import export
from regulation.roster import Person, Role, Roster
from sandbox.clock import SHANGHAI, Clock
from sandbox.dingtalk import App, Department, Rules, World, serving
from sandbox.dingtalk import Person as Member

#: what the local DingTalk is set up with; nothing secret about it.
APP = App("dinglocalsandbox", "local-client-secret", agent_id=1000001)
TEMPLATE = "jixiao-local.schema"
#: numbers of the departments in the local directory; 1 is the root.
FIRST_DEPARTMENT = 2
#: who leads the department of the directory his duty is about.
HEADS = (Role.DEPARTMENT_HEAD, Role.UNIT_HEAD)


def world_of(roster: Roster, *, clock: Clock | None = None, rules: Rules | None = None) -> World:
    """An organisation of everybody with an account on 钉钉: a department for each department and unit."""
    world = World({APP.client_id: APP}, clock or Clock(), rules or Rules())
    ids = [*(d.id for d in roster.departments), *(u.id for u in roster.units)]
    numbers = {each: n for n, each in enumerate(ids, FIRST_DEPARTMENT)}
    departments = [Department(numbers[d.id], d.name) for d in roster.departments]
    units = [Department(numbers[u.id], u.name, numbers[u.department_id]) for u in roster.units]
    accounts = [(dict(p.identities).get("dingtalk", ""), p) for p in roster.people if p.active]
    world.directory.add((_member(user, p, numbers) for user, p in accounts if user), (*departments, *units))
    world.templates.load(export(), "绩监通", TEMPLATE)
    return world


def _member(user: str, person: Person, numbers: Mapping[str, int]) -> Member:
    belongs = tuple(sorted({numbers[d.scope_id] for d in person.duties if d.scope_id in numbers})) or (1,)
    leads = {numbers[d.scope_id] for d in person.duties if d.role in HEADS and d.scope_id in numbers}
    return Member(user, person.name, belongs, tuple(sorted(leads)))


def dingtalk_settings(world: World) -> Mapping[str, str]:
    """The environment that points ``jixiao run`` to it."""
    return {
        "JIXIAO_DINGTALK_CLIENT_ID": APP.client_id,
        "JIXIAO_DINGTALK_CLIENT_SECRET": APP.client_secret,
        "JIXIAO_DINGTALK_AGENT_ID": str(APP.agent_id),
        "JIXIAO_DINGTALK_TEMPLATE_ID": TEMPLATE,
        "JIXIAO_DINGTALK_API": world.base,
        "JIXIAO_DINGTALK_OAPI": world.base,
    }


async def serve_dingtalk(roster: Roster, port: int, at: datetime | None) -> None:
    """Serve until interrupted, from that wall-clock time of ours."""
    begins = at.replace(tzinfo=at.tzinfo or SHANGHAI) if at else None
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    world = world_of(roster, clock=Clock(begins))
    async with serving(world, port=port):
        print(f"本机钉钉：{world.base}/sandbox/ （按 Ctrl+C 结束）。绩监通这样设：", flush=True)
        for name, value in dingtalk_settings(world).items():
            print(f"{name}={value}", flush=True)
        await stop.wait()
    for complaint in world.complaints:
        print(f"文档里没有的请求：{complaint}", flush=True)
