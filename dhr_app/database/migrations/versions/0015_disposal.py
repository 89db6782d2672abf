"""Legal holds, the disposal of a review's records, and what each disposal destroyed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Uuid()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by_id", sa.Uuid(), nullable=False),
        sa.Column("placed_by_name", sa.Text(), nullable=False),
        sa.Column("lift_asked_at", sa.DateTime(timezone=True)),
        sa.Column("lift_asked_by_id", sa.Uuid()),
        sa.Column("lift_asked_by_name", sa.Text()),
        sa.Column("lifted_at", sa.DateTime(timezone=True)),
        sa.Column("lifted_by_id", sa.Uuid()),
        sa.Column("lifted_by_name", sa.Text()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_legal_hold_review_id"),
        sa.ForeignKeyConstraint(["placed_by_id"], ["account.id"], name="fk_legal_hold_placed_by_id"),
        sa.ForeignKeyConstraint(["lift_asked_by_id"], ["account.id"], name="fk_legal_hold_lift_asked_by_id"),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["account.id"], name="fk_legal_hold_lifted_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_legal_hold"),
    )
    op.create_index("ix_legal_hold_review_id_lifted_at", "legal_hold", ["review_id", "lifted_at"])
    op.create_table(
        "disposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=False),
        sa.Column("notice_by_id", sa.Uuid()),
        sa.Column("notice_by_name", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("confirmed_by_id", sa.Uuid()),
        sa.Column("confirmed_by_name", sa.Text()),
        sa.Column("seconded_at", sa.DateTime(timezone=True)),
        sa.Column("seconded_by_id", sa.Uuid()),
        sa.Column("seconded_by_name", sa.Text()),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.Column("stopped_because", sa.Text()),
        sa.Column("begun_at", sa.DateTime(timezone=True)),
        sa.Column("last_hash", sa.LargeBinary(32)),
        sa.Column("key_provider", sa.Text()),
        sa.Column("backup_days", sa.Integer()),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_disposal_review_id"),
        sa.ForeignKeyConstraint(["notice_by_id"], ["account.id"], name="fk_disposal_notice_by_id"),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["account.id"], name="fk_disposal_confirmed_by_id"),
        sa.ForeignKeyConstraint(["seconded_by_id"], ["account.id"], name="fk_disposal_seconded_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_disposal"),
        sa.UniqueConstraint("review_id", "number", name="uq_disposal_review_id_number"),
    )
    op.create_index("ix_disposal_review_id", "disposal", ["review_id"])
    op.create_table(
        "disposal_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("disposal_id", sa.Uuid(), nullable=False),
        sa.Column("record_class", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("generations", sa.JSON(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("tombstone", sa.Text()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_disposal_part_review_id"),
        sa.ForeignKeyConstraint(["disposal_id"], ["disposal.id"], name="fk_disposal_part_disposal_id"),
        sa.PrimaryKeyConstraint("id", name="pk_disposal_part"),
        sa.UniqueConstraint(
            "disposal_id", "record_class", "subject_id", name="uq_disposal_part_disposal_id_record_class_subject_id"
        ),
    )
    op.create_index("ix_disposal_part_review_id", "disposal_part", ["review_id"])


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_disposal_part_review_id", "disposal_part")
    op.drop_table("disposal_part")
    op.drop_index("ix_disposal_review_id", "disposal")
    op.drop_table("disposal")
    op.drop_index("ix_legal_hold_review_id_lifted_at", "legal_hold")
    op.drop_table("legal_hold")
