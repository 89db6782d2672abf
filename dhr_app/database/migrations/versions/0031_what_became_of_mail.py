"""What GOV.UK Notify took has its number there, and is asked about until it is delivered, or is not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. What was sent before went by a mail server, which nobody can ask."""
    op.add_column("message", sa.Column("notify_id", sa.Uuid(), nullable=True))
    op.add_column("message", sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("message", sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_message_ask_at", "message", ["ask_at"])


def downgrade() -> None:
    """Undo the step: what was delivered counts as sent."""
    op.execute("UPDATE message SET state = 'sent' WHERE state = 'delivered'")
    op.drop_index("ix_message_ask_at", table_name="message")
    with op.batch_alter_table("message") as table:
        table.drop_column("delivered_at")
        table.drop_column("ask_at")
        table.drop_column("notify_id")
