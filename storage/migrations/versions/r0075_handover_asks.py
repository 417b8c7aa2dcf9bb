"""Projects offered to a colleague who has not answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "handover_ask",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("giver_id", "taker_id", "at")),
        sa.ForeignKeyConstraint(["giver_id"], ["person.id"], name="fk_handover_ask_giver_id"),
        sa.ForeignKeyConstraint(["taker_id"], ["person.id"], name="fk_handover_ask_taker_id"),
        sa.PrimaryKeyConstraint("project_id", "taker_id", name="pk_handover_ask"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_handover_ask_year_quarter", "handover_ask", ["year", "quarter"], unique=False)


def downgrade() -> None:
    """A question that is open cannot be forgotten."""
    raise RuntimeError("restore a backup instead")
