"""What a connected platform remembers, what it calls a message, and when a message was opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two new tables, one new column with its index."""
    op.add_column("outbox", sa.Column("read_at", sa.Text(), nullable=True))
    op.create_index(
        "ix_outbox_reference",
        "outbox",
        ["reference"],
        sqlite_where=sa.text("reference != ''"),
        postgresql_where=sa.text("reference != ''"),
    )
    op.create_table(
        "shelf",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("platform", "key", name="pk_shelf"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "key", name="pk_tally"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """A receipt that was noted cannot be taken back."""
    raise RuntimeError("restore a backup instead")
