"""Planned meetings, and the private calendars that people’s own programs fetch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. Nothing is planned yet, and nobody has a calendar."""
    op.create_table(
        "planned_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("held_at", sa.DateTime(timezone=True)),
        sa.Column("meeting_id", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_planned_meeting_ends_after_it_begins")),
        sa.CheckConstraint(
            "held_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_planned_meeting_held_or_cancelled")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_planned_meeting_review_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_planned_meeting_meeting_id"),
        sa.PrimaryKeyConstraint("id", name="pk_planned_meeting"),
    )
    op.create_index("ix_planned_meeting_review_id", "planned_meeting", ["review_id"])
    op.create_index("ix_planned_meeting_starts_at", "planned_meeting", ["starts_at"])
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("fetched_on", sa.Date()),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_calendar_link_account_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_calendar_link_agency_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_link"),
        sa.UniqueConstraint("token_sha256", name="uq_calendar_link_token_sha256"),
    )
    op.create_index("ix_calendar_link_account_id", "calendar_link", ["account_id"])
    op.create_table(
        "calendar_date",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_calendar_date_review_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_calendar_date_agency_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_date"),
        sa.UniqueConstraint("kind", "subject_id", name="uq_calendar_date_kind_subject_id"),
    )
    op.create_index("ix_calendar_date_review_id", "calendar_date", ["review_id"])


def downgrade() -> None:
    """Undo the step."""
    op.drop_table("calendar_date")
    op.drop_table("calendar_link")
    op.drop_table("planned_meeting")
