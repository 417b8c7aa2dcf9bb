"""Consistent copies of a SQLite database, and putting one back (D07, T05)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from storage.errors import StorageRefused

#: messages that waited in a restored copy may have gone out since: a person decides whether to send them.
HOLD = "UPDATE outbox SET state = 'held', error = 'restored', lease_until = NULL WHERE state = 'waiting'"
_VERSION = "SELECT version_num FROM alembic_version"


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


def restore(database: Path, source: Path, versions: Collection[str]) -> None:
    """Replace the database by a snapshot. Raises StorageRefused for a file that is damaged, not ours, or of none of
    the ``versions`` this program knows; then nothing is changed. The replaced database stays beside it as
    ``….replaced``."""
    partial = database.with_name(database.name + ".part")
    partial.unlink(missing_ok=True)
    _copy_checked(source, partial, versions)
    if database.exists():
        snapshot(database, database.with_name(database.name + ".replaced"))
    for leftover in ("-wal", "-shm"):
        database.with_name(database.name + leftover).unlink(missing_ok=True)
    os.replace(partial, database)


def _copy_checked(source: Path, partial: Path, versions: Collection[str]) -> None:
    if not source.is_file():
        raise StorageRefused(f"找不到备份文件 {source}")
    address = f"{source.absolute().as_uri()}?mode=ro"  # a # or ? in its name is part of the name
    try:
        with closing(sqlite3.connect(address, uri=True)) as kept:
            if kept.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise StorageRefused(f"备份文件 {source} 已损坏，请换一份备份")
            if kept.execute(_VERSION).fetchone()[0] not in versions:
                raise StorageRefused(f"备份文件 {source} 是更新的程序写的，请换用那一版程序恢复")
            with closing(sqlite3.connect(partial)) as copy:
                kept.backup(copy)
                with copy:
                    copy.execute(HOLD)
    except (sqlite3.DatabaseError, TypeError) as error:  # the latter: a table of versions without one
        raise StorageRefused(f"{source} 不是绩监通的备份文件：{error}") from error
