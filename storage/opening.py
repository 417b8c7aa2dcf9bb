"""How a transaction begins and ends on a pooled connection of the driver."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage.errors import unavailable
from storage.line import Line
from storage.tx import Tx

Hook = Callable[[], None] | None


class _Opened:
    """A connection taken from the pool, and the transaction on it."""

    def __init__(self, engine: Engine, begin: str) -> None:
        try:
            self.pooled = engine.raw_connection()
        except DBAPIError as error:
            raise unavailable(error) from error
        self.driver: Any = self.pooled.driver_connection
        self.tx = Tx(self.driver, engine.dialect)
        if engine.dialect.name == "sqlite":  # PostgreSQL's driver begins by itself with the first statement
            try:
                self.tx.raw(begin)
            except BaseException:
                self.pooled.close()
                raise

    def commit(self) -> None:
        try:
            self.driver.commit()
        except self.tx.operational as error:
            raise unavailable(error) from error

    def leave(self) -> None:
        """Back to the pool, which rolls back what is still open; a broken connection is thrown away."""
        if getattr(self.driver, "closed", False):
            self.pooled.invalidate()
        self.pooled.close()


class Writing:
    """A write transaction: the audit rows are chained and everything committed at its end, or nothing is kept.
    ``line``: where this process's writers wait for one another."""

    __slots__ = ("_after", "_before", "_engine", "_line", "_opened")

    def __init__(self, engine: Engine, line: Line | None, before: Hook, after: Hook) -> None:
        self._engine, self._line, self._before, self._after = engine, line, before, after

    def __enter__(self) -> Tx:
        if self._line:
            self._line.enter()
        try:
            self._opened = _Opened(self._engine, "BEGIN IMMEDIATE")
        except BaseException:
            self._leave_line()
            raise
        return self._opened.tx

    def _leave_line(self) -> None:
        if self._line:
            self._line.leave()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit(self._opened)
        finally:
            try:
                self._opened.leave()
            finally:
                self._leave_line()

    def _commit(self, opened: _Opened) -> None:
        if opened.tx.doomed:
            raise opened.tx.doomed
        opened.tx.flush_audit()
        if self._before:
            self._before()
        opened.commit()
        if self._after:
            self._after()


class Reading:
    """A transaction that only looks."""

    __slots__ = ("_engine", "_opened")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Tx:
        self._opened = _Opened(self._engine, "BEGIN")
        return self._opened.tx

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.leave()
