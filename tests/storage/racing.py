"""Processes that compete for one database, each forked from a clean one that never opened it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from storage.errors import LostRace, VersionConflict
from storage.store import Store
from tests.storage.district import NOW, entries, file

_FRESH = multiprocessing.get_context("forkserver")
_FRESH.set_forkserver_preload(["tests.storage.racing"])


def race(work: Callable[..., Any], url: str, crowd: int) -> list[Any]:
    """Run ``work(url, number)`` in ``crowd`` processes at once; their answers, in any order."""
    answers: Any = _FRESH.Queue()
    gate = _FRESH.Barrier(crowd)
    racers = [_FRESH.Process(target=_run, args=(work, url, number, gate, answers)) for number in range(crowd)]
    for racer in racers:
        racer.start()
    found = [answers.get(timeout=120) for _ in racers]
    for racer in racers:
        racer.join()
    return found


def _run(work: Callable[..., Any], url: str, number: int, gate: Any, answers: Any) -> None:
    gate.wait()
    try:
        answers.put(work(url, number))
    except Exception as error:
        answers.put(repr(error))


def die_holding(url: str, now: datetime) -> int | None:
    """A process claims two messages and is killed before it sends them; its exit code."""
    holder = _FRESH.Process(target=_claim_and_die, args=(url, now))
    holder.start()
    holder.join()
    return holder.exitcode


def _claim_and_die(url: str, now: datetime) -> None:
    with Store(url).begin() as tx:
        tx.claim(now, 2, 60)
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(url: str, point: str) -> int | None:
    """A process files a form and is killed right before or after the commit; its exit code."""
    victim = _FRESH.Process(target=_file_and_die, args=(url, point))
    victim.start()
    victim.join()
    return victim.exitcode


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _file_and_die(url: str, point: str) -> None:
    store = Store(url, **{point: _kill})
    with store.begin() as tx:
        tx.receive("wecom", "m1", "{}", NOW)
        file(tx)
        tx.enqueue("reply:m1", "zhang", "{}", "t", "", NOW)


# -- what the racers do
def receive_once(url: str, number: int) -> bool:
    """The same delivery, everywhere at once."""
    store = Store(url)
    with store.begin() as tx:
        received = tx.receive("wecom", "m1", "{}", NOW)
        if received.fresh:
            tx.enqueue(f"effect:{number}", "zhang", "{}", "t", "", NOW)
            tx.handled(received.id)
    store.close()
    return received.fresh


def count_up(url: str, _number: int) -> int:
    """100 times: read a number, write the next one; how many races were lost on the way."""
    store, lost = Store(url), 0
    for _ in range(100):
        while True:
            try:
                with store.begin() as tx:
                    text, was = tx.session("zhang")
                    tx.save_session("zhang", str(int(text or 0) + 1), was)
                break
            except LostRace:
                lost += 1
    store.close()
    return lost


def file_on_nothing(url: str, number: int) -> str:
    """Everybody saw version 0 and files."""
    store = Store(url)
    try:
        with store.begin() as tx:
            return f"filed {file(tx, entries=entries(spent=str(number)))}"
    except VersionConflict as conflict:
        return f"conflict {conflict.current}"
    finally:
        store.close()


def claim_all(url: str, _number: int) -> list[int]:
    """Claim in threes until nothing is left."""
    store, mine = Store(url), []
    while True:
        with store.begin() as tx:
            rows = tx.claim(NOW + timedelta(minutes=1), 3, 60)
            for row in rows:
                tx.sent(row.id, NOW, "ref")
        if not rows:
            break
        mine += [row.id for row in rows]
    store.close()
    return mine


def note_much(url: str, number: int) -> int:
    """50 audit rows in 50 transactions."""
    store = Store(url)
    for turn in range(50):
        with store.begin() as tx:
            tx.note(f"racer{number}", "look", str(turn), "", NOW)
    store.close()
    return 50


def die_locked(url: str) -> int | None:
    """A process holds the instance lock and is killed; its exit code."""
    holder = _FRESH.Process(target=_lock_and_die, args=(url,))
    holder.start()
    holder.join()
    return holder.exitcode


def _lock_and_die(url: str) -> None:
    Store(url).lock_instance()
    _kill()
