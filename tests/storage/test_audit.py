"""The audit log: chained, append-only, and telling which row was tampered with (A01, A02, P8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from regulation.filing import FilingState
from regulation.handovers import HandOverAsk
from storage.audit import GENESIS
from storage.store import Store
from storage.tx import Tx
from tests.storage.district import LATER, NOW, PEOPLE, Q3, ROSTER, draft, file, finding


def _tamper(url: str, *statements: str) -> None:
    """What somebody with the database's password would do, triggers out of the way."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for table in ("audit", "figure"):
            if engine.dialect.name == "sqlite":
                for action in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{action}")
            else:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ('UPDATE audit SET detail = \'{"note":"nothing"}\' WHERE id = 4', 4),
        ("UPDATE audit SET at = '2026-10-09T01:30:00.000001Z' WHERE id = 4", 4),
        ("UPDATE audit SET at = 'yesterday' WHERE id = 4", 4),
        ("UPDATE audit SET hash = prev WHERE id = 7", 7),
        ("DELETE FROM audit WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id = 5", 5),
        ("DELETE FROM audit WHERE id > 8", 9),
        ("DELETE FROM audit", 1),
        (
            "INSERT INTO audit SELECT 12, at, by, action, subject, detail, prev, hash FROM audit WHERE id = 11",
            12,
        ),
        ("UPDATE audit_head SET hash = 'x'", 11),
        ("UPDATE audit_head SET last_id = 12", 12),
        ("DELETE FROM audit_head", 12),
        ("UPDATE audit SET detail = detail", None),
    ],
)
def test_a02_the_first_broken_row_is_named(
    url: str, store: Store, statement: str, broken: int | None
) -> None:
    with store.begin() as tx:  # the district's import was row 1
        for number in range(10):
            tx.note("zhang", "look", f"2026Q3:p{number}", "看了别人的表", NOW)
    _tamper(url, statement)
    with store.read() as tx:
        assert tx.verify() == broken


@pytest.mark.parametrize("table", ["audit", "figure", "filing_revision"])
@pytest.mark.parametrize(
    "words", ["UPDATE {table} SET at_or = 1", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]
)
def test_p8_rows_cannot_be_changed_or_deleted(url: str, store: Store, table: str, words: str) -> None:
    if url.startswith("sqlite") and words.startswith("TRUNCATE"):
        words = "DELETE FROM {table} WHERE 1 = 1"  # SQLite knows no TRUNCATE
    column = {"audit": "subject = 'x'", "figure": "value = '9'", "filing_revision": "action = 'x'"}[table]
    with store.begin() as tx:
        file(tx)
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(words.format(table=table).replace("at_or = 1", column))
    engine.dispose()
    with store.read() as tx:
        assert tx.entries("p1", Q3)["spent"].value == "201.35"
        assert tx.verify() is None


ASK = HandOverAsk("p1", Q3, "zhang", "li", NOW)
CHANGES: dict[str, tuple[Callable[[Tx], Any], str]] = {
    "draft.saved": (lambda tx: tx.save_draft(draft(), NOW, "zhang"), "2026Q3:p1"),
    "filing.submit": (file, "2026Q3:p1"),
    "filing.state": (lambda tx: tx.set_state("p1", Q3, FilingState.RETURNED, NOW, "chen"), "2026Q3:p1"),
    "finding.judged": (lambda tx: tx.raise_findings("p1", Q3, 1, [finding()], NOW, "zhang"), "2026Q3:p1"),
    "project.handed_over": (lambda tx: tx.hand_over("p1", "zhang", "li", NOW, "zhang"), "p1"),
    "handover.ask": (lambda tx: tx.ask_hand_over(ASK), "2026Q3:p1"),
    "person.identity": (lambda tx: tx.bind_identity("wang", "wecom", "wx-wang", NOW, "wang"), "wang"),
    "account.other_id": (lambda tx: tx.know_accounts("wecom", {"un1": "wx-wang"}, NOW), "wecom:wx-wang"),
    "reminder.acted": (lambda tx: tx.act("2026Q3:open", NOW), "2026Q3:open"),
    "reminder.paused": (lambda tx: tx.pause("zhang", Q3, NOW), "2026Q3"),
    "database.kind": (lambda tx: tx.set_kind("rehearsal", NOW, "wang"), "rehearsal"),
    "roster.imported": (lambda tx: tx.import_roster(ROSTER, NOW, "wang"), "roster"),
}


def _change_and_fail(tx: Tx, change: Callable[[Tx], Any]) -> None:
    change(tx)
    raise ZeroDivisionError


@pytest.mark.parametrize("action", CHANGES)
def test_a01_every_change_leaves_one_row_in_its_own_transaction(store: Store, action: str) -> None:
    change, subject = CHANGES[action]
    with store.read() as tx:
        before = tx.audit_count()
    with pytest.raises(ZeroDivisionError), store.begin() as tx:
        _change_and_fail(tx, change)
    with store.begin() as tx:
        assert tx.audit_count() == before
        change(tx)
    with store.read() as tx:
        assert tx.audit_count() == before + 1
        row = tx.audit_rows(1)[0]
        assert (row.action, row.subject, row.at) == (action, subject, NOW)


def test_a04_no_names_in_the_log(store: Store) -> None:
    with store.begin() as tx:
        for change, _ in CHANGES.values():
            change(tx)
        tx.tell([tx.findings(Q3)[0].id], "chen", LATER)
        tx.enqueue("k", "zhang", '{"text":"张敏"}', "t", "", NOW)
        tx.sent(tx.claim(NOW, 1, 60)[0].id, LATER, "ref")
        said = " ".join(f"{row.by} {row.subject} {row.detail}" for row in tx.audit_rows(99))
    assert not any(person.name in said for person in PEOPLE)


def test_reads_leave_no_row_and_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"), store.read() as tx:
        tx.act("k", NOW)
    with store.read() as tx:
        assert not tx.acted("k")
        assert tx.audit_count() == 1


@pytest.mark.parametrize(
    ("statement", "altered"),
    [
        ("UPDATE figure SET value = '999' WHERE version = 1 AND key = 'spent'", [("p1", Q3, 1)]),
        ("UPDATE figure SET text = '' WHERE version = 2", [("p1", Q3, 2)]),
        ("DELETE FROM figure WHERE version = 1 AND position = 1", [("p1", Q3, 1)]),
        ("UPDATE figure SET value = value", []),
    ],
)
def test_p6_figures_changed_behind_our_back_are_found(
    url: str, store: Store, statement: str, altered: list[object]
) -> None:
    with store.begin() as tx:
        file(tx)
        file(tx, 1)
        file(tx, 2, entries=(), state=FilingState.RETURNED)
    _tamper(url, statement)
    with store.read() as tx:
        assert tx.altered_figures() == altered
        assert tx.verify() is None


def test_a02_an_emptied_log_vouches_for_nothing(url: str, store: Store) -> None:
    """Begun anew behind our back it would be whole: the roster and the figures say that there was one."""
    with store.begin() as tx:
        file(tx)
        file(tx, 1)
    _tamper(url, "DELETE FROM audit", f"UPDATE audit_head SET last_id = 0, hash = '{GENESIS}'")
    with store.read() as tx:
        assert tx.verify() == 1
        assert tx.altered_figures() == [("p1", Q3, 1), ("p1", Q3, 2)]
