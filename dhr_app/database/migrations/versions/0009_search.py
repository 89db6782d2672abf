"""Whether the check for duplicates is turned on, its epochs, and the shortened keyed terms of the names on record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "duplicate_switch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("turned_on", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turned_by_id", sa.Uuid(), nullable=False),
        sa.Column("turned_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["turned_by_id"], ["account.id"], name="fk_duplicate_switch_turned_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_switch"),
        sa.UniqueConstraint("number", name="uq_duplicate_switch_number"),
    )
    op.create_table(
        "index_epoch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name_bits", sa.Integer(), nullable=False),
        sa.Column("sound_bits", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_index_epoch"),
        sa.UniqueConstraint("number", name="uq_index_epoch_number"),
    )
    op.create_table(
        "index_term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("index_name", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_index_term_review_id"),
        sa.ForeignKeyConstraint(["row_id"], ["involved_person.id"], name="fk_index_term_row_id"),
        sa.PrimaryKeyConstraint("id", name="pk_index_term"),
        sa.UniqueConstraint("row_id", "index_name", "epoch", name="uq_index_term_row_id_index_name_epoch"),
    )
    op.create_index("ix_index_term_epoch_index_name_term", "index_term", ["epoch", "index_name", "term"])
    op.create_index("ix_index_term_review_id", "index_term", ["review_id"])


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_index_term_review_id", "index_term")
    op.drop_index("ix_index_term_epoch_index_name_term", "index_term")
    op.drop_table("index_term")
    op.drop_table("index_epoch")
    op.drop_table("duplicate_switch")
