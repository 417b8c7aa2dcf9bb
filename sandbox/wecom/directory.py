"""Members and departments as an app may read them: only within its scope, and not all fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.wecom.corp import Member
from sandbox.wecom.errors import Refusal
from sandbox.wecom.schema import number, text, texts
from sandbox.wecom.tokens import app_of
from sandbox.wecom.world import Token, World

Answer = dict[str, Any]
Query = Mapping[str, str]


def _ok(**more: Any) -> Answer:
    return {"errcode": 0, "errmsg": "ok", **more}


def _scope(world: World, token: Token) -> list[Member]:
    """Everybody for the directory's own token, else who the app sees; those who left are gone."""
    members = [m for m in world.corp.members.values() if m.status != 5]
    if token.agent is None:
        return members
    scope = world.corp.scope(token.agent)
    return [m for m in members if m.userid.lower() in scope]


def _departments(world: World, token: Token) -> list[Answer]:
    """The departments in scope: all for who sees everybody, else those the seen members belong to."""
    corp = world.corp
    if token.agent is None or token.agent.visible is None:
        wanted = set(corp.departments)
    else:
        wanted = {d for m in _scope(world, token) for d in m.departments}
    return [
        {"id": d.id, "name": d.name, "parentid": d.parent, "order": d.order}
        for d in corp.departments.values()
        if d.id in wanted
    ]


def _below(world: World, token: Token, query: Query) -> list[Answer]:
    found = _departments(world, token)
    if not query.get("id"):
        return found
    wanted = world.corp.below(_department(world, query["id"]))
    return [d for d in found if d["id"] in wanted]


def _department(world: World, text: str) -> int:
    if not text.isdecimal() or int(text) not in world.corp.departments:
        raise Refusal(60003, text)
    return int(text)


def department_simplelist(world: World, token: Token, query: Query) -> Answer:
    """Ids only, with everything below."""
    found = _below(world, token, query)
    return _ok(department_id=[{k: d[k] for k in ("id", "parentid", "order")} for d in found])


def department_list(world: World, token: Token, query: Query) -> Answer:
    """The same with names and leaders."""
    return _ok(
        department=[d | {"department_leader": _leaders(world, d["id"])} for d in _below(world, token, query)]
    )


def department_get(world: World, token: Token, query: Query) -> Answer:
    """One department."""
    wanted = _department(world, query.get("id", ""))
    found = next((d for d in _departments(world, token) if d["id"] == wanted), None)
    if found is None:
        raise Refusal(60011, f"department {wanted}")
    return _ok(department=found | {"department_leader": _leaders(world, wanted)})


def _leaders(world: World, department: int) -> list[str]:
    return [m.userid for m in world.corp.members.values() if department in m.leads and m.status != 5]


def _members(world: World, token: Token, query: Query) -> list[Member]:
    wanted = _department(world, query.get("department_id", ""))
    visible = _departments(world, token)
    if wanted not in [d["id"] for d in visible]:
        raise Refusal(60011, f"department {wanted}")
    return [m for m in _scope(world, token) if wanted in m.departments]


def user_simplelist(world: World, token: Token, query: Query) -> Answer:
    """Members of one department, not of those below it."""
    return _ok(
        userlist=[
            {"userid": m.userid, "name": m.name, "department": list(m.departments), "open_userid": ""}
            for m in _members(world, token, query)
        ]
    )


def user_list(world: World, token: Token, query: Query) -> Answer:
    """The same with everything user/get says."""
    return _ok(userlist=[_details(m) for m in _members(world, token, query)])


def user_get(world: World, token: Token, query: Query) -> Answer:
    """One member. No mobile, email or avatar: an app made after 2022-06-20 gets none."""
    member = world.corp.member(query.get("userid", ""))
    if member is None or member.status == 5:
        raise Refusal(60111)
    if member not in _scope(world, token):
        raise Refusal(60011, member.userid)
    return _ok(**_details(member))


def _details(member: Member) -> Answer:
    return {
        "userid": member.userid,
        "name": member.name,
        "department": list(member.departments),
        "order": [0] * len(member.departments),
        "position": member.position,
        "is_leader_in_dept": [int(d in member.leads) for d in member.departments],
        "direct_leader": list(member.direct_leader),
        "status": member.status,
        "main_department": member.departments[0] if member.departments else 0,
    }


def agent_get(world: World, token: Token, query: Query) -> Answer:
    """The app itself: who sees it, whether it is closed."""
    agent = app_of(token)
    if query.get("agentid") != str(agent.agentid):
        raise Refusal(301002)
    seen = [{"userid": m.userid} for m in _scope(world, token)] if agent.visible is not None else []
    parties = [1] if agent.visible is None else []
    return _ok(
        agentid=agent.agentid,
        name=agent.name,
        description="",
        allow_userinfos={"user": seen},
        allow_partys={"partyid": parties},
        allow_tags={"tagid": []},
        close=int(agent.disabled),
        redirect_domain="",
        report_location_flag=0,
        isreportenter=1,
        home_url="",
    )


def user_list_id(world: World, token: Token, request: Answer) -> Answer:
    """Every (member, department), page by page; only for the directory's own secret."""
    if token.agent is not None:
        raise Refusal(48002)
    world.checker().check(request, {"cursor": text(), "limit": number()})
    rows = [
        {"userid": m.userid, "department": d}
        for m in world.corp.members.values()
        if m.status != 5
        for d in m.departments
    ]
    start, limit = int(request.get("cursor") or 0), request.get("limit", 10000)
    if not 1 <= limit <= 10000:
        raise Refusal(40058, "limit")
    end = start + limit
    return _ok(dept_user=rows[start:end], next_cursor=str(end) if end < len(rows) else "")


def openuserid_to_userid(world: World, token: Token, request: Answer) -> Answer:
    """Plain ids of encrypted ones, for members in the app's scope."""
    app_of(token)
    shape = {"open_userid_list": texts(1000, need=True, code=40063), "source_agentid": number()}
    world.checker().check(request, shape)
    scope = {m.userid for m in _scope(world, token)}
    found, invalid = [], []
    for each in request["open_userid_list"]:
        plain = world.corp.from_open(each)
        if plain in scope:
            found.append({"open_userid": each, "userid": plain})
        else:
            invalid.append(each)
    return _ok(userid_list=found, invalid_open_userid_list=invalid)


READ: dict[str, Callable[[World, Token, Query], Answer]] = {
    "department/simplelist": department_simplelist,
    "department/list": department_list,
    "department/get": department_get,
    "user/simplelist": user_simplelist,
    "user/list": user_list,
    "user/get": user_get,
    "agent/get": agent_get,
}
ASKED: dict[str, Callable[[World, Token, Answer], Answer]] = {
    "user/list_id": user_list_id,
    "batch/openuserid_to_userid": openuserid_to_userid,
}
