"""One open transaction: statements in, rows out, savepoints, and the audit rows waiting for its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any

from sqlalchemy import Dialect

from storage.errors import StorageUnavailable, unavailable
from storage.sql import Prepared, Row, Statement


class Transaction:
    """What every Thing's module builds on; :mod:`storage.tx` puts them together."""

    def __init__(self, driver: Any, dialect: Dialect) -> None:
        self._cursor = driver.cursor()
        self.dialect = dialect
        self.operational = dialect.loaded_dbapi.OperationalError
        self._depth = 0
        self.doomed: StorageUnavailable | None = None  # set: nothing of this transaction may be kept
        #: audit rows in order, chained and written in one go before the commit (storage.audit): a group of turns
        #: touches the chain's head once, and on PostgreSQL the head is locked last, so nobody waits in a circle.
        self.waiting_audit: list[tuple[datetime, str, str, str, str]] = []

    # -- statements
    def run(self, statement: Statement, /, **given: Any) -> int:
        """Execute; how many rows it changed."""
        self._execute(statement, given)
        if self._cursor.description:  # SQLite commits nothing while an answer is unread
            self._cursor.fetchall()
        count: int = self._cursor.rowcount
        return count

    def all(self, statement: Statement, /, **given: Any) -> list[Row]:
        """Every row of the answer."""
        prepared = self._execute(statement, given)
        return prepared.rows(self._cursor.fetchall())

    def first(self, statement: Statement, /, **given: Any) -> Row | None:
        """The first row of the answer; the rest, if any, is dropped."""
        rows = self.all(statement, **given)
        return rows[0] if rows else None

    def many(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        """Execute once per row, in one call of the driver."""
        prepared = statement.prepared(self.dialect)
        batch = [prepared.parameters(dict(row)) for row in rows]
        if batch:
            self._drive(self._cursor.executemany, prepared.text, batch)

    def raw(self, text: str) -> list[Row]:
        """Words of the database itself (BEGIN, SAVEPOINT, PRAGMA), never anything a person wrote."""
        self._drive(self._cursor.execute, text)
        return self._cursor.fetchall() if self._cursor.description else []

    def _execute(self, statement: Statement, given: dict[str, Any]) -> Prepared:
        prepared = statement.prepared(self.dialect)
        self._drive(self._cursor.execute, prepared.text, prepared.parameters(given))
        return prepared

    def _drive(self, call: Any, *arguments: Any) -> None:
        if self.doomed:
            raise self.doomed
        try:
            call(*arguments)
        except self.operational as error:
            raise self._told(unavailable(error)) from error

    def _told(self, error: Exception) -> Exception:
        """When the disk is full SQLite may undo the whole transaction by itself, and statements after that would
        each commit on their own: so nothing more is run."""
        self.doomed = error if isinstance(error, StorageUnavailable) else None
        return error

    # -- parts of a transaction
    def savepoint(self) -> Savepoint:
        """``with tx.savepoint():`` — an exception undoes what was done inside, and only that."""
        return Savepoint(self)

    # -- audit
    def record(self, by: str, action: str, subject: str, detail: str, at: datetime) -> None:
        """One audit row, written with this transaction."""
        self.waiting_audit.append((at, by, action, subject, detail))


class Savepoint:
    """One turn inside a group commit."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._name = ""
        self._audited = 0

    def __enter__(self) -> Savepoint:
        self._tx._depth += 1
        self._name = f"part{self._tx._depth}"
        self._audited = len(self._tx.waiting_audit)
        self._tx.raw(f"SAVEPOINT {self._name}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tx._depth -= 1
        if kind is None:
            self._tx.raw(f"RELEASE SAVEPOINT {self._name}")
            return
        if self._tx.doomed:
            return
        del self._tx.waiting_audit[self._audited :]
        self._tx.raw(f"ROLLBACK TO SAVEPOINT {self._name}")
        self._tx.raw(f"RELEASE SAVEPOINT {self._name}")
