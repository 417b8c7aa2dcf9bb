"""Several processes at once, and processes that die: nothing twice, nothing lost, nothing half."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from regulation.filing import FilingState
from storage.store import Store
from tests.storage import racing
from tests.storage.district import NOW, Q3


def test_t08_ten_concurrent_deliveries_have_one_effect(url: str, store: Store) -> None:
    assert Counter(racing.race(racing.receive_once, url, 10)) == {True: 1, False: 9}
    with store.read() as tx:
        assert tx.outbox_counts() == {"waiting": 1}
        assert tx.inbox_counts() == {"done": 1}


def test_d03_four_processes_lose_no_update(url: str, store: Store) -> None:
    lost = racing.race(racing.count_up, url, 4)
    assert all(isinstance(races, int) for races in lost), lost
    with store.read() as tx:
        assert tx.session("zhang") == ("400", 400)
    if url.startswith("sqlite"):
        assert lost == [0] * 4, "BEGIN IMMEDIATE lets nobody read what another is about to change"


def test_f01_of_twenty_racers_one_files(url: str, store: Store) -> None:
    answers = Counter(racing.race(racing.file_on_nothing, url, 20))
    assert answers == {"filed 1": 1, "conflict 1": 19}
    with store.read() as tx:
        assert len(tx.entries("p1", Q3)) == 1
        assert tx.verify() is None


def test_two_processes_claim_distinct_messages(url: str, store: Store) -> None:
    with store.begin() as tx:
        for number in range(40):
            tx.enqueue(f"k{number}", "zhang", "{}", "t", "", NOW)
    claims = racing.race(racing.claim_all, url, 2)
    taken = [row for claim in claims for row in claim]
    assert len(taken) == len(set(taken)) == 40
    with store.read() as tx:
        assert tx.outbox_counts() == {"sent": 40}


def test_a02_the_chain_holds_with_many_writers(url: str, store: Store) -> None:
    assert racing.race(racing.note_much, url, 4) == [50] * 4
    with store.read() as tx:
        assert tx.audit_count() == 201
        assert tx.verify() is None


def test_t01_t04_a_killed_sender_is_replaced_after_its_lease(url: str, store: Store) -> None:
    with store.begin() as tx:
        for key in ("a", "b", "c"):
            tx.enqueue(key, "zhang", "{}", "t", "", NOW)
    assert racing.die_holding(url, NOW) == -9
    with store.begin() as tx:
        assert [row.key for row in tx.claim(NOW, 9, 60)] == ["c"]
        assert [row.key for row in tx.claim(NOW + timedelta(seconds=60), 2, 60)] == ["a", "b"]


@pytest.mark.parametrize(("point", "kept"), [("before_commit", False), ("after_commit", True)])
def test_t03_d06_p2_a_killed_turn_is_whole_or_absent(url: str, store: Store, point: str, kept: bool) -> None:
    assert racing.die_at(url, point) == -9
    with store.begin() as tx:
        assert (tx.filing("p1", Q3).state is FilingState.FILED) is kept
        assert bool(tx.entries("p1", Q3)) is kept
        assert bool(tx.outbox_rows(9)) is kept
        assert tx.audit_count() == 1 + kept
        assert tx.receive("wecom", "m1", "{}", NOW).fresh, "not marked as handled, so the redelivery counts"
        assert tx.verify() is None
