"""Who owes the next date of a review, and which dates it met late: from the next change on, never looked up again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. Rows that there are stay as they were: reports of past days were made from them."""
    or_nothing = sa.JSON(none_as_null=True)
    op.add_column("standing", sa.Column("owed_by", sa.Text()))
    op.add_column("standing", sa.Column("owed_agencies", or_nothing))
    op.add_column("standing", sa.Column("met_late", or_nothing))
    op.drop_index("ix_standing_replaced_at", table_name="standing")
    op.create_index("ix_standing_replaced_at", "standing", ["replaced_at", "waits_for", "owed_by"])


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_standing_replaced_at", table_name="standing")
    op.create_index("ix_standing_replaced_at", "standing", ["replaced_at", "waits_for"])
    for name in ("met_late", "owed_agencies", "owed_by"):
        op.drop_column("standing", name)
