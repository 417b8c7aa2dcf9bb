"""A district on the local DingTalk: its people as members there, our card template, and how to connect to it."""

from __future__ import annotations

from collections.abc import Mapping

from platforms.dingtalk.template import export
from regulation.roster import Person, Role, Roster
from rehearsal.local import until_interrupted
from sandbox.clock import Clock, SharedClock
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


def dingtalk_settings(base: str) -> Mapping[str, str]:
    """The environment that points ``jixiao run`` to the local 钉钉 at ``base``."""
    return {
        "JIXIAO_DINGTALK_CLIENT_ID": APP.client_id,
        "JIXIAO_DINGTALK_CLIENT_SECRET": APP.client_secret,
        "JIXIAO_DINGTALK_AGENT_ID": str(APP.agent_id),
        "JIXIAO_DINGTALK_TEMPLATE_ID": TEMPLATE,
        "JIXIAO_DINGTALK_API": base,
        "JIXIAO_DINGTALK_OAPI": base,
    }


async def serve_dingtalk(roster: Roster, port: int, clock: SharedClock) -> None:
    """Serve until interrupted, by that clock."""
    world = world_of(roster, clock=clock)
    async with serving(world, port=port):
        await until_interrupted("钉钉", world.base, clock, dingtalk_settings(world.base))
    for complaint in world.complaints:
        print(f"文档里没有的请求：{complaint}", flush=True)
