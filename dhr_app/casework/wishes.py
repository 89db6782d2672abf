"""Agencies that ask for longer: every wish for a later date that nobody answered yet, the one first due first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.progress_entry import NEED_LONGER
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.progress import Progress
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.stages import OPEN


@dataclass(frozen=True)
class WishLine:
    """An agency that waits to hear whether the date of its action moves."""

    reference: str
    action_id: UUID
    label: str
    agency: str
    due_on: date | None
    wanted_on: date | None


def wish_lines(session: NamedSession, most: int, *, barred: frozenset[UUID]) -> tuple[WishLine, ...]:
    """At most so many, in one query; of none of the reviews that a conflict of interest bars."""
    rows = (
        select(
            Review.reference, Action.id, Recommendation.number, Action.number, Agency.name, Action.target_on,
            Progress.wanted_on,
        )
        .join(Action, Action.id == Progress.action_id)
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .join(Review, Review.id == Progress.review_id)
        .join(Agency, Agency.id == Progress.agency_id)
        .where(
            Progress.kind == NEED_LONGER, Progress.settled_on.is_(None), Action.outcome == "open",
            Action.removed_on.is_(None), Recommendation.withdrawn_on.is_(None), Review.stage.in_(sorted(OPEN)),
            Review.id.not_in(barred),
        )
        .order_by(Action.target_on, Review.reference, Recommendation.sorts_as, Action.number)
        .limit(most)
    )  # fmt: skip
    return tuple(
        WishLine(reference, action_id, f"{of}/{number}", agency, due_on, wanted_on)
        for reference, action_id, of, number, agency, due_on, wanted_on in session.execute(rows)
    )
