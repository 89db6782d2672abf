"""Words that may name somebody protected, kept on purpose, with the reason."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "kept_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by_id", sa.Uuid()),
        sa.Column("words_ct", sa.LargeBinary()),
        sa.Column("note_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_kept_words_review_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_kept_words_agency_id"),
        sa.ForeignKeyConstraint(["kept_by_id"], ["account.id"], name="fk_kept_words_kept_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_words"),
    )
    op.create_index("ix_kept_words_review_id", "kept_words", ["review_id"])
    op.create_index("ix_kept_words_row", "kept_words", ["row_id", "place"])


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_kept_words_row", "kept_words")
    op.drop_index("ix_kept_words_review_id", "kept_words")
    op.drop_table("kept_words")
