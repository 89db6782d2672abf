"""Agencies that ask for longer: the wishes for a later date that nobody answered yet, and those answered lately."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.open_actions import named
from dhr_app.casework.progress_entry import NEED_LONGER
from dhr_app.database.models.event import Event
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.progress import Progress
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.action_plan import needs_minute
from dhr_app.workflows.events import Happened
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.stages import OPEN, Stage

LATELY = timedelta(days=14)  # an answer that is older was told, or is overtaken


@dataclass(frozen=True)
class WishLine:
    """An agency that waits to hear whether the date of its action moves."""

    reference: str
    action_id: UUID
    label: str
    agency: str
    due_on: date | None
    wanted_on: date | None
    first_due_on: date | None

    @property
    def chair_agrees(self) -> bool:
        """Whether so long a move is the steering group chair’s to agree; a shorter one the coordinator answers."""
        return self.first_due_on is not None and needs_minute(self.first_due_on, self.wanted_on)


def wish_lines(session: NamedSession, most: int, *, barred: frozenset[UUID]) -> tuple[WishLine, ...]:
    """At most so many, in one query; of none of the reviews that a conflict of interest bars."""
    rows = (
        select(
            Review.reference, Action.id, Recommendation.number, Action.number, Agency.name, Action.target_on,
            Progress.wanted_on, Action.first_target_on,
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
        WishLine(reference, action_id, f"{of}/{number}", agency, due_on, wanted_on, first_due_on)
        for reference, action_id, of, number, agency, due_on, wanted_on, first_due_on in session.execute(rows)
    )


def answers(session: NamedSession, today: date) -> Iterator[Thing]:
    """The wishes that were answered in the last two weeks, in one query; what the agency itself overtook is none."""
    rows = (
        select(
            Progress.id, Progress.review_id, Progress.action_id, Progress.agency_id, Progress.settled_on,
            Action.number, Recommendation.number.label("of_number"), Review.reference, Review.stage,
            Agency.name.label("agency"),
        )
        .join(Event, Event.subject_id == Progress.id)
        .join(Action, Action.id == Progress.action_id)
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .join(Review, Review.id == Progress.review_id)
        .join(Agency, Agency.id == Progress.agency_id)
        .where(Event.kind == Happened.LONGER_ANSWERED, Progress.settled_on > today - LATELY)
        .order_by(Progress.settled_on, Review.reference, Progress.id)
    )  # fmt: skip
    for row in session.execute(rows):
        yield Thing(
            kind=Kind.ANSWER,
            subject_id=row.id,
            review_id=row.review_id,
            reference=row.reference,
            stage=Stage(row.stage),
            what=f"{named(row)}: your request for longer",
            path=f"/owed/actions/{row.action_id}",
            due_on=row.settled_on,
            agency_id=row.agency_id,
            agency=row.agency,
        )
