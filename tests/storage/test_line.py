"""Writers of one process: in the order they came, and not for ever."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from storage.errors import StorageUnavailable
from storage.line import Line
from storage.store import Store
from tests.storage.district import NOW


def test_a_busy_writer_does_not_keep_the_others_out(tmp_path: Path) -> None:
    """One writes without a pause; another's small write comes next, not when SQLite happens to let it in."""
    store = Store(f"sqlite:///{tmp_path / 'x.sqlite'}")
    store.migrate()
    wrote, inside, waiting = [], threading.Event(), threading.Event()

    def busy() -> None:
        for number in range(20):
            with store.begin() as tx:
                tx.note("busy", "write", str(number), "", NOW)
                inside.set()
                waiting.wait(5)
                wrote.append("busy")

    def small() -> None:
        inside.wait(5)
        entering = threading.Timer(0.05, waiting.set)  # by then we stand in line
        entering.start()
        with store.begin() as tx:
            tx.note("small", "write", "", "", NOW)
            wrote.append("small")

    threads = [threading.Thread(target=each) for each in (busy, small)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert wrote[:2] == ["busy", "small"]
    store.close()


def test_d02_one_who_waited_too_long_says_so_and_nobody_is_stuck() -> None:
    line = Line(0.05)
    line.enter()
    with pytest.raises(StorageUnavailable) as busy:
        line.enter()
    assert busy.value.reason == "busy"
    line.leave()
    line.enter()
    line.leave()
