"""A second person confirms an agency's tenant. What is turned on today stays so; turned off, it is entered anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    with op.batch_alter_table("tenant") as batch:
        batch.add_column(sa.Column("taken_back_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("confirmed_by_id", sa.Uuid()))
        batch.add_column(sa.Column("confirmed_by_name", sa.Text()))
        batch.create_foreign_key("fk_tenant_confirmed_by_id", "account", ["confirmed_by_id"], ["id"])


def downgrade() -> None:
    """Undo the step: what waits for a second person stays off, and an administrator may turn it on."""
    with op.batch_alter_table("tenant") as batch:
        batch.drop_constraint("fk_tenant_confirmed_by_id", type_="foreignkey")
        batch.drop_column("confirmed_by_name")
        batch.drop_column("confirmed_by_id")
        batch.drop_column("confirmed_at")
        batch.drop_column("taken_back_at")
