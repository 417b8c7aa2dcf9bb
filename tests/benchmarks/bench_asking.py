"""还有谁没交 over 60 departments and 6,000 projects against the cheapest correct SQL in the same run, other questions
beside it, and a notice to 1,000 and to 10,000: ``python -m tests.benchmarks.bench_asking``."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot import engine
from bot.applying import apply
from bot.cards.notices import Facts, message
from bot.effects import AddressNotice, Announce, SaveNotice
from bot.events import Text
from bot.law import Here, shipped_law
from bot.sessions import EMPTY
from intake.demo.districts import district
from regulation.deadlines import SHANGHAI
from regulation.filing import FilingAction, FilingState
from regulation.notices import Audience, Notice, NoticeAction, NoticeState
from regulation.roster import Person, Role, Roster
from regulation.rounds import MonitoringRound
from storage.store import Store
from tests.storage.district import entries

ROUND = MonitoringRound(2026, 3)
NOW = datetime(2026, 10, 12, 10, 0, tzinfo=SHANGHAI)
REPEAT = 15
#: what a hand would write: one grouped statement over the same tables, answering per department.
CHEAPEST = """
SELECT d.name, COUNT(*), SUM(COALESCE(f.state IN ('filed', 'awaiting_unit', 'accepted'), 0))
FROM project p JOIN unit u ON u.id = p.unit_id JOIN department d ON d.id = u.department_id
LEFT JOIN filing f ON f.project_id = p.id AND f.year = p.year AND f.quarter = 3
WHERE p.year = 2026 AND NOT p.removed GROUP BY d.id ORDER BY d.position
"""
QUESTIONS = ("还有谁没交", "谁没打开过", "全区进度", "二季度谁没交")


def _grown() -> Roster:
    return district(600, 7, 2026, projects_per_unit=(10, 10))


def _prepared(path: Path, roster: Roster) -> Store:
    store = Store(f"sqlite:///{path}")
    store.migrate()
    with store.begin() as tx:
        tx.import_roster(roster, NOW, "bench")
        for number, project in enumerate(roster.projects):
            if number % 2:
                tx.save_figures(
                    project.id,
                    ROUND,
                    base_version=0,
                    entries=entries(arrived="10", spent=str(number % 9)),
                    action=FilingAction.SUBMIT,
                    state=FilingState.FILED,
                    late=False,
                    at=NOW,
                    by=project.filler_id,
                )
    return store


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEAT):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _asked(store: Store, person: Person, line: str) -> Callable[[], object]:
    law = shipped_law()

    def once() -> object:
        with store.read() as tx:
            return engine.decide(Text("bench", person.id, NOW, line), person, EMPTY, Here(tx, law, NOW))

    return once


def _questions(store: Store, roster: Roster, path: Path) -> None:
    finance = next(p for p in roster.people if p.has(Role.PERFORMANCE_OFFICE))
    with closing(sqlite3.connect(path)) as driver:
        found = driver.execute(CHEAPEST).fetchall()
        floor = _median(lambda: driver.execute(CHEAPEST).fetchall())
    assert len(found) == len(roster.departments)
    assert sum(row[2] for row in found) == len(roster.projects) // 2
    print(f"{'最省的一条 SQL（驱动直接跑）':28s} {floor * 1e3:8.2f} ms   1.00x")
    for line in QUESTIONS:
        took = _median(_asked(store, finance, line))
        print(f"{line:28s} {took * 1e3:8.2f} ms {took / floor:6.2f}x")


@contextmanager
def _crowd(roster: Roster, count: int) -> Iterator[Store]:
    people = tuple(Person(f"n{n}", f"某人{n}", identities=(("simulator", f"n{n}"),)) for n in range(count))
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/crowd.sqlite")
        store.migrate()
        with store.begin() as tx:
            tx.import_roster(replace(roster, people=people, projects=()), NOW, "bench")
        yield store
        store.close()


def _announced(roster: Roster, count: int) -> tuple[float, float]:
    """Seconds to enqueue a notice to so many, and to read its panel."""
    to = tuple(f"n{n}" for n in range(count))
    audience = Audience((Role.FILLER,))
    notice = Notice("n1", "n0", Role.PERFORMANCE_OFFICE, "*", "催报", "请今天报。", audience, at=NOW)
    sent = replace(notice, state=NoticeState.SENDING, wake=NOW)
    card = message(Facts("n1", "催报", "请今天报。", "经办人 · 全区", count, "现在", "区财政局绩效科"))
    effects = (SaveNotice(sent, NoticeAction.SEND), AddressNotice("n1", to), Announce(to, card, notice.key))
    with _crowd(roster, count) as store:
        begun = time.perf_counter()
        with store.begin() as tx:
            queued = apply(tx, effects, by="n0", at=NOW, mint=lambda: "token")
        took = time.perf_counter() - begun
        assert queued == count
        with store.read() as tx:
            begun = time.perf_counter()
            assert len(tx.notice_outcomes("n1")) == count
            return took, time.perf_counter() - begun


def main() -> None:
    roster = _grown()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "district.sqlite"
        store = _prepared(path, roster)
        print(
            f"{len(roster.departments)} 个部门，{len(roster.units)} 个单位，{len(roster.projects)} 个项目，一半已报"
        )
        _questions(store, roster, path)
        store.close()
    small, large = _announced(roster, 1_000), _announced(roster, 10_000)
    for name, at in (("排进发件箱", 0), ("读一次面板", 1)):
        print(
            f"通知{name}：1,000 人 {small[at] * 1e3:7.1f} ms，10,000 人 {large[at] * 1e3:7.1f} ms，"
            f"每人 {large[at] / 10_000 * 1e6:5.1f} us，增长 {large[at] / small[at]:5.2f} 倍（10 倍是线性）"
        )


if __name__ == "__main__":
    main()
