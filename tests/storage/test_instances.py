"""Restarts, threads, second instances, lost connections, snapshots put back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.engine import writer
from storage.errors import StorageRefused, StorageUnavailable
from storage.store import Store
from tests.storage import racing
from tests.storage.district import ENTRIES, LATER, NOW, Q3, ROSTER, file

Opened = Callable[..., Store]


# -- restarts, threads, locks
def test_p9_everything_is_there_after_a_restart(url: str, opened: Opened) -> None:
    first = opened(url)
    with first.begin() as tx:
        file(tx)
        tx.save_session("zhang", "一", 0)
        tx.enqueue("k", "zhang", "{}", "t", "", NOW)
    first.close()
    second = opened(url)
    second.migrate()
    with second.begin() as tx:
        assert tx.entries("p1", Q3) == dict(ENTRIES)
        assert tx.session("zhang") == ("一", 1)
        assert [row.key for row in tx.claim(LATER, 9, 60)] == ["k"]


def test_readers_in_other_threads_see_one_unchanging_view(store: Store) -> None:
    def look() -> Any:
        with store.read() as tx:
            return tx.entries("p1", Q3)

    with ThreadPoolExecutor(1) as thread, store.read() as before:
        assert before.entries("p1", Q3) == {}
        with store.begin() as tx:
            file(tx)
            assert thread.submit(look).result() == {}
        assert thread.submit(look).result() == dict(ENTRIES)
        assert before.entries("p1", Q3) == {}


def test_t27_a_second_instance_is_refused(url: str, store: Store, opened: Opened) -> None:
    second = opened(url)
    held = store.lock_instance()
    with pytest.raises(StorageRefused, match="另一个绩监通进程"):
        second.lock_instance()
    second.lock_instance("ticks")
    held.close()
    second.lock_instance()


def test_t27_a_killed_holder_leaves_no_lock(url: str, store: Store) -> None:
    assert racing.die_locked(url) == -9
    store.lock_instance()


def test_hooks_run_around_every_commit_of_a_writer(url: str, opened: Opened) -> None:
    seen: list[str] = []
    store = opened(
        url, before_commit=lambda: seen.append("before"), after_commit=lambda: seen.append("after")
    )
    with store.begin() as tx:
        tx.act("k", NOW)
        assert seen == []
    with store.read() as tx:
        assert tx.acted("k")
    assert seen == ["before", "after"]


# -- snapshots
def test_a09_d07_a_restored_snapshot_sends_nothing_by_itself(file_store: Store, tmp_path: Path) -> None:
    with file_store.begin() as tx:
        file(tx)
        tx.enqueue("k1", "zhang", "{}", "t", "", NOW)
    with file_store.begin() as tx:
        tx.enqueue("open", "zhang", "{}", "t", "", NOW)
        file_store.snapshot(tmp_path / "copy.sqlite")  # while somebody writes
    with file_store.begin() as tx:
        for row in tx.claim(NOW, 9, 60):
            tx.sent(row.id, NOW, "ref")
        file(tx, 1)

    file_store.restore(tmp_path / "copy.sqlite")
    with file_store.begin() as tx:
        assert tx.filing("p1", Q3).version == 1
        assert tx.claim(LATER, 9, 60) == []
        assert [(row.key, row.state) for row in tx.outbox_rows(9)] == [("k1", "held")]
        assert tx.verify() is None
        assert tx.release("held", LATER, "wang") == 1
        assert [row.key for row in tx.claim(LATER, 9, 60)] == ["k1"]
    assert (tmp_path / "jixiao.sqlite.replaced").exists()
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 999])
def test_a_bad_snapshot_changes_nothing(file_store: Store, tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "copy.sqlite"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(StorageRefused, match=r"copy\.sqlite"):
        file_store.restore(source)
    with file_store.read() as tx:
        assert tx.roster() == ROSTER


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (("CREATE TABLE outbox (state, error, lease_until)",), "不是绩监通的备份文件"),
        (("CREATE TABLE alembic_version (version_num)",), "不是绩监通的备份文件"),
        (
            (
                "CREATE TABLE alembic_version (version_num)",
                "INSERT INTO alembic_version VALUES ('9999')",
                "CREATE TABLE outbox (state, error, lease_until)",
            ),
            "更新的程序",
        ),
    ],
)
def test_d07_a_database_of_another_kind_or_version_is_no_snapshot(
    file_store: Store, tmp_path: Path, tables: tuple[str, ...], words: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as made, made:
        for statement in tables:
            made.execute(statement)
    with pytest.raises(StorageRefused, match=words):
        file_store.restore(tmp_path / "copy.sqlite")
    with file_store.read() as tx:
        assert tx.roster() == ROSTER
    assert not (tmp_path / "jixiao.sqlite.replaced").exists()


@pytest.mark.parametrize("name", ["备份#1.sqlite", "备份?mode=rwc.sqlite", "备份%41.sqlite"])
def test_d07_a_snapshot_is_found_by_its_name_whatever_is_in_it(
    file_store: Store, tmp_path: Path, name: str
) -> None:
    file_store.snapshot(tmp_path / name)
    before = {path.name for path in tmp_path.iterdir()}
    file_store.restore(tmp_path / name)
    assert {path.name for path in tmp_path.iterdir()} - before <= {"jixiao.sqlite.replaced"}


def test_postgresql_has_its_own_tools_for_copies(url: str, store: Store, tmp_path: Path) -> None:
    if url.startswith("sqlite"):
        store.snapshot(tmp_path / "copy.sqlite")
        assert (tmp_path / "copy.sqlite").exists()
    else:
        with pytest.raises(StorageRefused, match="pg_dump"):
            store.snapshot(tmp_path / "copy.sqlite")


def test_d12_a_lost_connection_is_replaced(new_database: str, opened: Opened) -> None:
    store = opened(new_database)
    with pytest.raises(StorageUnavailable):
        _lose_connection(store)
    with store.begin() as tx:
        assert tx.entries("p1", Q3) == {}
        assert not tx.acted("k")


def _lose_connection(store: Store) -> None:
    with store.begin() as tx:
        file(tx)
        engine = writer(store.url)
        with engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        engine.dispose()
        tx.act("k", NOW)
