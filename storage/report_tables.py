"""The tables of what a department files: 附表2 and 附表3, and the list of key projects."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

from storage.columns import column, optional, report_columns, table
from storage.types import Instant

report = table(
    "report",
    *report_columns(),
    column("state"),
    column("version", Integer),
    optional("filed_at", Instant),
    column("filed_by"),
    column("late", Boolean),
    ForeignKeyConstraint(["department_id"], ["department.id"]),
    PrimaryKeyConstraint("department_id", "year", "quarter"),
    clustered=True,
)
report_revision = table(
    "report_revision",
    *report_columns(),
    column("version", Integer),
    column("at", Instant),
    column("by"),
    column("basis"),  # JSON: [[project id, version of its 附表1, key basis or ""], …]
    column("unfiled"),  # JSON: key projects whose 附表1 had not come in, as they were defined
    ForeignKeyConstraint(
        ["department_id", "year", "quarter"], ["report.department_id", "report.year", "report.quarter"]
    ),
    PrimaryKeyConstraint("department_id", "year", "quarter", "version"),
    clustered=True,
)
report_figure = table(
    "report_figure",
    *report_columns(),
    column("version", Integer),
    column("position", Integer),
    column("key"),
    column("value"),
    column("text"),
    column("message"),
    ForeignKeyConstraint(
        ["department_id", "year", "quarter", "version"],
        [f"report_revision.{name}" for name in ("department_id", "year", "quarter", "version")],
    ),
    PrimaryKeyConstraint("department_id", "year", "quarter", "version", "position"),
    UniqueConstraint("department_id", "year", "quarter", "version", "key", name="uq_report_figure_key"),
    clustered=True,
)
report_draft = table(
    "report_draft",
    *report_columns(),
    column("base_version", Integer),
    column("entries"),
    column("proposals"),
    column("basis"),  # JSON: [[project id, version], …] when somebody last looked
    column("revision", Integer),
    column("updated_at", Instant),
    ForeignKeyConstraint(["department_id"], ["department.id"]),
    PrimaryKeyConstraint("department_id", "year", "quarter"),
    clustered=True,
)
key_change = table(
    "key_change",
    column("project_id", Text, ForeignKey("project.id")),
    column("position", Integer),
    column("is_key", Boolean),
    optional("basis", Text),
    column("reason"),
    column("at", Instant),
    column("by"),
    PrimaryKeyConstraint("project_id", "position"),
    clustered=True,
)
