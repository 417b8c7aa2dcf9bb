"""A durable turn against one bare commit, in the same run: ``python -m tests.benchmarks.bench_turns_storage``."""

from __future__ import annotations

import cProfile
import pstats
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from regulation.annexes import Entry
from regulation.filing import Draft, FilingAction, FilingState
from storage.store import Store
from storage.tx import Tx
from tests.storage.district import DESKS, NOW, Q3, ROSTER

TURNS = 1500
GROUP = 50
PEOPLE = 200
CARD = (
    '{"title":"三季度·课桌椅更新","blocks":['
    + ",".join(['{"kind":"row","text":"已支出 201.35 万元"}'] * 12)
    + "]}"
)
ENTRIES = tuple((f"actual.{n}", Entry("36", "36套", "wecom:m1")) for n in range(1, 8))


def turn(tx: Tx, number: int) -> None:
    """What one answered question writes: delivery, session, draft, card, reply, audit."""
    project = f"p{number % PEOPLE}"
    received = tx.receive(
        "wecom", f"m{number}", '{"MsgType":"text","Content":"支出201.35 1=36 2=930"}' * 4, NOW
    )
    person = tx.person_by_identity("wecom", "wx-zhang")
    assert person is not None
    assert received.fresh
    who = f"person{number % PEOPLE}"
    _text, was = tx.session(who)
    known = tx.draft(project, Q3, "zhang")
    tx.save_draft(Draft(project, Q3, "zhang", 0, ENTRIES, (), known.revision if known else 0), NOW, "zhang")
    tx.bind_card(f"token{number}", "zhang", "form", f"2026Q3:{project}", 0, ("file", "later"), "", NOW)
    tx.enqueue(f"reply:m{number}", "zhang", CARD, f"token{number}", "", NOW)
    tx.save_session(who, '{"v":1,"s":"2026Q3:p1","a":"spent"}', was)
    tx.handled(received.id)


def _alone(store: Store) -> list[float]:
    times = []
    for number in range(TURNS):
        begun = time.perf_counter()
        with store.begin() as tx:
            turn(tx, number)
        times.append(time.perf_counter() - begun)
    return times


def _grouped(store: Store) -> list[float]:
    times = []
    for first in range(TURNS, 2 * TURNS, GROUP):
        begun = time.perf_counter()
        with store.begin() as tx:
            for number in range(first, first + GROUP):
                with tx.savepoint():
                    turn(tx, number)
        times += [(time.perf_counter() - begun) / GROUP] * GROUP
    return times


def _bare(path: Path, rows: int) -> list[float]:
    """One row of the same bytes per commit, through the driver alone."""
    times = []
    with closing(sqlite3.connect(path, isolation_level=None)) as driver:
        driver.execute("PRAGMA journal_mode=WAL")
        driver.execute("PRAGMA synchronous=FULL")
        driver.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, a TEXT, b TEXT)")
        for number in range(TURNS):
            begun = time.perf_counter()
            driver.execute("BEGIN IMMEDIATE")
            for _ in range(rows):
                driver.execute("INSERT INTO bare (a, b) VALUES (?, ?)", (f"m{number}", CARD))
            driver.execute("COMMIT")
            times.append(time.perf_counter() - begun)
    return times


def _timed(label: str, work: Callable[[], list[float]], base: float | None = None) -> float:
    cpu = time.process_time()
    times = sorted(work())
    cpu = (time.process_time() - cpu) / len(times)
    mean = statistics.fmean(times)
    ratio = "" if base is None else f"{mean / base:5.2f}x"
    print(
        f"{label:42s} mean {mean * 1e6:7.0f} us  median {times[len(times) // 2] * 1e6:7.0f}  "
        f"p99 {times[len(times) * 99 // 100] * 1e6:7.0f}  cpu {cpu * 1e6:6.0f}  {1 / mean:7.0f}/s  {ratio}"
    )
    return mean


def _prepared(path: Path) -> Store:
    store = Store(f"sqlite:///{path}")
    store.migrate()
    projects = tuple(replace(DESKS, id=f"p{n}") for n in range(PEOPLE))
    with store.begin() as tx:
        tx.import_roster(replace(ROSTER, projects=projects), NOW, "wang")
        for number in range(PEOPLE):
            tx.save_session(f"person{number}", "{}", 0)
            tx.save_draft(Draft(f"p{number}", Q3, "zhang", 0, ENTRIES), NOW, "zhang")
    return store


def _scale(path: Path) -> None:
    """D08: a whole district for years. 6,000 projects, 100,000 audit rows, one filed round."""
    store = Store(f"sqlite:///{path}")
    store.migrate()
    projects = tuple(replace(DESKS, id=f"p{n}", unit_id=f"u{n % 600}") for n in range(6000))
    units = tuple(replace(ROSTER.units[1], id=f"u{n}") for n in range(600))
    roster = replace(ROSTER, units=units, projects=projects, offline=())

    def file_all(tx: Tx) -> None:
        for project in projects:
            tx.save_figures(
                project.id,
                Q3,
                base_version=0,
                entries=ENTRIES,
                action=FilingAction.SUBMIT,
                state=FilingState.FILED,
                late=False,
                at=NOW,
                by="zhang",
            )

    def fill_audit(tx: Tx) -> None:
        for number in range(94_000):
            tx.note("zhang", "look", f"2026Q3:p{number}", "看了", NOW)

    for label, open_tx, work in (
        ("import 6,000 projects", store.begin, lambda tx: tx.import_roster(roster, NOW, "wang")),
        ("import them again", store.begin, lambda tx: tx.import_roster(roster, NOW, "wang")),
        ("file 6,000 forms in one commit", store.begin, file_all),
        ("add 94,000 audit rows", store.begin, fill_audit),
        ("duties of a round, 6,000 rows", store.read, lambda tx: tx.duties(Q3)),
        ("duties of one unit", store.read, lambda tx: tx.duties(Q3, unit_id="u7")),
        ("all entries of a round, 42,000", store.read, lambda tx: tx.round_entries(Q3)),
        ("projects of a year, 6,000", store.read, lambda tx: tx.projects(2026)),
        ("newest 100 of 100,000 audit rows", store.read, lambda tx: tx.audit_rows(100)),
        ("verify 100,000 audit rows", store.read, lambda tx: tx.verify()),
        ("compare 6,000 forms with the log", store.read, lambda tx: tx.altered_figures()),
    ):
        begun = time.perf_counter()
        with open_tx() as tx:
            work(tx)
        print(f"{label:42s} {(time.perf_counter() - begun) * 1e3:9.1f} ms")
    store.close()


def main() -> None:
    """Measure; ``profile`` as an argument prints where the time of the grouped turns goes."""
    with tempfile.TemporaryDirectory(dir=".") as home:
        store = _prepared(Path(home) / "turns.sqlite")
        base = _timed("bare driver, 1 row per FULL commit", lambda: _bare(Path(home) / "bare.sqlite", 1))
        _timed("bare driver, 6 rows per FULL commit", lambda: _bare(Path(home) / "bare6.sqlite", 6), base)
        _timed("durable turn, alone", lambda: _alone(store), base)
        profile = cProfile.Profile() if "profile" in sys.argv else None
        if profile:
            profile.enable()
        _timed(f"durable turn, {GROUP} per commit", lambda: _grouped(store), base)
        if profile:
            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        store.close()
        _scale(Path(home) / "scale.sqlite")


if __name__ == "__main__":
    main()
