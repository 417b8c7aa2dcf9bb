"""The chat somebody wrote in lately: DingTalk sends an address with each message at which it can be answered for a
while without an interface call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from platforms.dingtalk.configuration import Configuration
from platforms.dingtalk.refusals import Refused
from platforms.dingtalk.wire import Wire

log = structlog.get_logger(__name__)

SESSION = "/robot/sendBySession?"
ALONE = "1"  # the conversation of one person and the robot
MOST = 5000


class Sessions:
    """In memory only: an address lives for an hour or two."""

    def __init__(self, own: Configuration, wire: Wire, clock: Callable[[], datetime]) -> None:
        self._own, self._wire, self._clock = own, wire, clock
        self._known: dict[str, tuple[str, float]] = {}

    def spoke(self, user: str, body: Mapping[str, Any]) -> None:
        """A robot message came from there. Never a group: answers are one person's."""
        url, until = body.get("sessionWebhook"), body.get("sessionWebhookExpiredTime")
        if not (user and isinstance(url, str) and isinstance(until, int)):
            return
        if url.startswith(self._own.oapi + SESSION) and body.get("conversationType") == ALONE:
            self._known.pop(user, None)
            self._known[user] = url, until / 1000
        if len(self._known) > MOST:
            del self._known[next(iter(self._known))]

    async def answer(self, user: str, messages: Sequence[tuple[str, str]]) -> bool:
        """Whether these (title, Markdown) went there."""
        url, until = self._known.get(user, ("", 0.0))
        if not url or until <= self._clock().timestamp():
            return False
        try:
            for title, text in messages:
                asked = {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
                await self._wire.json("POST", url, json=asked)
        except Refused as refused:
            log.warning("dingtalk.not_in_session", code=refused.refusal.code)
            return False
        return True
