"""The APIs of the old host: tokens, 工作通知, contacts, 免登; and the token of the new host beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sandbox.dingtalk import documented
from sandbox.dingtalk.calls import OLD, Api, Call
from sandbox.dingtalk.chats import NOTICE, Message
from sandbox.dingtalk.directory import Person
from sandbox.dingtalk.notices import Task
from sandbox.dingtalk.refusals import Refused, Wrong
from sandbox.dingtalk.world import World

# -- tokens -----------------------------------------------------------------------------------------


def token(call: Call) -> Mapping[str, Any]:
    """oauth2/accessToken."""
    value, seconds = _fetch(call, "appKey", "appSecret")
    return {"accessToken": value, "expireIn": seconds}


def old_token(call: Call) -> Mapping[str, Any]:
    """gettoken."""
    value, seconds = _fetch(call, "appkey", "appsecret")
    return {"access_token": value, "expires_in": seconds}


def _fetch(call: Call, key: str, secret: str) -> tuple[str, int]:
    app = call.world.apps.get(str(call.body.get(key)))
    if app is None or app.client_secret != call.body.get(secret):
        raise Refused(400, "invalidClientIdOrSecret", "无效的clientId或者clientSecret", errcode=40001)
    return call.world.tokens.fetch(app.client_id)


def open_gateway(call: Call) -> Mapping[str, Any]:
    """gateway/connections/open."""
    return call.world.gateway.open(call.body)


# -- 工作通知 ---------------------------------------------------------------------------------------


def notify(call: Call) -> Mapping[str, Any]:
    """asyncsend_v2: always a success once accepted, whoever gets it."""
    world, body = call.world, call.body
    msg = _notice(world, body["msg"])
    if int(body["agent_id"]) != call.client.agent_id:
        raise Refused(200, "400002", "agent_id不属于这个应用", errcode=400002)
    users = [user for user in str(body.get("userid_list", "")).split(",") if user]
    if len(users) > world.rules.notice_users:
        raise Wrong(f"userid_list: {len(users)} people, at most {world.rules.notice_users}")
    departments = [int(each) for each in str(body.get("dept_id_list", "")).split(",") if each]
    if len(departments) > 20:
        raise Wrong(f"dept_id_list: {len(departments)} departments, at most 20")
    if not users and not departments and not body.get("to_all_user"):
        raise Refused(200, "400002", "userid_list、dept_id_list、to_all_user 不能都为空", errcode=400002)
    task = world.notices.add(call.client.agent_id, world.clock.now(), msg)
    for user in dict.fromkeys(
        [*users, *_members(world, departments, task, everybody=bool(body.get("to_all_user")))]
    ):
        _give(world, task, user)
    return {"task_id": task.id}


def _notice(world: World, msg: Any) -> Mapping[str, Any]:
    """The message, also when it came as JSON in a string. Raises Wrong."""
    if isinstance(msg, str):
        try:
            msg = json.loads(msg)
        except (ValueError, RecursionError) as error:
            raise Wrong("msg: not JSON") from error
    if why := documented.NOTICE_MSG.wrong(msg, "msg"):
        raise Wrong(why)
    if set(msg) != {"msgtype", msg["msgtype"]}:
        raise Wrong(f"msg: needs exactly msgtype and {msg['msgtype']}")
    size = len(json.dumps(msg, ensure_ascii=False).encode())
    if size > world.rules.notice_bytes:
        raise Wrong(f"msg: {size} bytes, at most {world.rules.notice_bytes}")
    media = msg[msg["msgtype"]].get("media_id") if msg["msgtype"] != "oa" else None
    if media is not None and media not in world.media.uploaded:
        raise Wrong("msg.media_id: there is no such media")
    return dict(msg)


def _members(world: World, departments: list[int], task: Task, *, everybody: bool) -> list[str]:
    found = [p.user_id for p in world.directory.people.values()] if everybody else []
    for department in departments:
        if department not in world.directory.departments:
            task.invalid_departments.append(department)
            continue
        below = [department]
        for each in below:
            below += [d.id for d in world.directory.below(each)]
            found += [p.user_id for p in world.directory.members(each)]
    return found


def _give(world: World, task: Task, user: str) -> None:
    person = world.directory.reach(user)
    if person is None:
        task.invalid.append(user)
        return
    if person.broken:
        task.failed.append(user)
        return
    rules, now = world.rules, world.clock.now()
    why = world.notices.forbids(
        user, task.msg, now, a_day=rules.notices_a_day, a_minute=rules.notices_a_minute
    )
    if why is not None:
        task.forbidden.append((why, user))
        return
    kind = str(task.msg["msgtype"])
    message = Message(
        world.fresh_id("msg"), now, NOTICE, f"notice:{user}", user, f"notice.{kind}", task.msg[kind]
    )
    task.messages.append(world.chats.put(message))


def progress(call: Call) -> Mapping[str, Any]:
    """getsendprogress."""
    _task(call, "task_id")
    return {"progress": {"progress_in_percent": 100, "status": 2}}


def result(call: Call) -> Mapping[str, Any]:
    """getsendresult: within 24 hours and for at most a hundred people."""
    task = _task(call, "task_id")
    if task.recipients > call.world.rules.notice_result_users:
        raise Refused(200, "-1", "系统繁忙", errcode=-1)
    counts: dict[int, list[str]] = {}
    for code, user in task.forbidden:
        counts.setdefault(code, []).append(user)
    found = {
        "invalid_user_id_list": task.invalid,
        "failed_user_id_list": task.failed,
        "forbidden_user_id_list": [user for _, user in task.forbidden],
        "read_user_id_list": [m.owner for m in task.messages if m.owner in m.read],
        "unread_user_id_list": [m.owner for m in task.messages if m.owner not in m.read],
        "invalid_dept_id_list": task.invalid_departments,
        "forbidden_list": [
            {"code": str(code), "count": len(users), "userid": users[0]} for code, users in counts.items()
        ],
    }
    return {"send_result": found}


def recall(call: Call) -> Mapping[str, Any]:
    """recall: a notice taken back within 24 hours."""
    for message in _task(call, "msg_task_id").messages:
        message.recalled = True
    return {}


def _task(call: Call, name: str) -> Task:
    task = call.world.notices.tasks.get(int(call.body[name]))
    if task is None or task.agent_id != int(call.body["agent_id"]):
        raise Refused(200, "400002", "task_id不存在", errcode=400002)
    if task.at + timedelta(hours=24) < call.world.clock.now():
        raise Refused(200, "400002", "任务已超过24小时", errcode=400002)
    return task


# -- contacts ---------------------------------------------------------------------------------------


def list_sub(call: Call) -> Mapping[str, Any]:
    """v2/department/listsub: one level."""
    found = call.world.directory.below(_department(call, int(call.body.get("dept_id", 1))))
    return {
        "result": [
            {
                "dept_id": d.id,
                "name": d.name,
                "parent_id": d.parent,
                "create_dept_group": False,
                "auto_add_user": False,
            }
            for d in found
        ]
    }


def list_sub_id(call: Call) -> Mapping[str, Any]:
    """v2/department/listsubid: one level."""
    found = call.world.directory.below(_department(call, int(call.body["dept_id"])))
    return {"result": {"dept_id_list": [d.id for d in found]}}


def user_ids(call: Call) -> Mapping[str, Any]:
    """user/listid: direct members."""
    members = call.world.directory.members(_department(call, int(call.body["dept_id"])))
    return {"result": {"userid_list": [p.user_id for p in members]}}


def user_list(call: Call) -> Mapping[str, Any]:
    """v2/user/list: direct members by pages."""
    department = _department(call, int(call.body["dept_id"]))
    members = call.world.directory.members(department)
    start, size = int(call.body["cursor"]), int(call.body["size"])
    more = start + size < len(members)
    found: dict[str, Any] = {
        "has_more": more,
        "list": [_listed(p, department) for p in members[start : start + size]],
    }
    return {"result": found | ({"next_cursor": start + size} if more else {})}


def user_get(call: Call) -> Mapping[str, Any]:
    """v2/user/get."""
    person = _person(call.world, call.world.directory.reach(call.body["userid"]))
    found = _listed(person, 0)
    found["leader_in_dept"] = [{"dept_id": d, "leader": d in person.leads} for d in person.departments]
    if person.manager:
        found["manager_userid"] = person.manager
    return {"result": {k: v for k, v in found.items() if k != "leader"}}


def by_mobile(call: Call) -> Mapping[str, Any]:
    """v2/user/getbymobile."""
    mobile = call.body["mobile"]
    found = next((p for p in call.world.directory.people.values() if p.mobile == mobile), None)
    return {"result": {"userid": _person(call.world, found).user_id}}


def by_union(call: Call) -> Mapping[str, Any]:
    """user/getbyunionid."""
    found = call.world.directory.by_union(call.body["unionid"])
    return {"result": {"userid": _person(call.world, found).user_id, "contact_type": 0}}


def login(call: Call) -> Mapping[str, Any]:
    """v2/user/getuserinfo: who brought a 免登 code."""
    person = _person(call.world, call.world.directory.reach(call.world.tokens.logged_in(call.body["code"])))
    found = {"userid": person.user_id, "unionid": person.union_id, "name": person.name}
    return {"result": {**found, "sys": False, "sys_level": 2, "device_id": "sandbox"}}


def _department(call: Call, number: int) -> int:
    if number not in call.world.directory.departments:
        raise Refused(200, "60003", "部门不存在", errcode=60003)
    return number


def _person(_world: World, person: Person | None) -> Person:
    if person is None:
        raise Refused(200, "60121", "找不到该用户", errcode=60121)
    return person


def _listed(person: Person, department: int) -> dict[str, Any]:
    return {
        "userid": person.user_id,
        "unionid": person.union_id,
        "name": person.name,
        "title": person.title,
        "dept_id_list": list(person.departments),
        "leader": department in person.leads,
        "admin": False,
        "active": person.active,
        "boss": False,
    }


_NOTICE = "/topapi/message/corpconversation"
_BASE, _DEPARTMENTS, _MEMBERS, _IDS = (
    "qyapi_base",
    "qyapi_get_department_list",
    "qyapi_get_department_member",
    "qyapi_get_member",
)


def _old(name: str, path: str, shape: Any, answer: Any, permission: str, *, free: bool = False) -> Api:
    return Api(name, "POST", path, shape, answer, OLD, permission, free)


APIS = (
    Api(
        "open",
        "POST",
        "/v1.0/gateway/connections/open",
        documented.OPEN,
        open_gateway,
        free=True,
        token=False,
    ),
    Api("token", "POST", "/v1.0/oauth2/accessToken", documented.TOKEN, token, free=True, token=False),
    Api("gettoken", "GET", "/gettoken", documented.OLD_TOKEN, old_token, OLD, free=True, token=False),
    _old("notice", f"{_NOTICE}/asyncsend_v2", documented.NOTICE, notify, _BASE),
    _old("noticeProgress", f"{_NOTICE}/getsendprogress", documented.PROGRESS, progress, _BASE),
    _old("noticeResult", f"{_NOTICE}/getsendresult", documented.PROGRESS, result, _BASE),
    _old("noticeRecall", f"{_NOTICE}/recall", documented.NOTICE_RECALL, recall, _BASE),
    _old("listsub", "/topapi/v2/department/listsub", documented.LIST_SUB, list_sub, _DEPARTMENTS, free=True),
    _old(
        "listsubid",
        "/topapi/v2/department/listsubid",
        documented.LIST_SUB_ID,
        list_sub_id,
        _DEPARTMENTS,
        free=True,
    ),
    _old("listid", "/topapi/user/listid", documented.USER_IDS, user_ids, _IDS, free=True),
    _old("userlist", "/topapi/v2/user/list", documented.USER_LIST, user_list, _MEMBERS, free=True),
    _old("userget", "/topapi/v2/user/get", documented.USER_GET, user_get, _IDS, free=True),
    _old("getbymobile", "/topapi/v2/user/getbymobile", documented.BY_MOBILE, by_mobile, _IDS, free=True),
    _old("getbyunionid", "/topapi/user/getbyunionid", documented.BY_UNION, by_union, _IDS, free=True),
    _old("getuserinfo", "/topapi/v2/user/getuserinfo", documented.LOGIN, login, "", free=True),
)
