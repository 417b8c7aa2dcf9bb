"""The real scheduler drives the real shell: ticks come, nothing is told twice, a failure does not stop the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.app import App
from bot.running import Runner
from rehearsal.stage import Stage
from scheduler.clock import SHANGHAI, now, ticking

DUE_DAY = datetime(2026, 10, 10, 9, 0, 5, tzinfo=SHANGHAI)


def test_now_is_shanghai() -> None:
    """C01: whatever the host's zone, the instant carries Asia/Shanghai."""
    assert now().utcoffset() == timedelta(hours=8)


def _run(runner: Runner, ticks: int, fast: float = 0.02) -> None:
    """The clock until ``ticks`` ticks have happened."""

    async def go() -> None:
        stop = asyncio.Event()
        count = 0
        inner = runner.ticking

        def counting(tick):  # type: ignore[no-untyped-def]
            async def count_and_tick(at: datetime) -> None:
                nonlocal count
                await tick(at)
                count += 1
                if count >= ticks:
                    stop.set()

            return inner(count_and_tick)

        await asyncio.wait_for(Runner(runner.app, counting).until(stop), 30)

    asyncio.run(go())


def _at(moment: datetime):  # type: ignore[no-untyped-def]
    """A ticking clock of the real scheduler that says ``moment`` instead of the wall's time."""

    def make(tick):  # type: ignore[no-untyped-def]
        async def say(_: datetime) -> None:
            await tick(moment)

        return ticking(say, seconds=0.02)

    return make


def test_ticks_deliver_each_reminder_once(open_story: Callable[[], Stage]) -> None:
    stage = open_story()
    before = stage.phones.length()
    _run(Runner(stage.app, _at(DUE_DAY)), ticks=4)
    shown = [s for s in stage.phones.everything(before) if s.user == "zhangmin"]
    assert [s.key for s in shown] == ["remind:2026Q3:due_morning:20261010"]
    stage.close()


def test_a_failing_tick_is_followed_by_the_next(open_story: Callable[[], Stage]) -> None:
    stage = open_story()
    calls: list[datetime] = []

    class Failing(App):
        __slots__ = ()

        def tick(self, now: datetime) -> int:
            calls.append(now)
            raise OSError("database is gone for a moment")

    broken = Failing(stage.app.store, stage.app.platforms, stage.app.reports, stage.app.law)
    _run(Runner(broken, _at(DUE_DAY)), ticks=3)
    assert len(calls) >= 3
    stage.close()


def test_c03_a_long_sleep_sends_only_what_is_still_true(open_story: Callable[[], Stage]) -> None:
    """The process slept from the 8th to the 13th: one message, the present state."""
    stage = open_story()
    before = stage.phones.length()
    _run(Runner(stage.app, _at(datetime(2026, 10, 13, 9, 30, tzinfo=SHANGHAI))), ticks=2)
    shown = [s.card["title"] for s in stage.phones.everything(before) if s.user == "zhangmin"]
    assert shown == ["逾期 3 天，还差 2 个项目"]
    stage.close()
