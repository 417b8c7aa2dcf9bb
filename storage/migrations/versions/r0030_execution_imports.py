"""Execution figures imported from the treasury system: the batches, and what each says of a project."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two new tables; rows are only ever added."""
    op.create_table(
        "execution_batch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_execution_batch"),
        sa.UniqueConstraint("number", name="uq_execution_batch_number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "execution",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Text(), nullable=True),
        sa.Column("spent", sa.Text(), nullable=True),
        sa.Column("by_source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["execution_batch.id"], name="fk_execution_batch"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_execution_project_id"),
        sa.PrimaryKeyConstraint("project_id", "year", "quarter", "batch", name="pk_execution"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Figures people relied on cannot be taken back."""
    raise RuntimeError("restore a backup instead")
