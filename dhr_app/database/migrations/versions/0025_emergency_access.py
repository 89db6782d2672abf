"""Emergency access: who asked for it and why, who answered, and until when it ran."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. Nobody has emergency access to anything yet."""
    op.create_table(
        "emergency_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("lapsed_at", sa.DateTime(timezone=True)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by_id", sa.Uuid()),
        sa.Column("refused_because", sa.Text()),
        sa.Column("until_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by_id", sa.Uuid()),
        sa.Column("looked_at", sa.DateTime(timezone=True)),
        sa.Column("looked_by_id", sa.Uuid()),
        sa.Column("found", sa.Text()),
        sa.Column("words_ct", sa.LargeBinary()),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_emergency_access_two_people")
        ),
        sa.CheckConstraint(
            "until_at IS NULL OR decided_at IS NOT NULL",
            name=op.f("ck_emergency_access_confirmed_before_it_runs"),
        ),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_emergency_access_review_id"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name="fk_emergency_access_asked_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name="fk_emergency_access_decided_by_id"),
        sa.ForeignKeyConstraint(["ended_by_id"], ["account.id"], name="fk_emergency_access_ended_by_id"),
        sa.ForeignKeyConstraint(["looked_by_id"], ["account.id"], name="fk_emergency_access_looked_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_emergency_access"),
    )
    op.create_index("ix_emergency_access_review_id", "emergency_access", ["review_id"])
    op.create_index("ix_emergency_access_asked_by_id_until_at", "emergency_access", ["asked_by_id", "until_at"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("emergency_access")
