"""The agencies' own tenants, and which sign-ins came through one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OF_A_SIGN_IN = ("sign_in", "half_sign_in")


def upgrade() -> None:
    """Make the step. No sign-in that there is came through a tenant."""
    op.create_table(
        "tenant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_tenant_agency_id"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name="fk_tenant_entered_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tenant"),
    )
    op.create_index("ix_tenant_agency_id", "tenant", ["agency_id"])
    enabled = sa.text("enabled")
    op.create_index(
        "uq_tenant_enabled", "tenant", ["agency_id"], unique=True, sqlite_where=enabled, postgresql_where=enabled
    )
    op.create_table(
        "tenant_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_tenant_identity_account_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_tenant_identity_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tenant_identity"),
    )
    op.create_index("ix_tenant_identity_account_id", "tenant_identity", ["account_id"])
    op.create_index("ix_tenant_identity_tenant_id", "tenant_identity", ["tenant_id"])
    now = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_tenant_identity_now",
        "tenant_identity",
        ["issuer", "subject"],
        unique=True,
        sqlite_where=now,
        postgresql_where=now,
    )
    op.create_table(
        "tenant_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("state_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("nonce", sa.Text()),
        sa.Column("verifier", sa.Text()),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid()),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name="fk_tenant_question_tenant_id"),
        sa.ForeignKeyConstraint(["attempt_id"], ["sign_in_attempt.id"], name="fk_tenant_question_attempt_id"),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name="fk_tenant_question_invitation_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_tenant_question_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tenant_question"),
        sa.UniqueConstraint("token_sha256", name="uq_tenant_question_token_sha256"),
    )
    op.create_index("ix_tenant_question_tenant_id", "tenant_question", ["tenant_id"])
    for name in OF_A_SIGN_IN:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("tenant_id", sa.Uuid()))
            table.create_foreign_key(f"fk_{name}_tenant_id", "tenant", ["tenant_id"], ["id"])
        op.create_index(f"ix_{name}_tenant_id", name, ["tenant_id"])


def downgrade() -> None:
    """Undo the step: everybody signs in by their password."""
    for name in OF_A_SIGN_IN:
        op.drop_index(f"ix_{name}_tenant_id", name)
        with op.batch_alter_table(name) as table:
            table.drop_constraint(f"fk_{name}_tenant_id", type_="foreignkey")
            table.drop_column("tenant_id")
    for name in ("tenant_question", "tenant_identity", "tenant"):
        op.drop_table(name)
