"""A reminder may be of what is about several reviews, or none: a request for information, a breach of data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    with op.batch_alter_table("reminder") as table:
        table.alter_column("of_review_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    """Undo the step: what no one review was reminded of is forgotten, and said again."""
    op.execute("DELETE FROM reminder WHERE of_review_id IS NULL")
    with op.batch_alter_table("reminder") as table:
        table.alter_column("of_review_id", existing_type=sa.Uuid(), nullable=False)
