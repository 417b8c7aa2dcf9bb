"""One organisation as its administrator set it up: members, departments, apps, bots, webhooks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Department:
    """A department; the root is 1."""

    id: int
    name: str
    parent: int = 0
    order: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A member. ``leads``: departments this person heads. ``status`` 1 active, 2 disabled, 4 not activated, 5 left."""

    userid: str
    name: str
    departments: tuple[int, ...] = (1,)
    leads: tuple[int, ...] = ()
    position: str = ""
    status: int = 1
    direct_leader: tuple[str, ...] = ()


@dataclass(slots=True)
class Agent:
    """A self-built app. ``visible``: who is in its scope, None for everybody. ``trusted_ips`` None: not asked."""

    agentid: int
    secret: str
    name: str = "绩监通"
    url: str = ""  # the callback URL, '' when none is set
    token: str = ""
    aes_key: str = ""
    visible: frozenset[str] | None = None
    unlicensed: frozenset[str] = frozenset()
    trusted_ips: frozenset[str] | None = None
    disabled: bool = False


@dataclass(slots=True)
class Bot:
    """An intelligent bot in long-connection mode."""

    bot_id: str
    secret: str
    name: str = "绩监通助手"
    by_super_admin: bool = True


@dataclass(slots=True)
class Corp:
    """The organisation. ``directory_secret`` is that of 通讯录同步; ``hooks`` are the keys of group webhooks."""

    corp_id: str = "wwsandbox0000001"
    directory_secret: str = ""
    departments: dict[int, Department] = field(default_factory=lambda: {1: Department(1, "区财政局")})
    members: dict[str, Member] = field(default_factory=dict)  # by lower-case userid
    agents: dict[int, Agent] = field(default_factory=dict)
    bots: dict[str, Bot] = field(default_factory=dict)
    hooks: set[str] = field(default_factory=set)
    accounts: int = 0  # the account limit; 0 = as many as there are members

    def add(self, *members: Member) -> None:
        """Members join; ids are compared without regard to case."""
        for member in members:
            self.members[member.userid.lower()] = member

    def member(self, userid: str) -> Member | None:
        """The member, in any spelling of the id."""
        return self.members.get(userid.lower())

    def scope(self, agent: Agent) -> list[str]:
        """Lower-case ids of everybody the app sees."""
        allowed = agent.visible
        return [
            userid
            for userid, m in self.members.items()
            if m.status in (1, 4) and (allowed is None or userid in allowed)
        ]

    def within(self, department: int, *, deep: bool) -> list[Member]:
        """Members of a department, with those below it when ``deep``."""
        wanted = self.below(department) if deep else {department}
        return [m for m in self.members.values() if wanted & set(m.departments)]

    def below(self, department: int) -> set[int]:
        """The department and everything under it."""
        found, grown = {department}, True
        while grown:
            more = {d.id for d in self.departments.values() if d.parent in found} - found
            found, grown = found | more, bool(more)
        return found

    def daily_quota(self) -> int:
        """Person-times an app may reach in a day."""
        return (self.accounts or len(self.members)) * 200

    def open_userid(self, userid: str) -> str:
        """The encrypted id a bot sees that no super administrator made."""
        return "wo" + hashlib.sha256(f"{self.corp_id}:{userid.lower()}".encode()).hexdigest()[:30]

    def from_open(self, open_userid: str) -> str | None:
        """The plain id behind an encrypted one."""
        return next(
            (m.userid for m in self.members.values() if self.open_userid(m.userid) == open_userid), None
        )


def corp_from(settings: dict[str, Any]) -> Corp:
    """An organisation out of a JSON or TOML document with the same names."""
    corp = Corp(
        corp_id=settings.get("corp_id", "wwsandbox0000001"),
        directory_secret=settings.get("directory_secret", ""),
        hooks=set(settings.get("hooks", ())),
        accounts=settings.get("accounts", 0),
    )
    for each in settings.get("departments", ()):
        corp.departments[each["id"]] = Department(**each)
    corp.add(*(Member(**_tuples(each)) for each in settings.get("members", ())))
    for each in settings.get("agents", ()):
        corp.agents[each["agentid"]] = Agent(**_sets(each))
    for each in settings.get("bots", ()):
        corp.bots[each["bot_id"]] = Bot(**each)
    return corp


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}


def _sets(values: dict[str, Any]) -> dict[str, Any]:
    return {k: frozenset(_lower(v)) if isinstance(v, list) else v for k, v in values.items()}


def _lower(values: Iterable[str]) -> list[str]:
    return [value.lower() for value in values]
