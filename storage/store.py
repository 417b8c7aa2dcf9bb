"""The database as one object: transactions, migration, checks, snapshots and the instance lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from storage import health, locks, snapshots
from storage.engine import BUSY_MS, database_url, reader, sqlite_path, writer
from storage.errors import StorageRefused
from storage.line import Line
from storage.migrations import migrate, versions
from storage.opening import Reading, Writing

Hook = Callable[[], None] | None


class Store:
    """Where everything is kept. ``url`` is ``sqlite:////path`` or ``postgresql://…``; the hooks run right before
    and after every commit of a write transaction (fault tests kill the process there)."""

    def __init__(self, url: str, *, before_commit: Hook = None, after_commit: Hook = None) -> None:
        self.url = database_url(url)
        self.path: Path | None = sqlite_path(self.url)
        self._writer, self._reader = writer(self.url), reader(self.url)
        self._hooks = before_commit, after_commit
        self._line = Line(BUSY_MS / 1000) if self.path else None
        self._locks: list[locks.Lock] = []

    def begin(self) -> Writing:
        """``with store.begin() as tx:`` — everything inside is kept together or not at all."""
        return Writing(self._writer, self._line, *self._hooks)

    def read(self) -> Reading:
        """``with store.read() as tx:`` — one unchanging view; writing in it is an error."""
        return Reading(self._reader)

    def migrate(self) -> None:
        """Bring the tables up to this program's version, all or nothing; a SQLite file with data is copied aside
        first (T06). Raises StorageRefused when the database is newer than the program."""
        if self.path is not None:
            health.check_directory(self.path)
        migrate(self._writer, self.path)

    def check(self) -> None:
        """Refuse a database that cannot be trusted (D04, D05, D10). Raises StorageRefused."""
        if self.path is not None:
            health.check_sqlite(self.path)
        else:
            health.check_postgresql(self._writer)

    def lock_instance(self, name: str = "instance") -> locks.Lock:
        """Hold ``name`` until closed; raises StorageRefused when another process holds it (T27)."""
        if self.path is not None:
            health.check_directory(self.path)
        lock = locks.lock_file(self.path, name) if self.path else locks.lock_server(self._writer, name)
        self._locks.append(lock)
        return lock

    def snapshot(self, path: Path) -> None:
        """A consistent copy while everybody goes on working; ``path`` appears only when complete."""
        snapshots.snapshot(self._file(), Path(path))

    def restore(self, path: Path) -> None:
        """Put a snapshot in this database's place; what was waiting to be sent in it is held back (D07)."""
        file = self._file()
        self._dispose()
        snapshots.restore(file, Path(path), versions())

    def close(self) -> None:
        """Give back every connection and lock."""
        for lock in self._locks:
            lock.close()
        self._locks.clear()
        self._dispose()

    def _dispose(self) -> None:
        self._writer.dispose()
        self._reader.dispose()

    def _file(self) -> Path:
        if self.path is None:
            raise StorageRefused("PostgreSQL 的备份和恢复请用 pg_dump、pg_restore")
        return self.path
