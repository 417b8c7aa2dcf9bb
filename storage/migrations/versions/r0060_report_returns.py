"""Reports that finance sent back, each with its reason and its own day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "report_return",
        sa.Column("department_id", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("due", "reason", "by", "at")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_report_return_department_id"),
        sa.PrimaryKeyConstraint("department_id", "year", "quarter", "version", name="pk_report_return"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """A return that was recorded cannot be taken back."""
    raise RuntimeError("restore a backup instead")
