"""Opening a database: SQLite with full durability and immediate writers, or PostgreSQL; one pool each way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import StorageRefused

BUSY_MS = 10_000  # how long a writer waits for another one (D02)
CHECKPOINT_PAGES = 4_000  # 16 MB of WAL between checkpoints: fewer stalls, still small
CACHE_KIB = 16_384


def database_url(url: str) -> URL:
    """The URL, checked. Raises StorageRefused for anything but a SQLite file or PostgreSQL through psycopg."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageRefused(
            f"看不懂数据库地址“{url}”，例如 sqlite:////var/lib/jixiao/jixiao.sqlite"
        ) from error
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise StorageRefused("数据库必须是一个文件，例如 sqlite:////var/lib/jixiao/jixiao.sqlite")
        return parsed
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "postgresql+psycopg":
        return parsed
    raise StorageRefused(f"只支持 SQLite 和 PostgreSQL，不支持 {parsed.drivername}")


def sqlite_path(url: URL) -> Path | None:
    """The database file; None on PostgreSQL."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _server(url: URL, **options: Any) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, **options)
    except ModuleNotFoundError as error:
        raise StorageRefused("要用 PostgreSQL 请先安装 psycopg：pip install 'psycopg[binary]'") from error


def writer(url: URL) -> Engine:
    """For transactions that change something."""
    if sqlite_path(url) is None:
        return _server(url)
    engine = create_engine(url, paramstyle="named", connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reader(url: URL) -> Engine:
    """For transactions that only look: one unchanging view of the data, and no way to write by mistake."""
    if sqlite_path(url) is None:
        engine = _server(url, isolation_level="REPEATABLE READ")
        event.listen(engine, "connect", _read_only_postgresql)
        return engine
    engine = create_engine(url, paramstyle="named", connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "connect", _read_only_sqlite)
    return engine


def _set_up_sqlite(driver: Any, _record: object) -> None:
    driver.isolation_level = None  # the driver must not begin transactions by itself: it begins deferred ones
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"wal_autocheckpoint={CHECKPOINT_PAGES}",
        f"cache_size=-{CACHE_KIB}",
    ):
        driver.execute(f"PRAGMA {pragma}").fetchall()


def _read_only_sqlite(driver: Any, _record: object) -> None:
    driver.execute("PRAGMA query_only=ON").fetchall()


def _read_only_postgresql(driver: Any, _record: object) -> None:
    driver.read_only = True


def _begin_immediate(connection: Any) -> None:
    """A deferred transaction that turns into a writer fails at once, whatever the busy timeout (D03)."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
