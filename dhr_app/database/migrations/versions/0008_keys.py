"""How many reviews a person opened within the last hour is asked whenever one is opened: an index for it."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_index("ix_event_recorded_by_id_recorded_at", "event", ["recorded_by_id", "recorded_at"])


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_event_recorded_by_id_recorded_at", table_name="event")
