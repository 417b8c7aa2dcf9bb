"""Everything one local DingTalk holds, as one value: what it knows, what it was asked, what went wrong."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.dingtalk.cards import Cards
from sandbox.dingtalk.chats import Chats
from sandbox.dingtalk.directory import Directory
from sandbox.dingtalk.gateway import Gateway
from sandbox.dingtalk.media import Media
from sandbox.dingtalk.notices import Notices
from sandbox.dingtalk.quota import Quota
from sandbox.dingtalk.rules import Rules
from sandbox.dingtalk.templates import Templates
from sandbox.dingtalk.tokens import Tokens


@dataclass(frozen=True, slots=True)
class App:
    """One internal app of the organisation. Its robot's code is its client id."""

    client_id: str
    client_secret: str
    agent_id: int = 1
    name: str = "绩监通"
    permissions: frozenset[str] = frozenset(
        {
            "qyapi_robot_sendmsg",
            "Card.Instance.Write",
            "qyapi_base",
            "qyapi_get_department_list",
            "qyapi_get_department_member",
            "qyapi_get_member",
            "Premium.Ding.Write",
        }
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it was answered."""

    at: datetime
    api: str
    app: str
    body: Mapping[str, Any]
    status: int
    answer: Any


@dataclass(slots=True)
class Fault:
    """What the next ``times`` calls of an API (``*`` any) meet; ``sandbox.dingtalk.faults`` has the kinds."""

    api: str
    kind: str
    times: int = 1


@dataclass(slots=True)
class World:
    """``complaints`` are requests and answers the documents do not know; a correct client leaves it empty."""

    apps: dict[str, App]
    clock: Clock = field(default_factory=Clock)
    rules: Rules = field(default_factory=Rules)
    directory: Directory = field(default_factory=Directory)
    base: str = ""  # http://127.0.0.1:port, once it is served
    complaints: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    chats: Chats = field(default_factory=Chats)
    made: Counter[str] = field(default_factory=Counter)
    sessions: dict[str, Any] = field(default_factory=dict)  # sessionWebhook key -> happenings.Session
    typed: dict[tuple[str, str], dict[str, str]] = field(
        default_factory=dict
    )  # what stands in a form, not yet sent
    tokens: Tokens = field(init=False)
    quota: Quota = field(init=False)
    media: Media = field(init=False)
    templates: Templates = field(init=False)
    cards: Cards = field(init=False)
    notices: Notices = field(init=False)
    gateway: Gateway = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = Tokens(self.clock, self.rules)
        self.quota = Quota(self.clock, self.rules)
        self.media = Media(self.clock, self.rules)
        self.templates = Templates()
        self.cards = Cards()
        self.notices = Notices()
        self.gateway = Gateway(self)

    def complain(self, why: str) -> None:
        """Keep what should never have been sent."""
        self.complaints.append(why)

    def calls(self, api: str) -> list[Asked]:
        """The requests of one API, oldest first."""
        return [each for each in self.asked if each.api == api]

    def app_of_robot(self, robot_code: str) -> App | None:
        """The app whose robot that is."""
        return self.apps.get(robot_code)

    def fresh_id(self, prefix: str) -> str:
        """An id nobody had before."""
        self.made[prefix] += 1
        return f"{prefix}{self.made[prefix]:06d}{secrets.token_hex(4)}"
