"""Agreements, invitations, changes of role that two people make, and whom an agency's work falls to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("organisation", sa.Text()),
        sa.Column("of_review_id", sa.Uuid()),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= signed_on", name="ends_after_it_begins"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_agreement_agency_id"),
        sa.ForeignKeyConstraint(["of_review_id"], ["review.id"], name="fk_agreement_of_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agreement"),
    )
    op.create_index("ix_agreement_agency_id", "agreement", ["agency_id"])
    op.create_table(
        "agency_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_agency_contact_agency_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_agency_contact_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agency_contact"),
        sa.UniqueConstraint("agency_id", name="uq_agency_contact_agency_id"),
    )
    op.create_index("ix_agency_contact_account_id", "agency_contact", ["account_id"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("agreement_id", sa.Uuid()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid()),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("agreed_by_id", sa.Uuid()),
        sa.Column("agreed_by_name", sa.Text()),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("token_sha256", sa.LargeBinary(32)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_invitation_agency_id"),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name="fk_invitation_agreement_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name="fk_invitation_made_by_id"),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["account.id"], name="fk_invitation_agreed_by_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_invitation_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("token_sha256", name="uq_invitation_token_sha256"),
    )
    op.create_index("ix_invitation_account_id", "invitation", ["account_id"])
    op.create_index("ix_invitation_email", "invitation", ["email"])
    op.create_table(
        "account_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("agreed_by_id", sa.Uuid()),
        sa.Column("agreed_by_name", sa.Text()),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_account_change_account_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_account_change_agency_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name="fk_account_change_made_by_id"),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["account.id"], name="fk_account_change_agreed_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account_change"),
    )
    op.create_index("ix_account_change_account_id", "account_change", ["account_id"])
    with op.batch_alter_table("message") as batch:
        batch.alter_column("account_id", existing_type=sa.Uuid(), nullable=True)
        batch.add_column(sa.Column("invitation_id", sa.Uuid()))
        batch.create_foreign_key("fk_message_invitation_id", "invitation", ["invitation_id"], ["id"])
        batch.create_index("ix_message_invitation_id", ["invitation_id"])


def downgrade() -> None:
    """Undo the step; possible only while no message went to somebody without an account."""
    with op.batch_alter_table("message") as batch:
        batch.drop_index("ix_message_invitation_id")
        batch.drop_constraint("fk_message_invitation_id", type_="foreignkey")
        batch.drop_column("invitation_id")
        batch.alter_column("account_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("account_change")
    op.drop_table("invitation")
    op.drop_table("agency_contact")
    op.drop_table("agreement")
