"""Other ids by which a platform names an account (unionid of 钉钉)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "other_account",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("platform", "other_id", "user_id")),
        sa.PrimaryKeyConstraint("platform", "other_id", name="pk_other_account"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """The next reading of the directory fills it again."""
    op.drop_table("other_account")
