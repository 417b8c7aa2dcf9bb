"""One rehearsed year through the real engine and storage, against the durable turns and sends it is made of, and its
growth with the number of units."""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rehearsal.year import Plan, Playing
from tests.benchmarks import bench_turns

SIZES = (75, 150, 300, 600)


@dataclass(frozen=True, slots=True)
class Row:
    """Seconds of a year, what happened in it, and per delivery how many bare commits."""

    units: int
    seconds: float
    deliveries: int
    messages: int
    growth: float


def _year(units: int) -> tuple[float, int, int]:
    with tempfile.TemporaryDirectory() as folder:
        playing = Playing(Plan(Path(folder), 2026, units, 1))
        begun = time.perf_counter()
        asyncio.run(playing.go_on())
        seconds = time.perf_counter() - begun
        with playing.store.read() as tx:
            deliveries, messages = sum(tx.inbox_counts().values()), sum(tx.outbox_counts().values())
        playing.close()
    return seconds, deliveries, messages


def run(sizes: tuple[int, ...] = SIZES) -> list[Row]:
    rows: list[Row] = []
    for units in sizes:
        seconds, deliveries, messages = _year(units)
        before = rows[-1] if rows else None
        growth = (seconds / before.seconds) / (deliveries / before.deliveries) if before else 1.0
        rows.append(Row(units, seconds, deliveries, messages, growth))
    return rows


def main() -> None:
    turn = next(row for row in bench_turns.run() if row.name.startswith("一轮一提交")).micro / 1e6
    for row in run():
        sum_of_turns = row.deliveries * turn
        print(
            f"{row.units:>4} 单位  {row.seconds:7.1f} s  投递 {row.deliveries:>6}  消息 {row.messages:>6}"
            f"  {row.seconds / sum_of_turns:5.2f} × 各轮之和  增长 {row.growth:4.2f}"
        )


if __name__ == "__main__":
    main()
