"""What a platform remembers: on both databases, apart from other platforms', and only as long as it is good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.shelf import StoredShelf
from storage.store import Store
from tests.storage.district import NOW


@pytest.fixture
def shelf(store: Store) -> StoredShelf:
    return StoredShelf(store, "dingtalk")


def test_a_value_is_there_until_its_time_is_over(shelf: StoredShelf) -> None:
    shelf.put("token", "t1", NOW + timedelta(hours=2))
    assert shelf.get("token", NOW) == "t1"
    assert shelf.get("token", NOW + timedelta(hours=2)) is None
    shelf.put("token", "t2")
    assert shelf.get("token", NOW + timedelta(days=400)) == "t2"
    shelf.forget("token")
    assert shelf.get("token", NOW) is None


def test_platforms_do_not_see_each_other(shelf: StoredShelf, store: Store) -> None:
    other = StoredShelf(store, "wecom")
    shelf.put("token", "ours")
    other.put("token", "theirs")
    shelf.count("calls:202610", 3)
    assert (shelf.get("token", NOW), other.get("token", NOW)) == ("ours", "theirs")
    assert other.counted("calls:") == {}


def test_keys_and_counters_by_their_beginning(shelf: StoredShelf) -> None:
    for key in ("pending:b", "pending:a", "pendin_", "token"):
        shelf.put(key, "x")
    assert list(shelf.keys("pending:")) == ["pending:a", "pending:b"]
    assert [shelf.count("calls:202610"), shelf.count("calls:202610", 4)] == [1, 5]
    shelf.count("pushes:202610", 2)
    assert shelf.counted("calls:") == {"calls:202610": 5}
    assert shelf.counted("") == {"calls:202610": 5, "pushes:202610": 2}


# -- replies, announcements, receipts of the outbox
def test_a_reply_is_claimed_once_and_can_be_given_back(store: Store) -> None:
    with store.begin() as tx:
        tx.enqueue("reply:wecom:m1", "zhang", "{}", "t1", "", NOW)
        claimed = tx.claim_reply("reply:wecom:m1", "zhang", NOW, 60)
        assert claimed is not None
        assert (claimed.token, claimed.tries) == ("t1", 1)
        assert tx.claim_reply("reply:wecom:m1", "zhang", NOW, 60) is None
        assert tx.claim(NOW, 9, 60) == [], "nobody else sends it meanwhile"
        tx.release_claim(claimed.id, NOW)
        assert [(row.id, row.tries) for row in tx.claim(NOW, 9, 60)] == [(claimed.id, 1)]
        tx.sent(claimed.id, NOW, "r1")
        assert tx.claim_reply("reply:wecom:m1", "zhang", NOW, 60) is None


def test_the_rest_of_an_announcement_is_claimed_by_its_token(store: Store) -> None:
    with store.begin() as tx:
        for number in range(5):
            tx.enqueue("notice:1", f"p{number}", "{}", "all", "", NOW)
        tx.enqueue("remind:1", "p0", "{}", "own", "", NOW)
        first = tx.claim(NOW, 2, 60)
        rest = tx.claim_same("all", NOW, 9, 60)
        assert [row.recipient for row in (*first, *rest)] == ["p0", "p1", "p2", "p3", "p4"]
        assert [row.key for row in tx.claim(NOW, 9, 60)] == ["remind:1"]
        assert (tx.addressed("all", "p4"), tx.addressed("all", "p5"), tx.addressed("own", "p1")) == (
            True,
            False,
            False,
        )


def test_a_receipt_marks_one_reader_of_one_call_once(store: Store) -> None:
    with store.begin() as tx:
        for person in ("zhang", "li"):
            tx.enqueue("notice:1", person, "{}", "all", "", NOW)
        for row in tx.claim(NOW, 9, 60):
            tx.sent(row.id, NOW, "task-7")
        assert tx.mark_read("task-7", ["zhang", "nobody"], NOW) == 1
        assert tx.mark_read("task-7", ["zhang"], NOW) == 0
        assert tx.mark_read("task-8", ["li"], NOW) == 0
