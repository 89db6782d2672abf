"""When it was said of a telling that it had been recorded by mistake."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. What was recorded before it stands."""
    op.add_column("telling", sa.Column("taken_back_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Undo the step."""
    op.drop_column("telling", "taken_back_at")
