"""The tables of what finance orders and decides, and of what a department publishes."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
)

from storage.columns import column, form_columns, optional, table
from storage.types import Day, Instant, Money, Serial

tracking = table(
    "tracking",
    column("finding_id", Serial, ForeignKey("finding.id")),
    column("stage"),
    column("by"),
    column("at", Instant),
    column("words"),
    PrimaryKeyConstraint("finding_id"),
    clustered=True,
)
rectification = table(
    "rectification",
    column("id"),
    column("department_id", Text, ForeignKey("department.id")),
    column("year", Integer),
    column("quarter", Integer),
    column("demand"),
    column("due", Day),
    column("ordered_by"),
    column("ordered_at", Instant),
    column("state"),
    column("answer"),
    column("answered_by"),
    optional("answered_at", Instant),
    column("conclusion"),
    column("version", Integer),
    PrimaryKeyConstraint("id"),
    Index(None, "year", "quarter", "department_id"),
)
adjustment = table(
    "adjustment",
    column("id"),
    *form_columns(),
    column("position", Integer),
    column("old_target"),
    column("new_target"),
    column("cause"),
    column("reason"),
    column("budget_change", Money),
    column("requested_by"),
    column("requested_at", Instant),
    column("state"),
    column("decided_by"),
    optional("decided_at", Instant),
    column("words"),
    ForeignKeyConstraint(["project_id"], ["project.id"]),
    PrimaryKeyConstraint("id"),
    Index(None, "year", "quarter", "project_id"),
)
disposal = table(
    "disposal",
    column("id"),
    *form_columns(),
    column("disposal"),
    column("amount", Money),
    column("decider"),
    column("decided_on", Day),
    column("basis"),
    column("has_ongoing_procurement", Boolean),
    column("by"),
    column("at", Instant),
    ForeignKeyConstraint(["project_id"], ["project.id"]),
    PrimaryKeyConstraint("id"),
    Index(None, "year", "quarter", "project_id"),
)
release = table(
    "release",
    column("department_id", Text, ForeignKey("department.id")),
    column("year", Integer),
    column("quarter", Integer),
    column("version", Integer),
    column("digest"),
    column("package", LargeBinary),  # the very bytes that were looked at
    column("proposed_by"),
    column("proposed_at", Instant),
    column("state"),
    column("decided_by"),
    optional("decided_at", Instant),
    PrimaryKeyConstraint("department_id", "year", "quarter", "digest"),
)
report_return = table(
    "report_return",
    column("department_id", Text, ForeignKey("department.id")),
    column("year", Integer),
    column("quarter", Integer),
    column("version", Integer),
    column("due", Day),
    column("reason"),
    column("by"),
    column("at", Instant),
    PrimaryKeyConstraint("department_id", "year", "quarter", "version"),
    clustered=True,
)
