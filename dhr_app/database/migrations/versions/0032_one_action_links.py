"""A link by which an agency reports once on one action; the mails of it, and the reports that came by it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step. No link was sent yet."""
    op.create_table(
        "action_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(32)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("browser_sha256", sa.LargeBinary(32)),
        sa.Column("code_hmac", sa.LargeBinary(32)),
        sa.Column("code_until", sa.DateTime(timezone=True)),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("visit_sha256", sa.LargeBinary(32)),
        sa.Column("visit_until", sa.DateTime(timezone=True)),
        sa.Column("names_held", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name="fk_action_link_action_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_action_link_agency_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name="fk_action_link_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_action_link"),
        sa.UniqueConstraint("token_sha256", name="uq_action_link_token_sha256"),
        sa.UniqueConstraint("visit_sha256", name="uq_action_link_visit_sha256"),
    )
    op.create_index("ix_action_link_action_id", "action_link", ["action_id"])
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("link_id", sa.Uuid()))
        batch.create_foreign_key("fk_message_link_id", "action_link", ["link_id"], ["id"])
        batch.create_index("ix_message_link_id", ["link_id"])
    with op.batch_alter_table("progress") as batch:
        batch.alter_column("made_by_id", existing_type=sa.Uuid(), nullable=True)
        batch.add_column(sa.Column("link_id", sa.Uuid()))
        batch.create_foreign_key("fk_progress_link_id", "action_link", ["link_id"], ["id"])


def downgrade() -> None:
    """Take the step back; possible only while no report came by a link, since nobody’s name stands beside it."""
    with op.batch_alter_table("progress") as batch:
        batch.drop_constraint("fk_progress_link_id", type_="foreignkey")
        batch.drop_column("link_id")
        batch.alter_column("made_by_id", existing_type=sa.Uuid(), nullable=False)
    op.execute("DELETE FROM message WHERE link_id IS NOT NULL")
    with op.batch_alter_table("message") as batch:
        batch.drop_index("ix_message_link_id")
        batch.drop_constraint("fk_message_link_id", type_="foreignkey")
        batch.drop_column("link_id")
    op.drop_table("action_link")
