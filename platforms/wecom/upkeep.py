"""Keeping the application alive: the platform disables one nobody uses for long, and a quarterly bot is quiet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.ports import Shelf

log = structlog.get_logger()

INACTIVE, CLOSED, KEEP_ALIVE, REPLACED = "inactive", "closed", "keep_alive", "replaced"
#: what an administrator is told.
ALARMS = {
    INACTIVE: "企业微信说“绩监通”应用很久没人用，快要停用它了。请找一位同事打开应用点一下“进度”，就不会停。",
    CLOSED: "企业微信因为很久没人用，停用了“绩监通”应用，消息发不出去。请企业管理员在管理后台“应用管理”里重新启用。",
    KEEP_ALIVE: "每月自检：本月应用还没有发过消息，这一条让企业微信知道它还在用。收到就好，不用回。",
    REPLACED: "“绩监通”机器人的长连接被另一个程序占用，本程序已停止收发机器人消息。"
    "请找出谁在用同一个机器人 ID，停掉它，再重启绩监通。",
}
#: what the platform says of an application that is used too little -> which alarm.
NOTICES = {
    "inactive_alert": INACTIVE,
    "close_inactive_agent": CLOSED,
    "low_active_alert": INACTIVE,
    "low_active": CLOSED,
}
#: on this day and from this hour of a month in which the application has sent nothing.
DAY, HOURS = 15, range(9, 18)
LOOK_SECONDS = 1800.0


class Upkeep:
    """``alarm(code)`` tells an administrator, once a day and code."""

    def __init__(
        self,
        shelf: Shelf,
        now: Callable[[], datetime],
        alarm: Callable[[str], Awaitable[None]],
    ) -> None:
        self._shelf, self._now, self._alarm = shelf, now, alarm

    async def noticed(self, event: str) -> None:
        """An event about the application itself."""
        log.warning("wecom.notice", event_name=event)
        code = NOTICES.get(event)
        if code:
            await self._alarm(code)

    async def run(self, stop: asyncio.Event) -> None:
        """Look now and then until told to stop."""
        while not stop.is_set():
            try:
                await self.look()
            except Exception:
                log.exception("wecom.upkeep")
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await stop.wait()
            except TimeoutError:
                continue

    async def look(self) -> bool:
        """In a month without any message, from its middle: one to an administrator, which is use. Whether it went."""
        at = self._now()
        if at.day < DAY or at.hour not in HOURS:
            return False
        month = f"{at:%Y-%m}"
        used = await asyncio.to_thread(self._shelf.counted, f"sent:{month}")
        done = await asyncio.to_thread(self._shelf.get, f"alive:{month}", at)
        if done is not None or any(used.values()):
            return False
        await self._alarm(KEEP_ALIVE)
        await asyncio.to_thread(self._shelf.put, f"alive:{month}", at.isoformat())
        return True
