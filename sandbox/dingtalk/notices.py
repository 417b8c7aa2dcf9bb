"""工作通知 tasks and what silently never arrives: repeats of a day, too many a day, too many a minute."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.dingtalk.chats import Message

#: why somebody did not get a notice, as getsendresult names it.
TOO_MANY_A_MINUTE, TOO_MANY_A_DAY, REPEATED = 143103, 143105, 143106


@dataclass(slots=True)
class Task:
    """One sending. ``forbidden``: (code, user) of those who got nothing although the call succeeded."""

    id: int
    agent_id: int
    at: datetime
    msg: Mapping[str, Any]
    messages: list[Message] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    forbidden: list[tuple[int, str]] = field(default_factory=list)
    invalid_departments: list[int] = field(default_factory=list)

    @property
    def recipients(self) -> int:
        """How many people it was for."""
        return len(self.messages) + len(self.invalid) + len(self.failed) + len(self.forbidden)


@dataclass(slots=True)
class Notices:
    """All tasks, and the counts the silent rules need."""

    tasks: dict[int, Task] = field(default_factory=dict)
    _said: set[tuple[date, str, str]] = field(default_factory=set)
    _a_day: Counter[tuple[date, str]] = field(default_factory=Counter)
    _lately: deque[datetime] = field(default_factory=deque)

    def add(self, agent_id: int, at: datetime, msg: Mapping[str, Any]) -> Task:
        """A new task."""
        task = Task(256271667526 + len(self.tasks), agent_id, at, msg)
        self.tasks[task.id] = task
        return task

    def forbids(
        self, user: str, msg: Mapping[str, Any], at: datetime, *, a_day: int, a_minute: int
    ) -> int | None:
        """Why the person silently gets nothing; None when the notice arrives, and then it is counted."""
        content = json.dumps(msg, ensure_ascii=False, sort_keys=True)
        while self._lately and self._lately[0] <= at - timedelta(minutes=1):
            self._lately.popleft()
        if len(self._lately) >= a_minute:
            return TOO_MANY_A_MINUTE
        if self._a_day[at.date(), user] >= a_day:
            return TOO_MANY_A_DAY
        if (at.date(), user, content) in self._said:
            return REPEATED
        self._said.add((at.date(), user, content))
        self._a_day[at.date(), user] += 1
        self._lately.append(at)
        return None
