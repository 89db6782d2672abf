"""What is kept apart, who was let open it, and where family members can be reached under that class.

The values that stand under the family's key are moved by `dhr init` after this step, which has the keys.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. Nothing is kept apart yet, and nobody was let open it."""
    op.create_table(
        "sensitive_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=False),
        sa.Column("given_by_name", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_because", sa.Text()),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_sensitive_grant_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_sensitive_grant_review_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_sensitive_grant_account_id"),
        sa.ForeignKeyConstraint(["given_by_id"], ["account.id"], name="fk_sensitive_grant_given_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sensitive_grant"),
    )
    op.create_index("ix_sensitive_grant_review_id", "sensitive_grant", ["review_id"])
    op.create_index("ix_sensitive_grant_account_id_review_id", "sensitive_grant", ["account_id", "review_id"])
    op.create_table(
        "sensitive_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("family_member_id", sa.Uuid()),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True)),
        sa.Column("struck_out_on", sa.Date()),
        sa.Column("struck_out_because", sa.Text()),
        sa.Column("words_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_sensitive_note_review_id"),
        sa.ForeignKeyConstraint(["person_id"], ["involved_person.id"], name="fk_sensitive_note_person_id"),
        sa.ForeignKeyConstraint(["family_member_id"], ["family_member.id"], name="fk_sensitive_note_family_member_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_sensitive_note_agency_id"),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name="fk_sensitive_note_added_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sensitive_note"),
    )
    for name in ("review_id", "person_id", "family_member_id"):
        op.create_index(f"ix_sensitive_note_{name}", "sensitive_note", [name])
    op.add_column("family_member", sa.Column("contact_apart_ct", sa.LargeBinary()))


def downgrade() -> None:
    """Undo the step. What was kept apart is lost with its tables: export what is needed before."""
    with op.batch_alter_table("family_member") as table:
        table.drop_column("contact_apart_ct")
    for name in ("sensitive_note", "sensitive_grant"):
        op.drop_table(name)
