"""What agencies report about their actions, and the files that show it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("blocked_by", sa.Text()),
        sa.Column("wanted_on", sa.Date()),
        sa.Column("settled_on", sa.Date()),
        sa.Column("refused_because", sa.Text()),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("came_from", sa.Text()),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name="fk_progress_action_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_progress_agency_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name="fk_progress_made_by_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_progress_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_progress"),
        sa.UniqueConstraint("action_id", "seq", name="uq_progress_action_id_seq"),
    )
    op.create_index("ix_progress_review_id", "progress", ["review_id"])
    op.create_index("ix_progress_wish", "progress", ["kind", "settled_on"])
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("progress_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("filename_ct", sa.LargeBinary()),
        sa.Column("file_key_ct", sa.LargeBinary()),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sealed_sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_evidence_agency_id"),
        sa.ForeignKeyConstraint(["progress_id"], ["progress.id"], name="fk_evidence_progress_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_evidence_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_progress_id", "evidence", ["progress_id"])
    op.create_index("ix_evidence_review_id", "evidence", ["review_id"])


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_evidence_review_id", "evidence")
    op.drop_index("ix_evidence_progress_id", "evidence")
    op.drop_table("evidence")
    op.drop_index("ix_progress_wish", "progress")
    op.drop_index("ix_progress_review_id", "progress")
    op.drop_table("progress")
