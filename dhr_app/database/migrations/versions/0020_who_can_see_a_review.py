"""When the list of who can see a review was confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "access_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("move_seq", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_access_check_review_id"),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["account.id"], name="fk_access_check_confirmed_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_check"),
        sa.UniqueConstraint("review_id", "move_seq", name="uq_access_check_review_id_move_seq"),
    )


def downgrade() -> None:
    """Undo the step."""
    op.drop_table("access_check")
