"""What a department files: 附表2、3 with their versions, its one draft, its budget total, the key-project log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0050"
branch_labels = None
depends_on = None

APPEND_ONLY = ("report_revision", "report_figure", "key_change")
REPORT = ("department_id", "year", "quarter")


def upgrade() -> None:
    """Five new tables, three of them append-only, and one new column."""
    op.add_column("department", sa.Column("budget_total", sa.Text(), nullable=True))
    op.create_table(
        "report",
        *_names(),
        _text("state"),
        _number("version"),
        sa.Column("filed_at", sa.Text(), nullable=True),
        _text("filed_by"),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_report_department_id"),
        sa.PrimaryKeyConstraint(*REPORT, name="pk_report"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report_revision",
        *_names(),
        _number("version"),
        *(_text(name) for name in ("at", "by", "basis", "unfiled")),
        sa.ForeignKeyConstraint(
            REPORT,
            [f"report.{name}" for name in REPORT],
            name="fk_report_revision_department_id_year_quarter",
        ),
        sa.PrimaryKeyConstraint(*REPORT, "version", name="pk_report_revision"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report_figure",
        *_names(),
        _number("version"),
        _number("position"),
        *(_text(name) for name in ("key", "value", "text", "message")),
        sa.ForeignKeyConstraint(
            (*REPORT, "version"),
            [f"report_revision.{name}" for name in (*REPORT, "version")],
            name="fk_report_figure_department_id_year_quarter_version",
        ),
        sa.PrimaryKeyConstraint(*REPORT, "version", "position", name="pk_report_figure"),
        sa.UniqueConstraint(*REPORT, "version", "key", name="uq_report_figure_key"),
        sqlite_with_rowid=False,
    )
    _draft()
    _keys()
    for table in APPEND_ONLY:
        _append_only(table)


def _draft() -> None:
    op.create_table(
        "report_draft",
        *_names(),
        _number("base_version"),
        *(_text(name) for name in ("entries", "proposals", "basis")),
        _number("revision"),
        _text("updated_at"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_report_draft_department_id"),
        sa.PrimaryKeyConstraint(*REPORT, name="pk_report_draft"),
        sqlite_with_rowid=False,
    )


def _keys() -> None:
    op.create_table(
        "key_change",
        _text("project_id"),
        _number("position"),
        sa.Column("is_key", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        *(_text(name) for name in ("reason", "at", "by")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_key_change_project_id"),
        sa.PrimaryKeyConstraint("project_id", "position", name="pk_key_change"),
        sqlite_with_rowid=False,
    )


def _names() -> tuple[sa.Column[str], sa.Column[int], sa.Column[int]]:
    return _text("department_id"), _number("year"), _number("quarter")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _append_only(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
