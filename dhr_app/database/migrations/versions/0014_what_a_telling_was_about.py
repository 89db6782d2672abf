"""Which step a telling was about: it answers that step, and no other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. Of what was recorded before, nobody knows: it answers whichever step comes next, as it did."""
    op.add_column("telling", sa.Column("about", sa.Text()))
    op.add_column("telling", sa.Column("about_seq", sa.Integer()))


def downgrade() -> None:
    """Undo the step."""
    op.drop_column("telling", "about_seq")
    op.drop_column("telling", "about")
