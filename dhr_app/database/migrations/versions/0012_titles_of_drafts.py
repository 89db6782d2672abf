"""Drafts of other documents than the three papers go by titles, and each by its own versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WAS, IS = "uq_draft_review_id_kind_number", "uq_draft_review_id_kind_series_number"


def upgrade() -> None:
    """Make the step. The other documents of a review that are there stay one series, by the numbers they were told."""
    with op.batch_alter_table("draft") as batch:
        batch.add_column(sa.Column("series", sa.Integer()))
        batch.add_column(sa.Column("title_ct", sa.LargeBinary()))
        batch.add_column(sa.Column("panel_title_ct", sa.LargeBinary()))
    draft = sa.table("draft", sa.column("kind"), sa.column("series"))
    op.execute(draft.update().values(series=sa.case((draft.c.kind == "other", 1), else_=0)))
    with op.batch_alter_table("draft") as batch:
        batch.alter_column("series", existing_type=sa.Integer(), nullable=False)
        batch.drop_constraint(WAS, type_="unique")
        batch.create_unique_constraint(IS, ["review_id", "kind", "series", "number"])


def downgrade() -> None:
    """Undo the step; possible only while no two documents of a review bear the same number."""
    with op.batch_alter_table("draft") as batch:
        batch.drop_constraint(IS, type_="unique")
        batch.create_unique_constraint(WAS, ["review_id", "kind", "number"])
        for name in ("panel_title_ct", "title_ct", "series"):
            batch.drop_column(name)
