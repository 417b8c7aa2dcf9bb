"""Consistent copies of a SQLite database, and putting one back (D07, T05)."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.errors import StorageRefused

#: messages that waited in a restored copy may have gone out since: a person decides whether to send them.
HOLD = "UPDATE outbox SET state = 'held', error = 'restored', lease_until = NULL WHERE state = 'waiting'"


def snapshot(database: Path, target: Path) -> None:
    """Copy the database page by page into ``target``, which appears whole or not at all."""
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(partial)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(partial, target)


def restore(database: Path, source: Path) -> None:
    """Replace the database by a snapshot. Raises StorageRefused for a file that is damaged or not ours; then nothing
    is changed. The replaced database stays beside it as ``….replaced``."""
    partial = database.with_name(database.name + ".part")
    partial.unlink(missing_ok=True)
    _copy_checked(source, partial)
    if database.exists():
        snapshot(database, database.with_name(database.name + ".replaced"))
    for leftover in ("-wal", "-shm"):
        database.with_name(database.name + leftover).unlink(missing_ok=True)
    os.replace(partial, database)


def _copy_checked(source: Path, partial: Path) -> None:
    if not source.is_file():
        raise StorageRefused(f"找不到备份文件 {source}")
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as kept:
            if kept.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise StorageRefused(f"备份文件 {source} 已损坏，请换一份备份")
            with closing(sqlite3.connect(partial)) as copy:
                kept.backup(copy)
                with copy:
                    copy.execute(HOLD)
    except sqlite3.DatabaseError as error:
        raise StorageRefused(f"{source} 不是绩监通的备份文件：{error}") from error
