"""What is declared and signed before a seat opens, and a block list that says who entered whom, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. Whoever is barred already stays so; every seat is shut until its holder declared and signed."""
    op.create_table(
        "declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
        sa.Column("decided", sa.Text()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by_id", sa.Uuid()),
        sa.Column("decided_by_name", sa.Text()),
        sa.Column("note_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_declaration_review_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_declaration_account_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name="fk_declaration_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_declaration"),
    )
    op.create_index("ix_declaration_review_id", "declaration", ["review_id"])
    op.create_index("ix_declaration_account_id_review_id", "declaration", ["account_id", "review_id"])
    op.create_table(
        "undertaking_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_undertaking_text"),
        sa.UniqueConstraint("sha256", name="uq_undertaking_text_sha256"),
    )
    op.create_table(
        "undertaking_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_undertaking_signature_review_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_undertaking_signature_account_id"),
        sa.ForeignKeyConstraint(["text_id"], ["undertaking_text.id"], name="fk_undertaking_signature_text_id"),
        sa.PrimaryKeyConstraint("id", name="pk_undertaking_signature"),
        sa.UniqueConstraint(
            "account_id", "review_id", "sha256", name="uq_undertaking_signature_account_id_review_id_sha256"
        ),
    )
    op.create_index("ix_undertaking_signature_review_id", "undertaking_signature", ["review_id"])
    with op.batch_alter_table("conflict") as batch:
        batch.alter_column("account_id", existing_type=sa.Uuid(), nullable=True)
        batch.add_column(sa.Column("email_sha256", sa.LargeBinary(32)))
        batch.add_column(sa.Column("why", sa.Text(), nullable=False, server_default="placed"))
        batch.add_column(sa.Column("entered_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("entered_by_id", sa.Uuid()))
        batch.add_column(sa.Column("entered_by_name", sa.Text()))
        batch.add_column(sa.Column("lift_reason", sa.Text()))
        batch.add_column(sa.Column("lift_asked_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("lift_asked_by_id", sa.Uuid()))
        batch.add_column(sa.Column("lift_asked_by_name", sa.Text()))
        batch.add_column(sa.Column("address_ct", sa.LargeBinary()))
        batch.create_foreign_key("fk_conflict_entered_by_id", "account", ["entered_by_id"], ["id"])
        batch.create_foreign_key("fk_conflict_lift_asked_by_id", "account", ["lift_asked_by_id"], ["id"])
        batch.create_unique_constraint("uq_conflict_review_id_email_sha256", ["review_id", "email_sha256"])
    with op.batch_alter_table("conflict") as batch:
        batch.alter_column("why", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    op.create_index("ix_conflict_email_sha256", "conflict", ["email_sha256"])


def downgrade() -> None:
    """Undo the step. Addresses without an account bar nobody any more."""
    op.drop_index("ix_conflict_email_sha256", "conflict")
    conflict = sa.table("conflict", sa.column("account_id"))
    op.execute(conflict.delete().where(conflict.c.account_id.is_(None)))
    with op.batch_alter_table("conflict") as batch:
        batch.drop_constraint("uq_conflict_review_id_email_sha256", type_="unique")
        batch.drop_constraint("fk_conflict_lift_asked_by_id", type_="foreignkey")
        batch.drop_constraint("fk_conflict_entered_by_id", type_="foreignkey")
        for name in (
            "address_ct", "lift_asked_by_name", "lift_asked_by_id", "lift_asked_at", "lift_reason", "entered_by_name",
            "entered_by_id", "entered_at", "why", "email_sha256",
        ):  # fmt: skip
            batch.drop_column(name)
        batch.alter_column("account_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_index("ix_undertaking_signature_review_id", "undertaking_signature")
    op.drop_table("undertaking_signature")
    op.drop_table("undertaking_text")
    op.drop_index("ix_declaration_account_id_review_id", "declaration")
    op.drop_index("ix_declaration_review_id", "declaration")
    op.drop_table("declaration")
