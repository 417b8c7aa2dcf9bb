"""Inbox and outbox: handled once, sent at least once, nothing lost in between, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.store import Store
from storage.tx import Tx
from tests.storage.district import LATER, NOW


def _queue(tx: Tx, key: str, to: str = "zhang", due_after: int = 0) -> bool:
    return tx.enqueue(key, to, '{"title":"催报"}', f"t-{key}", "", NOW + timedelta(minutes=due_after))


# -- inbox
def test_t07_t12_the_same_delivery_again_is_not_fresh(store: Store) -> None:
    with store.begin() as tx:
        first = tx.receive("wecom", "wecom:evt:zhang:1760000000:file:t1", "{}", NOW)
        tx.handled(first.id)
    for _ in range(2):
        with store.begin() as tx:
            again = tx.receive("wecom", "wecom:evt:zhang:1760000000:file:t1", "{}", LATER)
            assert (again.id, again.fresh) == (first.id, False)
    with store.begin() as tx:
        assert tx.receive("dingtalk", "wecom:evt:zhang:1760000000:file:t1", "{}", NOW).fresh, (
            "keys are per source"
        )


def test_t09_a_rolled_back_delivery_can_come_again(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.begin() as tx:
        assert tx.receive("wecom", "m1", "{}", NOW).id / 0
    with store.begin() as tx:
        assert tx.receive("wecom", "m1", "{}", NOW).fresh


def test_t20_what_was_overtaken_waits_no_more(store: Store) -> None:
    with store.begin() as tx:
        for key in ("remind:2026Q3:open:20260930", "remind:2026Q3:late:20261012"):
            tx.enqueue(key, "zhang", "{}", key, "", NOW)
        tx.enqueue("remind:2026Q3:late:20261012", "li", "{}", "t", "", NOW)
        older, *_ = tx.claim(NOW, 9, 60)
        assert tx.waiting_behind(older.id, "zhang") == ["remind:2026Q3:late:20261012"]
        tx.overtaken(older.id, NOW)
    with store.read() as tx:
        assert tx.outbox_counts() == {"withdrawn": 1, "waiting": 2}
        assert tx.audit_rows(1)[0].action == "message.overtaken"
        assert tx.verify() is None


def test_t26_poison_is_tried_then_parked_while_the_rest_flows(store: Store) -> None:
    with store.begin() as tx:
        poison = tx.receive("wecom", "m1", '{"bad":1}', NOW)
        other = tx.receive("wecom", "m2", "{}", NOW)
        tx.failed(poison.id, "KeyError", dead=False)
    with store.begin() as tx:
        assert [(w.key, w.payload, w.tries) for w in tx.to_retry(9)] == [
            ("m1", '{"bad":1}', 1),
            ("m2", "{}", 0),
        ]
        assert [w.key for w in tx.to_retry(1)] == ["m1"]
        again = tx.receive("wecom", "m1", "{}", LATER)
        assert (again.fresh, again.tries) == (True, 1)
        tx.failed(poison.id, "KeyError", dead=True)
        tx.handled(other.id)
    with store.begin() as tx:
        assert list(tx.to_retry(9)) == []
        assert not tx.receive("wecom", "m1", "{}", LATER).fresh
        assert tx.inbox_counts() == {"dead": 1, "done": 1}
        assert [(d.key, d.tries, d.error) for d in tx.dead_letters(9)] == [("m1", 2, "KeyError")]
        assert tx.audit_rows(1)[0].action == "inbox.dead"


# -- outbox
def test_p3_one_message_per_key_and_recipient(store: Store) -> None:
    with store.begin() as tx:
        assert _queue(tx, "remind:p1")
        assert not _queue(tx, "remind:p1")
        assert _queue(tx, "remind:p1", "li")
        assert tx.enqueue("reply:1", "", "{}", "t", "", NOW, address="wecom:stranger")
        assert not tx.enqueue("reply:1", "", "{}", "t", "", NOW, address="wecom:stranger")
        assert tx.outbox_counts() == {"waiting": 3}


def test_claims_in_order_of_due_and_only_what_is_due(store: Store) -> None:
    with store.begin() as tx:
        for key, after in (("late", 5), ("b", 0), ("future", 60), ("a", -5)):
            _queue(tx, key, due_after=after)
        assert tx.next_due() == NOW - timedelta(minutes=5)
    with store.begin() as tx:
        assert [row.key for row in tx.claim(LATER, 2, 60)] == ["a", "b"]
        (last,) = tx.claim(LATER, 9, 60)
        assert (last.key, last.recipient, last.address, last.token, last.tries) == (
            "late",
            "zhang",
            "",
            "t-late",
            1,
        )
        assert tx.claim(LATER, 9, 60) == []


def test_t01_t02_an_expired_lease_is_taken_again(store: Store) -> None:
    with store.begin() as tx:
        _queue(tx, "k")
        tx.claim(NOW, 1, 60)
    with store.begin() as tx:
        assert tx.claim(NOW + timedelta(seconds=59), 1, 60) == []
        (again,) = tx.claim(NOW + timedelta(seconds=60), 1, 60)
        assert (again.key, again.tries) == ("k", 2)
        tx.sent(again.id, NOW, "ref-1")
        assert tx.claim(NOW + timedelta(days=1), 1, 60) == []


def test_retry_park_and_release(store: Store) -> None:
    with store.begin() as tx:
        _queue(tx, "busy")
        _queue(tx, "gone")
        busy, gone = tx.claim(NOW, 9, 60)
        tx.retry(busy.id, LATER, "45009")
        tx.park(gone.id, NOW, "60011")
        assert tx.claim(NOW, 9, 60) == []
        assert [row.key for row in tx.claim(LATER, 9, 60)] == ["busy"]
        assert tx.outbox_counts() == {"waiting": 1, "parked": 1}
        assert [(r.key, r.state, r.error, r.tries) for r in tx.outbox_rows(9)] == [
            ("gone", "parked", "60011", 1),
            ("busy", "waiting", "45009", 2),
        ]
        assert tx.release("parked", LATER, "wang") == 1
        assert [row.key for row in tx.claim(LATER, 9, 60)] == ["gone"]
        assert [row.action for row in tx.audit_rows(9)][:2] == ["message.released", "message.parked"]


@pytest.mark.parametrize(
    ("prefix", "minutes"),
    [
        ("nudge:p1", 7),
        ("nudge:", 9),
        ("nudge:p%", None),
        ("nudge_p1", None),
        ("NUDGE", None),
        ("", 9),
        ("x\\", None),
    ],
)
def test_m08_last_sent_takes_the_prefix_literally(store: Store, prefix: str, minutes: int | None) -> None:
    with store.begin() as tx:
        for key, to, after in (
            ("nudge:p1:1", "zhang", 3),
            ("nudge:p1:2", "zhang", 7),
            ("nudge:p2:1", "zhang", 9),
            ("nudge:p1:3", "li", 30),
        ):
            _queue(tx, key, to, after)
        expected = None if minutes is None else NOW + timedelta(minutes=minutes)
        assert tx.last_sent("zhang", prefix) == expected


# -- groups
def test_a_failing_turn_in_a_group_takes_nothing_with_it(store: Store) -> None:
    with store.begin() as tx:
        for number in range(3):
            try:
                with tx.savepoint():
                    tx.save_session(f"person{number}", "x", 0)
                    tx.note("zhang", "test", str(number), "", NOW)
                    _queue(tx, f"k{number}")
                    with tx.savepoint():
                        _queue(tx, f"inner{number}")
                    assert number != 1
            except AssertionError:
                pass
    with store.read() as tx:
        assert [tx.session(f"person{n}")[1] for n in range(3)] == [1, 0, 1]
        assert [row.key for row in tx.outbox_rows(9)] == ["inner2", "k2", "inner0", "k0"]
        assert [row.subject for row in tx.audit_rows(2)] == ["2", "0"]
        assert tx.verify() is None
