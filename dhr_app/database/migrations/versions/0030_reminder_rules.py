"""Other days for a row of the table of reminders, and days on which no mail goes out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. The house's own table holds until somebody changes it."""
    op.create_table(
        "reminder_rule_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("ahead", sa.Text(), nullable=False),
        sa.Column("eve", sa.Boolean(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("mondays", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("changed_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["account.id"], name="fk_reminder_rule_change_changed_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder_rule_change"),
        sa.UniqueConstraint("number", name="uq_reminder_rule_change_number"),
    )
    op.create_table(
        "quiet_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=False),
        sa.Column("set_by_name", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_by_name", sa.Text(), nullable=True),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_quiet_days_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["account.id"], name="fk_quiet_days_ended_by_id"),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name="fk_quiet_days_set_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_quiet_days"),
    )


def downgrade() -> None:
    """Undo the step: the house's own table holds again, and no day is quiet."""
    op.drop_table("quiet_days")
    op.drop_table("reminder_rule_change")
