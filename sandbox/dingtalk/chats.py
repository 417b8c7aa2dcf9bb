"""What stands in every chat: messages as they were sent, who read them, which were recalled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ROBOT, GROUP, NOTICE = "robot", "group", "notice"


@dataclass(slots=True)
class Message:
    """One message. ``mine`` is what the person sent; ``card`` is the outTrackId of a card; ``query`` its
    processQueryKey; ``owner`` whose phone it is on ('' in a group)."""

    id: str
    at: datetime
    space: str
    chat: str
    owner: str
    kind: str
    body: Mapping[str, Any]
    mine: str = ""
    card: str = ""
    query: str = ""
    forwarded: bool = False
    recalled: bool = False
    read: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    """One group chat with the robot in it."""

    id: str
    title: str
    members: list[str]


@dataclass(slots=True)
class Query:
    """What one processQueryKey stands for."""

    key: str
    at: datetime
    robot: str
    messages: list[Message]
    group: str = ""


@dataclass(slots=True)
class Chats:
    """All chats in the order things happened."""

    messages: list[Message] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)

    def put(self, message: Message) -> Message:
        """A message appears."""
        self.messages.append(message)
        return message

    def on(self, user: str) -> list[Message]:
        """Everything on one person's phone, oldest first; what was recalled leaves no trace."""
        groups = {group.id for group in self.groups.values() if user in group.members}
        return [
            m
            for m in self.messages
            if not m.recalled and (m.owner == user or (m.space == GROUP and m.chat in groups))
        ]

    def find(self, message_id: str) -> Message | None:
        """The message of that id."""
        return next((m for m in self.messages if m.id == message_id), None)

    def group_of(self, user: str, chat: str) -> Group | None:
        """The group the person is in under that id."""
        group = self.groups.get(chat)
        return group if group and user in group.members else None
