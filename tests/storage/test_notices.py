"""Notices to many and the counts of a round, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from regulation.annexes import Entry
from regulation.filing import FilingAction, FilingState
from regulation.notices import Audience, Condition, Notice, NoticeState, Outcome, Result
from regulation.roster import Role
from regulation.tallies import KnownName, UnitCount
from storage.store import Store
from storage.tx import Tx
from tests.storage.district import LATER, NOW, Q2, Q3, draft, file

AUDIENCE = Audience((Role.FILLER, Role.UNIT_HEAD), Condition.LATE, ("d1",))
NOTICE = Notice(
    "n1", "wang", Role.PERFORMANCE_OFFICE, "*", "催报", "请今天报。'; DROP TABLE--", AUDIENCE, at=NOW
)
PEOPLE = ("zhang", "li", "wang", "gone")


def sent(tx: Tx, notice: Notice = NOTICE) -> None:
    """The notice on its way to those who have an account."""
    tx.save_notice(replace(notice, state=NoticeState.SENDING, wake=NOW), "send", NOW, "wang")
    tx.address_notice(notice.id, PEOPLE, NOW, "wang")
    for person in ("zhang", "li"):
        assert tx.enqueue(notice.key, person, "{}", "token", "", NOW)


def results(tx: Tx) -> dict[str, Result]:
    return {o.person_id: o.result for o in tx.notice_outcomes("n1")}


def test_a_notice_comes_back_as_it_was_kept(store: Store) -> None:
    written = replace(NOTICE, due=LATER, any_hour=True, wake=LATER, state=NoticeState.SCHEDULED)
    with store.begin() as tx:
        tx.save_notice(NOTICE, "edit", NOW, "wang")
        tx.save_notice(written, "schedule", NOW, "wang")
        assert tx.notice("n1") == written
        assert tx.notice("n2") is None
        assert tx.notices_of("wang", 5) == [written]
        assert tx.notices_of("li", 5) == []
        assert tx.notices_since(NOW) == [written]
        assert tx.notices_since(LATER) == []


def test_the_clock_is_told_of_it_when_its_moment_has_come(store: Store) -> None:
    with store.begin() as tx:
        tx.save_notice(replace(NOTICE, wake=LATER, state=NoticeState.SCHEDULED), "schedule", NOW, "wang")
        assert tx.notices_due(NOW) == []
        assert tx.next_notice(NOW) == LATER
        assert [each.id for each in tx.notices_due(LATER)] == ["n1"]


def test_whoever_has_no_account_failed_from_the_first_moment(store: Store) -> None:
    with store.begin() as tx:
        sent(tx)
        assert tx.notice_outcomes("n1") == [
            Outcome("zhang", "张敏", Result.WAITING, token="token"),
            Outcome("li", "李强", Result.WAITING, token="token"),
            Outcome("wang", "王芳", Result.FAILED, "没有可用账号"),
            Outcome("gone", "赵离", Result.FAILED, "没有可用账号"),
        ]


def test_it_is_not_finished_while_one_message_waits(store: Store) -> None:
    with store.begin() as tx:
        sent(tx)
        assert tx.notices_due(LATER) == []
        first, second = tx.claim(NOW, 10, 60)
        tx.sent(first.id, NOW, "ref")
        tx.retry(second.id, LATER, "45009")
        assert tx.notices_due(LATER) == []
        tx.park(second.id, NOW, "60111")
        assert [each.id for each in tx.notices_due(LATER)] == ["n1"]
        assert results(tx)["zhang"] is Result.DELIVERED
        assert [o.reason for o in tx.notice_outcomes("n1") if o.person_id == "li"] == ["60111"]


def test_t22_resending_touches_only_what_was_given_up(store: Store) -> None:
    with store.begin() as tx:
        sent(tx)
        first, second = tx.claim(NOW, 10, 60)
        tx.sent(first.id, NOW, "ref")
        tx.park(second.id, NOW, "60111")
        assert tx.resend_notice("n1", LATER, "wang") == 1
        assert not tx.enqueue(NOTICE.key, "zhang", "{}", "other", "", LATER)
        assert [row.recipient for row in tx.claim(LATER, 10, 60)] == ["li"]
        assert tx.resend_notice("n1", LATER, "wang") == 0


def test_reading_the_notice_or_a_later_reminder_of_it_counts(store: Store) -> None:
    with store.begin() as tx:
        sent(tx)
        for row in tx.claim(NOW, 10, 60):
            tx.sent(row.id, NOW, f"ref-{row.recipient}")
        assert tx.mark_read("ref-zhang", ["zhang"], NOW) == 1
        assert tx.enqueue(f"{NOTICE.key}:20261010", "li", "{}", "again", "", NOW)
        [again] = tx.claim(NOW, 10, 60)
        tx.sent(again.id, NOW, "ref-again")
        assert results(tx)["zhang"] is Result.READ
        assert results(tx)["li"] is Result.DELIVERED
        tx.mark_read("ref-again", ["li"], NOW)
        assert results(tx)["li"] is Result.READ


def test_received_is_kept_once_and_only_of_those_meant(store: Store) -> None:
    with store.begin() as tx:
        sent(tx)
        assert tx.unanswered_notice("zhang") == ""
        for row in tx.claim(NOW, 10, 60):
            tx.sent(row.id, NOW, "ref")
        assert tx.unanswered_notice("zhang") == "n1"
        assert tx.receive_notice("n1", "zhang", LATER)
        assert not tx.receive_notice("n1", "zhang", LATER)
        assert not tx.receive_notice("n1", "chen", LATER)
        assert tx.unanswered_notice("zhang") == ""
        assert results(tx)["zhang"] is Result.RECEIVED


def test_what_is_withdrawn_never_goes(store: Store) -> None:
    with store.begin() as tx:
        sent(tx)
        assert tx.withdraw_notice("n1", NOW, "wang") == 2
        assert tx.claim(LATER, 10, 60) == []
        assert results(tx)["li"] is Result.WITHDRAWN


def test_addressing_again_replaces_the_list(store: Store) -> None:
    with store.begin() as tx:
        tx.save_notice(NOTICE, "edit", NOW, "wang")
        tx.address_notice("n1", PEOPLE, NOW, "wang")
        tx.address_notice("n1", ("li",), NOW, "wang")
        assert tx.notice_meant("n1") == ["li"]


# -- counts, money, names
def test_forms_are_counted_per_unit_with_returned_ones_still_owed(store: Store) -> None:
    with store.begin() as tx:
        file(tx, late=True)
        file(tx, project="p3", by="li")
        tx.set_state("p3", Q3, FilingState.RETURNED, NOW, "chen")
        assert tx.unit_counts(Q3) == [
            UnitCount("d1", "u2", "区教育局本级", forms=1, filed=0, late=0),
            UnitCount("d1", "u1", "新桥小学", forms=2, filed=1, late=1),
            UnitCount("d2", "u3", "图书馆", forms=1, filed=0, late=0),
        ]
        assert [c.unit_id for c in tx.unit_counts(Q3, department_id="d2")] == ["u3"]
        assert sum(c.filed for c in tx.unit_counts(Q2)) == 0


def test_money_is_exact_and_of_the_latest_filed_version(store: Store) -> None:
    said = (("arrived", "256"), ("spent.provincial", "0.1"), ("spent.district", "0.2"))
    entries = tuple((key, Entry(value, value, "m")) for key, value in said)
    with store.begin() as tx:
        file(tx)
        file(tx, base=1, entries=entries)
        file(tx, project="p3", by="li")
        tx.set_state("p3", Q3, FilingState.RETURNED, NOW, "chen")
        [found] = tx.money(Q3)
        assert (found.project_id, found.budget) == ("p1", Decimal("300.10"))
        assert (found.arrived, found.spent) == (Decimal(256), Decimal("0.3"))
        assert tx.money(Q3, department_id="d2") == []


def test_names_are_those_in_use(store: Store) -> None:
    with store.read() as tx:
        names = tx.names(Q3, projects=True)
        assert KnownName("department", "d1", "区教育局", "d1") in names
        assert KnownName("unit", "u1", "新桥小学", "d1", "u1") in names
        assert KnownName("project", "p1", "课桌椅更新", "d1", "u1", "zhang") in names
        assert not [n for n in tx.names(Q3, projects=False) if n.kind == "project"]


@pytest.mark.parametrize(("key", "heard"), [("reply:m1", True), ("remind:x", False)])
def test_whoever_was_answered_or_read_something_has_opened_it(store: Store, key: str, heard: bool) -> None:
    with store.begin() as tx:
        tx.save_draft(draft(), NOW, "zhang")
        tx.enqueue(key, "zhang", "{}", "token", "", NOW)
        assert ("zhang" in tx.opened_since(NOW - timedelta(days=1))) is heard
        assert tx.opened_since(LATER) == frozenset()
        for row in tx.claim(NOW, 10, 60):
            tx.sent(row.id, NOW, "ref")
        tx.mark_read("ref", ["zhang"], LATER)
        assert "zhang" in tx.opened_since(NOW)


def test_a_withdrawn_form_counts_no_more(store: Store) -> None:
    with store.begin() as tx:
        file(tx)
        file(tx, base=1, entries=(), action=FilingAction.WITHDRAW, state=FilingState.DRAFT)
        assert sum(c.filed for c in tx.unit_counts(Q3)) == 0
        assert tx.money(Q3) == []
