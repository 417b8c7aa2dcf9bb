"""Whether a database can be trusted before anybody is served from it (RELIABILITY D04, D05, D10)."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from storage.errors import StorageRefused

MOUNTS = Path("/proc/mounts")
#: file systems on which SQLite's locks or shared memory cannot be relied upon.
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "davfs", "fuse.sshfs", "fuse.rclone", "fuse.glusterfs"}
)
SYNCED = ("onedrive", "dropbox", "nutstore", "坚果云", "百度网盘", "wpsdrive")


def make_directory(directory: Path) -> None:
    """The directory, made when it is missing. Raises StorageRefused naming it when that may not be (D10)."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageRefused(
            f"不能建立数据目录 {directory}（{error.strerror}），请检查权限和磁盘空间"
        ) from error


def check_directory(database: Path) -> None:
    """The directory is there and can be written: WAL files and backups are made beside the database."""
    directory = database.absolute().parent
    if not directory.is_dir():
        raise StorageRefused(f"数据目录 {directory} 不存在，请先建立")
    try:
        with tempfile.NamedTemporaryFile(dir=directory, prefix=".jixiao-"):
            pass
    except OSError as error:
        raise StorageRefused(
            f"数据目录 {directory} 不能写入（{error.strerror}），请检查权限和磁盘空间"
        ) from error


def check_sqlite(database: Path, mounts: Path = MOUNTS) -> None:
    """Every check of a SQLite file; raises StorageRefused with the path and what to do."""
    check_directory(database)
    directory = database.absolute().parent.resolve()
    kind = file_system(directory, mounts.read_text("utf-8", "replace") if mounts.exists() else "")
    if kind in NETWORK:
        raise StorageRefused(f"数据目录 {directory} 在网络盘（{kind}）上，数据库会损坏，请改用本机磁盘")
    if any(word in str(directory).lower() for word in SYNCED):
        raise StorageRefused(f"数据目录 {directory} 在同步盘里，数据库会损坏，请改用普通目录")
    if database.exists():
        _check_pages(database)


def file_system(directory: Path, mounts: str) -> str:
    """The kind of file system a directory is on, by the longest mount point above it; empty when unknown."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        if directory.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def _check_pages(database: Path) -> None:
    try:
        with closing(sqlite3.connect(database, timeout=10)) as opened:
            found = opened.execute("PRAGMA quick_check(1)").fetchone()[0]
            mode = opened.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise _damaged(database, str(error)) from error
    if found != "ok":
        raise _damaged(database, found)
    if mode != "wal":
        raise StorageRefused(f"{database} 所在的磁盘不支持 WAL 日志，请换到本机磁盘")


def _damaged(database: Path, detail: str) -> StorageRefused:
    backups = sorted(
        database.absolute().parent.glob(f"{database.name}.*.bak"), key=lambda path: path.stat().st_mtime
    )
    hint = f"最近的备份是 {backups[-1]}" if backups else "请用最近一次备份恢复"
    return StorageRefused(f"数据库 {database} 已损坏（{detail.splitlines()[0]}），没有改动它；{hint}")


def check_postgresql(engine: Engine) -> None:
    """The server answers and writes are safe on its disk."""
    try:
        with engine.connect() as connection:
            fsync = connection.exec_driver_sql("SHOW fsync").scalar_one()
    except SQLAlchemyError as error:
        raise StorageRefused(
            f"连不上数据库 {engine.url.host}/{engine.url.database}，请检查地址和口令"
        ) from error
    if fsync != "on":
        raise StorageRefused("PostgreSQL 的 fsync 已关闭，断电会丢数据，请先打开")
