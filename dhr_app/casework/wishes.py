"""Agencies that ask for longer: the wishes for a later date that nobody answered yet, and those answered lately."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.open_actions import named
from dhr_app.casework.progress_entry import NEED_LONGER
from dhr_app.database.models.event import Event
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.progress import Progress
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.action_plan import needs_minute
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.events import Happened
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.stages import OPEN, Stage

LATELY = timedelta(days=14)  # an answer that is older was told, or is overtaken

# A statement that is put together in steps.
Rows = Select[*tuple[Any, ...]]


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
    return tuple(
        WishLine(
            row.reference, row.action_id, f"{row.of_number}/{row.number}", row.agency, row.target_on, row.wanted_on,
            row.first_target_on,
        )
        for row in session.execute(_wished().where(Review.id.not_in(barred)).limit(most))
    )  # fmt: skip


def wishes(session: NamedSession) -> Iterator[Thing]:
    """The same as things that wait since the agency asked."""
    for row in session.execute(_wished()):
        instead = f" instead of {in_words(row.target_on)}" if row.target_on else ""
        yield Thing(
            kind=Kind.WISH,
            subject_id=row.id,
            review_id=row.review_id,
            reference=row.reference,
            stage=Stage(row.stage),
            what=f"{named(row.of_number, row.number)}: the request for longer",
            path=f"/reviews/{row.reference}/plan/actions/{row.action_id}/longer",
            due_on=london_date(row.made_at),
            agency_id=row.agency_id,
            agency=row.agency,
            more=f"asked for {in_words(row.wanted_on)}{instead}" if row.wanted_on else "",
        )


def _wished() -> Rows:
    return (
        select(
            Progress.id, Progress.review_id, Progress.action_id, Progress.agency_id, Progress.made_at,
            Progress.wanted_on, Action.number, Recommendation.number.label("of_number"), Action.target_on,
            Action.first_target_on, Review.reference, Review.stage, Agency.name.label("agency"),
        )
        .join(Action, Action.id == Progress.action_id)
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .join(Review, Review.id == Progress.review_id)
        .join(Agency, Agency.id == Progress.agency_id)
        .where(
            Progress.kind == NEED_LONGER, Progress.settled_on.is_(None), Action.outcome == "open",
            Action.removed_on.is_(None), Recommendation.withdrawn_on.is_(None), Review.stage.in_(sorted(OPEN)),
        )
        .order_by(Action.target_on, Review.reference, Recommendation.sorts_as, Action.number)
    )  # fmt: skip


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
            what=f"{named(row.of_number, row.number)}: your request for longer",
            path=f"/owed/actions/{row.action_id}",
            due_on=row.settled_on,
            agency_id=row.agency_id,
            agency=row.agency,
        )
