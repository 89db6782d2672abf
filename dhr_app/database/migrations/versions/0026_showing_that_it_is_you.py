"""Showing that it is you by a passkey or a tenant, bound to the sign-in; letting an office in again by two."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ASKED_IN_A_SIGN_IN = ("passkey_challenge", "tenant_question")


def upgrade() -> None:
    """Make the step."""
    for name in ASKED_IN_A_SIGN_IN:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("sign_in_id", sa.Uuid()))
            table.create_foreign_key(f"fk_{name}_sign_in_id", "sign_in", ["sign_in_id"], ["id"])
    op.add_column("account_change", sa.Column("unblocked_because", sa.Text()))


def downgrade() -> None:
    """Undo the step: what waits for a second person to let somebody in again is withdrawn with it."""
    op.execute("DELETE FROM account_change WHERE unblocked_because IS NOT NULL AND agreed_at IS NULL")
    with op.batch_alter_table("account_change") as table:
        table.drop_column("unblocked_because")
    for name in ASKED_IN_A_SIGN_IN:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(f"fk_{name}_sign_in_id", type_="foreignkey")
            table.drop_column("sign_in_id")
