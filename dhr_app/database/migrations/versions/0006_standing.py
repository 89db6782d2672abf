"""Where each review stood, each time that changed; and an index that counts reviews by their stage."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# As the rule book said when this step was made: whose turn a stage is, and where agencies are waited for.
TURN = {
    "notification": "partnership",
    "scoping": "partnership",
    "panel": "chair",
    "chair_report": "chair",
    "home_office_qa": "home_office",
    "publication": "partnership",
    "seminar": "partnership",
}
AGENCIES_ANSWER = {"scoping", "panel", "chair_report"}
LOOKING = ("opened", "refused", "next_date_mended")


def upgrade() -> None:
    """Make the step. Each review that there is begins with how it stands, since the last thing that happened to it."""
    op.create_table(
        "standing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
        sa.Column("public_name", sa.Text()),
        sa.Column("public_year", sa.Integer()),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date()),
        sa.Column("next_what", sa.Text()),
        sa.Column("waits_for", sa.Text()),
        sa.Column("on_hold", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_standing_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_standing"),
    )
    now = sa.text("replaced_at IS NULL")
    op.create_index("uq_standing_now", "standing", ["review_id"], unique=True, sqlite_where=now, postgresql_where=now)
    op.create_index("ix_standing_review_id_recorded_at", "standing", ["review_id", "recorded_at"])
    op.create_index("ix_standing_replaced_at", "standing", ["replaced_at", "waits_for"])
    op.create_index("ix_review_board", "review", ["stage", "next_on", "on_hold_since"])
    found = _standings(op.get_bind())
    if found:
        op.bulk_insert(_table("standing", **dict.fromkeys(found[0], None)), found)


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_review_board", "review")
    op.drop_index("ix_standing_replaced_at", "standing")
    op.drop_index("ix_standing_review_id_recorded_at", "standing")
    op.drop_index("uq_standing_now", "standing")
    op.drop_table("standing")


IDS, DAYS, MOMENTS = (
    ("id", "review_id"),
    ("since", "next_on", "decided_on"),
    ("recorded_at", "notified_at", "replaced_at"),
)


def _table(name: str, **columns: Any) -> sa.TableClause:
    """A table as this step sees it, with the columns it asks for."""
    kinds: dict[str, Any] = dict.fromkeys(IDS, sa.Uuid()) | dict.fromkeys(DAYS, sa.Date())
    kinds |= dict.fromkeys(MOMENTS, sa.DateTime(timezone=True)) | {"on_hold": sa.Boolean()}
    return sa.table(name, *(sa.column(each, kinds.get(each)) for each in columns))


def _standings(connection: sa.Connection) -> list[dict[str, Any]]:
    names = ("id", "stage", "notified_at", "next_on", "next_what", "public_name", "public_year", "on_hold_since")
    review = _table("review", **dict.fromkeys(names))
    event = _table("event", review_id=None, recorded_at=None, kind=None)
    latest = sa.func.max(event.c.recorded_at, type_=sa.DateTime(timezone=True)).label("at")
    happened = sa.select(event.c.review_id, latest).where(event.c.kind.not_in(LOOKING)).group_by(event.c.review_id)
    last = {row.review_id: row.at for row in connection.execute(happened)}
    came, asked = _came_to_its_stage(connection), _asked(connection)
    found = []
    for row in connection.execute(sa.select(review).order_by(review.c.id)):
        on_hold = row.on_hold_since is not None
        waits_for = TURN.get(row.stage)
        if waits_for and row.stage in AGENCIES_ANSWER and row.id in asked:
            waits_for = "agency"
        found.append(
            {
                "id": uuid4(), "review_id": row.id, "recorded_at": last.get(row.id) or row.notified_at,
                "public_name": row.public_name, "public_year": row.public_year, "stage": row.stage,
                "since": came.get(row.id) or _in_london(row.notified_at), "next_on": row.next_on,
                "next_what": row.next_what, "waits_for": "on_hold" if waits_for and on_hold else waits_for,
                "on_hold": on_hold,
            }
        )  # fmt: skip
    return found


def _came_to_its_stage(connection: sa.Connection) -> dict[Any, date]:
    move = _table("move_made", review_id=None, seq=None, from_stage=None, to_stage=None, decided_on=None)
    rows = sa.select(move.c.review_id, move.c.decided_on).where(move.c.from_stage != move.c.to_stage)
    return {row.review_id: row.decided_on for row in connection.execute(rows.order_by(move.c.review_id, move.c.seq))}


def _asked(connection: sa.Connection) -> set[Any]:
    """The reviews on which an agency owes an answer."""
    found: set[Any] = set()
    for name in ("scoping_request", "imr", "accuracy_check"):
        asked = _table(name, review_id=None, outcome=None, voided_on=None)
        rows = sa.select(asked.c.review_id).where(asked.c.outcome == "open")
        found |= set(connection.scalars(rows.where(asked.c.voided_on.is_(None)) if name == "accuracy_check" else rows))
    return found


def _in_london(moment: Any) -> date:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    day: date = aware.astimezone(ZoneInfo("Europe/London")).date()
    return day
