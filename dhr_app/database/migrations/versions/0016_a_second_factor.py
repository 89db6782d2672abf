"""A second factor beside the password, sign-ins that are half done, and from where each sign-in came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NEW = ("ended_because", "browser", "network", "proved_at")


def upgrade() -> None:
    """Make the step. Of the sign-ins that there are it is not known where they came from."""
    op.add_column("sign_in", sa.Column("proved_at", sa.DateTime(timezone=True)))
    for name in ("network", "browser", "ended_because"):
        op.add_column("sign_in", sa.Column(name, sa.Text()))
    op.create_table(
        "authenticator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("secret_ct", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_authenticator_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_authenticator"),
    )
    op.create_index("ix_authenticator_account_id", "authenticator", ["account_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_recovery_code_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])
    op.create_table(
        "half_sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_half_sign_in_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_half_sign_in"),
        sa.UniqueConstraint("token_sha256", name="uq_half_sign_in_token_sha256"),
    )
    op.create_index("ix_half_sign_in_account_id", "half_sign_in", ["account_id"])


def downgrade() -> None:
    """Undo the step: everybody signs in by their password alone."""
    for name in ("half_sign_in", "recovery_code", "authenticator"):
        op.drop_index(f"ix_{name}_account_id", name)
        op.drop_table(name)
    for name in NEW:
        op.drop_column("sign_in", name)
