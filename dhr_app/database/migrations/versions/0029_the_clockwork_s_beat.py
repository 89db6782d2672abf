"""When the clockwork last showed that it works."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. No clockwork has shown itself yet."""
    op.create_table(
        "clockwork_beat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clockwork_beat"),
        sa.UniqueConstraint("name", name="uq_clockwork_beat_name"),
    )


def downgrade() -> None:
    """Undo the step."""
    op.drop_table("clockwork_beat")
