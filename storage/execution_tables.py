"""The tables of imported execution figures; rows are only ever added."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text, UniqueConstraint

from storage.columns import column, form_columns, optional, table
from storage.types import Day, Instant, Money

execution_batch = table(
    "execution_batch",
    column("id"),  # the sender's own
    column("number", Integer),  # in the order they came: a later one says more
    column("year", Integer),
    column("quarter", Integer),
    column("as_of", Day),
    column("system"),
    column("digest"),
    column("rows", Integer),
    column("at", Instant),
    column("by"),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("number"),
    clustered=True,
)
execution = table(
    "execution",
    column("batch", Text, ForeignKey("execution_batch.id")),
    *form_columns(),
    optional("arrived", Money),
    optional("spent", Money),
    column("by_source"),  # JSON: [[source, "amount"], …]
    ForeignKeyConstraint(["project_id"], ["project.id"]),
    PrimaryKeyConstraint("project_id", "year", "quarter", "batch"),
    clustered=True,
)
