"""Alembic's entry: one transaction on the connection we were given, also on SQLite."""

from __future__ import annotations

from alembic import context

from storage.tables import audit

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=audit.metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
