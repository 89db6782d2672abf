"""Links to a new password for whoever has forgotten theirs, confirmed by a second person for an office."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "way_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("made_sure", sa.Text(), nullable=False),
        sa.Column("with_factor", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid()),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("agreed_by_id", sa.Uuid()),
        sa.Column("agreed_by_name", sa.Text()),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("token_sha256", sa.LargeBinary(32)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_way_in_account_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name="fk_way_in_made_by_id"),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["account.id"], name="fk_way_in_agreed_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_way_in"),
        sa.UniqueConstraint("token_sha256", name="uq_way_in_token_sha256"),
    )
    op.create_index("ix_way_in_account_id", "way_in", ["account_id"])
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("way_in_id", sa.Uuid()))
        batch.create_foreign_key("fk_message_way_in_id", "way_in", ["way_in_id"], ["id"])
        batch.create_index("ix_message_way_in_id", ["way_in_id"])


def downgrade() -> None:
    """Undo the step: links that are on their way open nothing any more."""
    with op.batch_alter_table("message") as batch:
        batch.drop_index("ix_message_way_in_id")
        batch.drop_constraint("fk_message_way_in_id", type_="foreignkey")
        batch.drop_column("way_in_id")
    op.drop_table("way_in")
