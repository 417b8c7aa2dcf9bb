"""What finance orders and decides: rectification, adjusted targets, disposals, tracked deviations, publications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0010"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Five tables."""
    op.create_table(
        "tracking",
        sa.Column("finding_id", SERIAL, nullable=False),
        _text("stage"),
        _text("by"),
        _text("at"),
        _text("words"),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name="fk_tracking_finding_id"),
        sa.PrimaryKeyConstraint("finding_id", name="pk_tracking"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rectification",
        _text("id"),
        _text("department_id"),
        *_round(),
        _text("demand"),
        _text("due"),
        _text("ordered_by"),
        _text("ordered_at"),
        _text("state"),
        _text("answer"),
        _text("answered_by"),
        _text("answered_at", optional=True),
        _text("conclusion"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_rectification_department_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rectification"),
    )
    op.create_index(
        "ix_rectification_year_quarter_department_id", "rectification", ["year", "quarter", "department_id"]
    )
    _of_projects(
        "adjustment",
        sa.Column("position", sa.Integer(), nullable=False),
        *map(_text, ("old_target", "new_target", "cause", "reason", "budget_change")),
        *map(_text, ("requested_by", "requested_at", "state", "decided_by")),
        _text("decided_at", optional=True),
        _text("words"),
    )
    _of_projects(
        "disposal",
        *map(_text, ("disposal", "amount", "decider", "decided_on", "basis")),
        sa.Column("has_ongoing_procurement", sa.Boolean(), nullable=False),
        *map(_text, ("by", "at")),
    )
    op.create_table(
        "release",
        _text("department_id"),
        *_round(),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("digest"),
        sa.Column("package", sa.LargeBinary(), nullable=False),
        *map(_text, ("proposed_by", "proposed_at", "state", "decided_by")),
        _text("decided_at", optional=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_release_department_id"),
        sa.PrimaryKeyConstraint("department_id", "year", "quarter", "digest", name="pk_release"),
    )


def downgrade() -> None:
    """A decision that was recorded cannot be taken back."""
    raise RuntimeError("restore a backup instead")


def _text(name: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional)


def _round() -> tuple[sa.Column[int], sa.Column[int]]:
    return sa.Column("year", sa.Integer(), nullable=False), sa.Column("quarter", sa.Integer(), nullable=False)


def _of_projects(name: str, *columns: sa.Column) -> None:  # type: ignore[type-arg]
    op.create_table(
        name,
        _text("id"),
        _text("project_id"),
        *_round(),
        *columns,
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=f"fk_{name}_project_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_year_quarter_project_id", name, ["year", "quarter", "project_id"])
