"""Seats on a review lapse after its publication."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. Seats on reviews that were published before lapse only once somebody keeps them for a while."""
    op.add_column("membership", sa.Column("lapses_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Undo the step."""
    op.drop_column("membership", "lapses_on")
