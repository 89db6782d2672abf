"""The drafts that chairs hand in, and what is known of their files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True)),
        sa.Column("filename_ct", sa.LargeBinary()),
        sa.Column("note_ct", sa.LargeBinary()),
        sa.Column("file_key_ct", sa.LargeBinary()),
        sa.Column("panel_file_key_ct", sa.LargeBinary()),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sealed_sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name="fk_draft_added_by_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_draft_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("review_id", "kind", "number", name="uq_draft_review_id_kind_number"),
    )
    op.create_index("ix_draft_review_id", "draft", ["review_id"])


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_draft_review_id", "draft")
    op.drop_table("draft")
