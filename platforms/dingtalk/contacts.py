"""The organisation's directory: everybody the application may see, and which departments they lead."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.ports import Contact
from platforms.dingtalk.openapi import DEPARTMENT_USERS, SUB_DEPARTMENTS, USER, OpenApi
from platforms.dingtalk.refusals import Refused

log = structlog.get_logger(__name__)

ROOT, PAGE = 1, 100
MOST_DEPARTMENTS = 5000


async def directory(openapi: OpenApi) -> list[Contact] | None:
    """Everybody once, by user id; None when DingTalk does not let us read it. These calls cost nothing."""
    found: dict[str, Contact] = {}
    try:
        async for dept, name in _departments(openapi):
            async for raw in _users(openapi, dept):
                _add(found, raw, name)
    except Refused as refused:
        log.warning("dingtalk.no_directory", code=refused.refusal.code)
        return None
    return [found[user] for user in sorted(found)]


async def name_of(openapi: OpenApi, user: str) -> str:
    """What the directory calls somebody; costs nothing. Refused."""
    body = await openapi.oapi(USER, json={"userid": user})
    found = body.get("result") or {}
    return str(found.get("name", "")) or user


async def _departments(openapi: OpenApi) -> AsyncIterator[tuple[int, str]]:
    """Every department from the root down, with its name; the root has none."""
    waiting, seen = [(ROOT, "")], {ROOT}
    while waiting:
        dept, name = waiting.pop()
        yield dept, name
        body = await openapi.oapi(SUB_DEPARTMENTS, json={"dept_id": dept})
        for sub in body.get("result") or ():
            if sub["dept_id"] not in seen and len(seen) < MOST_DEPARTMENTS:
                seen.add(sub["dept_id"])
                waiting.append((int(sub["dept_id"]), str(sub.get("name", ""))))


async def _users(openapi: OpenApi, dept: int) -> AsyncIterator[Mapping[str, Any]]:
    cursor: int | None = 0
    while cursor is not None:
        body = await openapi.oapi(DEPARTMENT_USERS, json={"dept_id": dept, "cursor": cursor, "size": PAGE})
        result = body.get("result") or {}
        for raw in result.get("list") or ():
            yield raw
        cursor = int(result["next_cursor"]) if result.get("has_more") else None


def _add(found: dict[str, Contact], raw: Mapping[str, Any], department: str) -> None:
    user = str(raw["userid"])
    known = found.get(user) or Contact(user, str(raw.get("name", "")), other_id=str(raw.get("unionid", "")))
    departments = (*known.departments, department) if department else known.departments
    leads = (*known.leads, department) if department and raw.get("leader") else known.leads
    found[user] = replace(known, departments=departments, leads=leads)
