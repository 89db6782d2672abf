"""By when family members were promised to hear from us, and bank holidays that were proclaimed at short notice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. Nobody was promised anything yet, and no day was added."""
    op.add_column("family_member", sa.Column("news_wish", sa.Text(), nullable=False, server_default="not_asked"))
    op.create_table(
        "update_promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("family_member_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_because", sa.Text()),
        sa.Column("kept_on", sa.Date()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_update_promise_review_id"),
        sa.ForeignKeyConstraint(["family_member_id"], ["family_member.id"], name="fk_update_promise_family_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_update_promise"),
    )
    op.create_index("ix_update_promise_review_id", "update_promise", ["review_id"])
    op.create_index("ix_update_promise_due_on", "update_promise", ["ended_at", "due_on"])
    standing = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_update_promise_standing", "update_promise", ["family_member_id"], unique=True,
        sqlite_where=standing, postgresql_where=standing,
    )  # fmt: skip
    op.create_table(
        "extra_holiday",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True)),
        sa.Column("taken_back_by_id", sa.Uuid()),
        sa.Column("taken_back_by_name", sa.Text()),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name="fk_extra_holiday_added_by_id"),
        sa.ForeignKeyConstraint(["taken_back_by_id"], ["account.id"], name="fk_extra_holiday_taken_back_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_extra_holiday"),
    )
    in_force = sa.text("taken_back_at IS NULL")
    op.create_index(
        "ix_extra_holiday_in_force", "extra_holiday", ["day"], unique=True,
        sqlite_where=in_force, postgresql_where=in_force,
    )  # fmt: skip


def downgrade() -> None:
    """Undo the step. What was promised and which days were added is lost: export what is needed before."""
    for name in ("extra_holiday", "update_promise"):
        op.drop_table(name)
    with op.batch_alter_table("family_member") as table:
        table.drop_column("news_wish")
