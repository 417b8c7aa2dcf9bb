"""An application nobody uses is switched off by the platform: it is used once a month, and warnings are passed on."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from platforms.common.memory import MemoryShelf
from platforms.wecom.upkeep import CLOSED, INACTIVE, KEEP_ALIVE, Upkeep
from rehearsal.story import SHANGHAI


class Month:
    """An upkeep with a clock to set and its alarms kept."""

    def __init__(self) -> None:
        self.at = datetime(2026, 8, 15, 10, 0, tzinfo=SHANGHAI)
        self.alarms: list[str] = []
        self.shelf = MemoryShelf()
        self.upkeep = Upkeep(self.shelf, lambda: self.at, self.alarm)

    async def alarm(self, code: str) -> None:
        self.alarms.append(code)

    def look(self, **at: int) -> bool:
        self.at = self.at.replace(**at)
        return asyncio.run(self.upkeep.look())


def test_a_month_without_a_message_gets_one_from_its_middle():
    month = Month()
    assert not month.look(day=14)
    assert not month.look(day=15, hour=8)
    assert month.look(hour=9)
    assert not month.look(hour=10)
    assert not month.look(day=31)
    assert month.look(month=9, day=20)
    assert month.alarms == [KEEP_ALIVE, KEEP_ALIVE]


def test_a_month_with_messages_needs_none():
    month = Month()
    month.shelf.count("sent:2026-08-03", 7)
    assert not month.look(day=20)
    assert month.look(month=9, day=20)


@pytest.mark.parametrize(
    ("event", "alarms"),
    [
        ("inactive_alert", [INACTIVE]),
        ("close_inactive_agent", [CLOSED]),
        ("low_active", [CLOSED]),
        ("reopen_inactive_agent", []),
    ],
)
def test_what_the_platform_says_about_the_application_is_passed_on(event, alarms):
    month = Month()
    asyncio.run(month.upkeep.noticed(event))
    assert month.alarms == alarms


def test_it_stops_when_told_to():
    async def told():
        stop = asyncio.Event()
        task = asyncio.create_task(Month().upkeep.run(stop))
        await asyncio.sleep(0)
        stop.set()
        await asyncio.wait_for(task, 5)

    asyncio.run(told())
