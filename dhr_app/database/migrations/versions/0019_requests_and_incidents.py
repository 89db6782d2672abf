"""Requests for information and incidents, each with the reviews that it is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "information_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("body_id", sa.Uuid()),
        sa.Column("passed_on", sa.Date()),
        sa.Column("due_by", sa.Date()),
        sa.Column("identity_asked_on", sa.Date()),
        sa.Column("identity_confirmed_on", sa.Date()),
        sa.Column("extended_months", sa.Integer(), nullable=False),
        sa.Column("extended_because", sa.Text()),
        sa.Column("decision", sa.Text()),
        sa.Column("decided_on", sa.Date()),
        sa.Column("exemptions", sa.JSON(), nullable=False),
        sa.Column("means", sa.Text()),
        sa.Column("given_on", sa.Date()),
        sa.ForeignKeyConstraint(["body_id"], ["agency.id"], name="fk_information_request_body_id"),
        sa.PrimaryKeyConstraint("id", name="pk_information_request"),
        sa.UniqueConstraint("number", name="uq_information_request_number"),
    )
    op.create_index("ix_information_request_decided_on", "information_request", ["decided_on"])
    op.create_table(
        "request_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("drafts", sa.JSON(), nullable=False),
        sa.Column("asker_ct", sa.LargeBinary()),
        sa.Column("wanted_ct", sa.LargeBinary()),
        sa.Column("given_ct", sa.LargeBinary()),
        sa.Column("given_to_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_request_review_review_id"),
        sa.ForeignKeyConstraint(["request_id"], ["information_request.id"], name="fk_request_review_request_id"),
        sa.PrimaryKeyConstraint("id", name="pk_request_review"),
        sa.UniqueConstraint("request_id", "review_id", name="uq_request_review_request_id_review_id"),
    )
    op.create_index("ix_request_review_review_id", "request_review", ["review_id"])
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("aware_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Integer()),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("ico", sa.Text()),
        sa.Column("ico_because", sa.Text()),
        sa.Column("notified_at", sa.DateTime(timezone=True)),
        sa.Column("late_because", sa.Text()),
        sa.Column("ico_reference", sa.Text()),
        sa.Column("told", sa.Text()),
        sa.Column("told_on", sa.Date()),
        sa.Column("contained_at", sa.DateTime(timezone=True)),
        sa.Column("lessons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name="fk_incident_entered_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.UniqueConstraint("number", name="uq_incident_number"),
    )
    op.create_table(
        "incident_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("what_happened_ct", sa.LargeBinary()),
        sa.Column("learnt_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_incident_review_review_id"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_incident_review_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incident_review"),
        sa.UniqueConstraint("incident_id", "review_id", name="uq_incident_review_incident_id_review_id"),
    )
    op.create_index("ix_incident_review_review_id", "incident_review", ["review_id"])


def downgrade() -> None:
    """Take the step back."""
    for table in ("incident_review", "incident", "request_review", "information_request"):
        op.drop_table(table)
