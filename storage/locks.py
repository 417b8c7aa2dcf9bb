"""One process at a time: a lock that ends with the process that holds it, however it ends (T27)."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

from sqlalchemy import Engine

from storage.errors import StorageRefused

LOCK_SPACE = crc32(b"jixiao") >> 1  # of PostgreSQL's advisory locks


class Lock(Protocol):
    """A held lock."""

    def close(self) -> None: ...


def lock_file(database: Path, name: str) -> Lock:
    """An exclusive transaction on a small file beside the database: the operating system's own file lock, the same on
    Linux and Windows. Raises StorageRefused when it is taken."""
    path = database.with_name(f"{database.name}.{name}.lock")
    held = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        held.close()
        raise StorageRefused(f"另一个绩监通进程正在使用 {database}，请先停止它再启动") from error
    return held


def lock_server(engine: Engine, name: str) -> Lock:
    """The same on PostgreSQL, for processes on several machines."""
    pooled = engine.raw_connection()
    driver: Any = pooled.driver_connection
    pooled.detach()  # closing it then ends the session instead of lending it to others with the lock
    taken = driver.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCK_SPACE, crc32(name.encode()) >> 1))
    granted = taken.fetchone()[0]
    driver.commit()
    if not granted:
        pooled.close()
        raise StorageRefused(f"另一个绩监通进程正在使用数据库 {engine.url.database}，请先停止它再启动")
    return pooled
