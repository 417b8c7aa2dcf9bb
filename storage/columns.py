"""The words tables are written in: one metadata, columns that are never NULL unless said so."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *parts: Any, clustered: bool = False) -> Table:
    """``clustered``: keep rows inside the primary key's own tree, one page written instead of two on SQLite."""
    options: dict[str, Any] = {"sqlite_with_rowid": False} if clustered else {}
    made: Table = Table(name, metadata, *parts, implicit_returning=False, **options)
    return made


def column(name: str, kind: Any = Text, *parts: Any) -> Column[Any]:
    """Never NULL."""
    return Column(name, kind, *parts, nullable=False)


def optional(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> Column[Any]:
    """NULL while there is none."""
    return Column(name, kind, nullable=True)


def form_columns() -> tuple[Column[Any], ...]:
    """What names a unit's 附表1: the project and the round."""
    return column("project_id"), column("year", Integer), column("quarter", Integer)


def report_columns() -> tuple[Column[Any], ...]:
    """What names a department's report: the department and the round."""
    return column("department_id"), column("year", Integer), column("quarter", Integer)
