"""Notices to many, and whom each was meant for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two new tables."""
    op.create_table(
        "notice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("any_hour", sa.Boolean(), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=False),
        sa.Column("wake", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_author_id_at", "notice", ["author_id", "at"])
    op.create_index("ix_notice_wake", "notice", ["wake"])
    op.create_table(
        "notice_recipient",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_notice_recipient_notice_id_notice"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_notice_recipient_person_id_person"),
        sa.PrimaryKeyConstraint("notice_id", "person_id", name="pk_notice_recipient"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notice_recipient_person_id", "notice_recipient", ["person_id"])


def downgrade() -> None:
    """What was sent stays on record."""
    raise RuntimeError("restore a backup instead")
