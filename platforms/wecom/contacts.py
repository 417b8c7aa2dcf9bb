"""The directory as far as the application may see it: who is there, in which departments, and who leads them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.ports import Contact
from platforms.wecom.client import WecomClient
from platforms.wecom.failures import WecomError

#: how many people are asked about at once.
AT_ONCE = 8
ACTIVE = 1
#: 2 disabled, 5 left: no longer there for us. 4 has not opened the application yet, but works there.
GONE = (2, 5)


async def directory(client: WecomClient) -> list[Contact]:
    """Everybody in the application's scope, by user id. Raises WecomError."""
    found = await client.ask("department/simplelist")
    departments = [int(each["id"]) for each in found.get("department_id", ())]
    names = await _all(client, departments, _name)
    people: dict[str, None] = {}
    for users in await _all(client, departments, _users):
        people |= dict.fromkeys(users)
    label = dict(zip(departments, names, strict=True))
    contacts = await _all(client, sorted(people), lambda c, user: _contact(c, user, label))
    return [contact for contact in contacts if contact]


async def _all(client: WecomClient, items: list[Any], ask: Any) -> list[Any]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(item: Any) -> Any:
        async with gate:
            return await ask(client, item)

    return list(await asyncio.gather(*(one(item) for item in items)))


async def _name(client: WecomClient, department: int) -> str:
    """A department's name; its number where the application may not read it."""
    try:
        found = await client.ask("department/get", id=department)
    except WecomError:
        return str(department)
    inner = found.get("department")
    return str(inner.get("name") or department) if isinstance(inner, Mapping) else str(department)


async def _users(client: WecomClient, department: int) -> list[str]:
    found = await client.ask("user/simplelist", department_id=department)
    return [str(each["userid"]) for each in found.get("userlist", ())]


async def _contact(client: WecomClient, user: str, label: Mapping[int, str]) -> Contact | None:
    found = await client.ask("user/get", userid=user)
    if found.get("status", ACTIVE) in GONE:
        return None
    own = [int(each) for each in found.get("department", ())]
    leads = found.get("is_leader_in_dept") or [0] * len(own)
    return Contact(
        str(found["userid"]).lower(),
        str(found.get("name", "")),
        tuple(label.get(each, str(each)) for each in own),
        tuple(label.get(each, str(each)) for each, leading in zip(own, leads, strict=False) if leading == 1),
    )
