"""What an audit entry changed, sealed beside it; and the signed checkpoints of all chains."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dhr_app.database.models.audit import append_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "audit_salt",
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_audit_salt"),
    )
    op.create_table(
        "audit_payload",
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record_class", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", "record_class", "subject_id", name="pk_audit_payload"),
    )
    op.create_index("ix_audit_payload_generation", "audit_payload", ["generation"])
    op.create_table(
        "audit_leaf",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_audit_leaf"),
        sa.UniqueConstraint("chain", "seq", name="uq_audit_leaf_chain_seq"),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_checkpoint"),
    )
    for table in ("audit_leaf", "audit_checkpoint"):
        for statement in append_only(table, op.get_context().dialect.name):
            op.execute(statement)
    op.create_index("ix_event_recorded_at_ordinal_id", "event", ["recorded_at", "ordinal", "id"])


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_event_recorded_at_ordinal_id", table_name="event")
    for table in ("audit_checkpoint", "audit_leaf", "audit_payload", "audit_salt"):
        op.drop_table(table)
