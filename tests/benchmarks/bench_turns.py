"""Durable turns (tap to committed) through the whole shell, alone and grouped, against bare commits of the same
database in the same run."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot.app import Arrived
from rehearsal import story
from rehearsal.stage import Stage

TURNS = 400
GROUP = 20
ROUNDS = 3
LINES = (
    "填报 2026Q3:p001",
    "支出201.35 到位256 1=36 2=930",
    "3同 4同 5=99 6同 7=6.4 8=1260 9=96 10=2",
    "进度",
)


@dataclass(frozen=True, slots=True)
class Row:
    """Turns a second and how many bare commits one turn costs."""

    name: str
    per_second: float
    micro: float
    commits: float


def _bare(folder: Path) -> float:
    """Seconds of one bare insert and commit, WAL and synchronous=FULL as in production."""
    with sqlite3.connect(folder / "bare.sqlite", isolation_level=None) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, v TEXT)")
        begun = time.perf_counter()
        for number in range(TURNS):
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("INSERT INTO t(v) VALUES (?)", (f"v{number}" * 50,))
            raw.execute("COMMIT")
        return (time.perf_counter() - begun) / TURNS


def _turns(stage: Stage, tag: str, group: int) -> float:
    deliveries = [
        Arrived(
            "simulator",
            f"{tag}-{number}",
            {"type": "text", "user": "zhangmin", "text": LINES[number % len(LINES)]},
            story.START,
        )
        for number in range(TURNS)
    ]
    begun = time.perf_counter()
    for first in range(0, TURNS, group):
        stage.app.handle_all(deliveries[first : first + group])
    return (time.perf_counter() - begun) / TURNS


def run() -> list[Row]:
    bare, alone, grouped = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage = Stage(folder / "stage")
        for number in range(ROUNDS):
            bare.append(_bare(folder))
            alone.append(_turns(stage, f"a{number}", 1))
            grouped.append(_turns(stage, f"g{number}", GROUP))
        stage.close()
    floor = statistics.median(bare)
    named = (
        ("裸提交一行（FULL）", floor),
        ("一轮一提交：读、判、存、审计、发件", statistics.median(alone)),
        (f"{GROUP} 轮一提交", statistics.median(grouped)),
    )
    return [Row(name, 1 / seconds, seconds * 1e6, seconds / floor) for name, seconds in named]


def main() -> None:
    for row in run():
        print(f"{row.name:<24} {row.per_second:9.0f} /s  {row.micro:9.0f} µs  {row.commits:6.2f} × 裸提交")


if __name__ == "__main__":
    main()
