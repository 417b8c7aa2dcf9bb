"""One job on APScheduler: say the time; every deadline is a row or a rule elsewhere, none is a job."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

SHANGHAI = ZoneInfo("Asia/Shanghai")
TICK_SECONDS = 60


def now() -> datetime:
    """The present instant, Asia/Shanghai; the only place that asks the machine for the time."""
    return datetime.now(SHANGHAI)


def ticking(tick: Callable[[datetime], Awaitable[None]], seconds: int = TICK_SECONDS) -> AsyncIOScheduler:
    """A scheduler, not yet started, that calls ``tick(now)`` at once and then every ``seconds``.

    A tick missed while the machine slept is made up once, never several times (T20, C03)."""

    async def say() -> None:
        await tick(now())

    scheduler = AsyncIOScheduler(timezone=SHANGHAI)
    scheduler.add_job(
        say,
        "interval",
        seconds=seconds,
        next_run_time=now(),
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
        id="tick",
    )
    return scheduler
