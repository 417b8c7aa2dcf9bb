"""Core statements compiled once per dialect and run on the driver's own cursor, with the columns' types applied.

SQLAlchemy's Connection costs 20–60 µs a statement and a durable turn runs about ten of them; compiling is all
we need of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Dialect,
    Insert,
    Select,
    Table,
    Text,
    Update,
    bindparam,
    literal_column,
    or_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import Delete, ReturningInsert
from sqlalchemy.sql.selectable import CompoundSelect
from sqlalchemy.types import TypeEngine

Row = tuple[Any, ...]
Clause = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete | ReturningInsert[Any] | Any
Processor = Callable[[Any], Any]


def binds(*names: str) -> dict[str, BindParameter[Any]]:
    """Column name -> a parameter of the same name, for ``values(**binds(…))``."""
    return {name: bindparam(name) for name in names}


def into(table: Table) -> Any:
    """An insert that may say ON CONFLICT; both dialects render PostgreSQL's construct alike."""
    return insert(table).inline()


def constant(word: str) -> ColumnElement[str]:
    """A word of ours written out in the statement: planners use a partial index only when they see its value."""
    return literal_column(f"'{word}'", Text)


def one_of(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """IN over constants; SQLAlchemy's own is expanded at every execution, which a prepared text cannot be."""
    return or_(*(column == constant(value) for value in values))


class Prepared:
    """One statement in one dialect's words."""

    __slots__ = ("_binders", "_fixed", "_readers", "text")

    def __init__(self, clause: Clause, dialect: Dialect) -> None:
        compiled = clause.compile(dialect=dialect)
        self.text = str(compiled)
        self._fixed = {
            name: value for name, value in compiled.params.items() if not compiled.binds[name].required
        }
        self._binders = tuple(
            (name, processor)
            for name, bound in compiled.binds.items()
            if name in compiled.params and (processor := _binder(bound.type, dialect))
        )
        for name, processor in self._binders:
            if name in self._fixed:
                self._fixed[name] = processor(self._fixed[name])
        self._readers = tuple(
            (place, processor)
            for place, column in enumerate(clause.exported_columns)
            if (processor := _reader(column.type, dialect))
        )

    def parameters(self, given: dict[str, Any]) -> dict[str, Any]:
        """The driver's parameters: what was given, converted, and the statement's own constants."""
        for name, processor in self._binders:
            if name in given:
                given[name] = processor(given[name])
        return {**self._fixed, **given} if self._fixed else given

    def rows(self, raw: Iterable[Sequence[Any]]) -> list[Row]:
        """The driver's rows as Python values."""
        if not self._readers:
            return list(raw)  # type: ignore[arg-type]
        return [self._read(row) for row in raw]

    def _read(self, raw: Sequence[Any]) -> Row:
        row = list(raw)
        for place, processor in self._readers:
            row[place] = processor(row[place])
        return tuple(row)


class Statement:
    """A Core statement built once at import."""

    __slots__ = ("_prepared", "clause")

    def __init__(self, clause: Clause) -> None:
        self.clause = clause
        self._prepared: dict[str, Prepared] = {}

    def prepared(self, dialect: Dialect) -> Prepared:
        """Its form in that dialect, compiled on first use."""
        try:
            return self._prepared[dialect.name]
        except KeyError:
            return self._prepared.setdefault(dialect.name, Prepared(self.clause, dialect))


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
