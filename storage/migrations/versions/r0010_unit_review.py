"""Forms sent back, filling for a unit, the ledger of 催办, leave cover, and what directories say otherwise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0002"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Five new tables; nothing old is touched."""
    _forms()
    _people()


def downgrade() -> None:
    """Back to before, without what was kept there."""
    for table in ("proposal", "cover", "nudge", "stand_in", "form_return"):
        op.drop_table(table)


def _forms() -> None:
    op.create_table(
        "form_return",
        *_form(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_form_return_project_id"),
        sa.PrimaryKeyConstraint("year", "quarter", "project_id", "version", name="pk_form_return"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stand_in",
        *_form(),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_stand_in_project_id"),
        sa.PrimaryKeyConstraint("year", "quarter", "project_id", "person_id", name="pk_stand_in"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "nudge",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_nudge"),
    )
    op.create_index("ix_nudge_year_quarter", "nudge", ["year", "quarter"], unique=False)


def _form() -> tuple[sa.Column[str | int], ...]:
    return (
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
    )


def _people() -> None:
    op.create_table(
        "cover",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("cover_id", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_cover_person_id"),
        sa.ForeignKeyConstraint(["cover_id"], ["person.id"], name="fk_cover_cover_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cover"),
    )
    op.create_index("ix_cover_state_last_day", "cover", ["state", "last_day"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("found_at", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_proposal"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_proposal_state", "proposal", ["state"], unique=False)
