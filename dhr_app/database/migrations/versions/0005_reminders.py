"""Who was reminded of what, and the messages that did it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("refused_with", sa.Text()),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_message_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("kind", "account_id", "on_day", name="uq_message_kind_account_id_on_day"),
    )
    op.create_index("ix_message_account_id", "message", ["account_id"])
    op.create_index("ix_message_state_next_try_at", "message", ["state", "next_try_at"])
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("of_review_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_reminder_account_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_reminder_message_id"),
        sa.ForeignKeyConstraint(["of_review_id"], ["review.id"], name="fk_reminder_of_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint(
            "rule",
            "subject_id",
            "due_on",
            "step",
            "account_id",
            name="uq_reminder_rule_subject_id_due_on_step_account_id",
        ),
    )
    op.create_index("ix_reminder_made_on", "reminder", ["made_on"])
    op.create_index("ix_reminder_message_id", "reminder", ["message_id"])
    op.create_index("ix_reminder_of_review_id", "reminder", ["of_review_id"])


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_reminder_of_review_id", "reminder")
    op.drop_index("ix_reminder_message_id", "reminder")
    op.drop_index("ix_reminder_made_on", "reminder")
    op.drop_table("reminder")
    op.drop_index("ix_message_state_next_try_at", "message")
    op.drop_index("ix_message_account_id", "message")
    op.drop_table("message")
