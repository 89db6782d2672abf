"""Where a review's records stand on their way to disposal: what is due, what holds them, what is destroyed already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select

from dhr_app.casework.begun import BEGUN
from dhr_app.casework.house import house
from dhr_app.database.models.closing import Closing
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.information_request import InformationRequest, RequestReview
from dhr_app.database.models.legal_hold import LegalHold
from dhr_app.database.models.review import MoveMade, Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import Reason
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.retention import ENDED_HERE, RECORDS, still_missing
from dhr_app.workflows.stages import Stage

# While there are names, the check of names asks what was kept: those answers go with them, or later.
NAMES = frozenset({DataClass.IDENTITIES, DataClass.FAMILY, DataClass.SENSITIVE})
WITH_THE_NAMES = Reason(
    "kept_words",
    "Words kept in a text are destroyed together with the names, the family’s records and what is kept apart, or after"
    " them: choose these too.",
)


@dataclass(frozen=True)
class Retained:
    """What decides when a review's records end. `closed_on` is None while it has not ended here.

    `asked` is whether a request for information about it is not decided.

    `gone` are the classes that were destroyed, or are being destroyed.
    """

    stage: Stage
    closed_on: date | None
    keep_until: date | None
    policy: str
    held: bool
    asked: bool
    gone: frozenset[DataClass]

    def due_on(self, record_class: DataClass) -> date | None:
        """The last day on which this class is kept, None where that cannot be said yet."""
        if self.closed_on is None or self.keep_until is None:
            return None
        schedule = house().rule_book.retention
        return schedule.due_on(record_class, closed_on=self.closed_on, keep_until=self.keep_until)

    def due(self, today: date) -> tuple[DataClass, ...]:
        """The classes whose last day is over, and that are not gone."""
        days = {each: self.due_on(each) for each in RECORDS if each not in self.gone}
        over = {each for each, day in days.items() if day is not None and day < today}
        if not over | self.gone >= NAMES:
            over.discard(DataClass.KEPT_WORDS)
        return tuple(each for each in RECORDS if each in over)

    def missing(self, today: date, classes: Collection[DataClass] | None = None) -> tuple[Reason, ...]:
        """Why these classes, or whichever are due, cannot be destroyed: a sentence each."""
        if self.gone.issuperset(RECORDS):
            return (Reason("gone", "Every record of this review that named somebody was destroyed."),)
        if classes and DataClass.KEPT_WORDS in classes and not self.gone | set(classes) >= NAMES:
            return (WITH_THE_NAMES,)
        due = self.due(today) if classes is None else [each for each in classes if each in self.due(today)]
        complete = due if classes is None or len(due) == len(classes) else ()
        return still_missing(
            stage=self.stage, keep_until=self.keep_until, due=complete, held=self.held, asked=self.asked
        )


def retained(session: NamedSession, review: Review) -> Retained:
    """What decides about one review."""
    return retained_of(session, [review])[review.id]


def retained_of(session: NamedSession, reviews: Collection[Review]) -> dict[UUID, Retained]:
    """What decides about each of these reviews, in as many questions as for one."""
    ids = [review.id for review in reviews]
    closings = {row.review_id: row for row in session.scalars(select(Closing).where(Closing.review_id.in_(ids)))}
    ended = _ended_on(session, ids)
    rows = select(LegalHold.review_id).where(LegalHold.lifted_at.is_(None))
    held = set(session.scalars(rows.where(or_(LegalHold.review_id.in_(ids), LegalHold.review_id.is_(None)))))
    undecided = select(RequestReview.review_id).join(
        InformationRequest, InformationRequest.id == RequestReview.request_id
    )
    asked = set(
        session.scalars(
            undecided.where(RequestReview.review_id.in_(ids), InformationRequest.decision.is_(None)).distinct()
        )
    )
    gone: dict[UUID, set[DataClass]] = {}
    begun = select(Disposal.review_id, Disposal.classes).where(Disposal.review_id.in_(ids), *BEGUN)
    for review_id, classes in session.execute(begun.order_by(Disposal.review_id, Disposal.number)):
        gone.setdefault(review_id, set()).update(DataClass(each) for each in classes)
    found = {}
    for review in reviews:
        closing, stage = closings.get(review.id), Stage(review.stage)
        found[review.id] = Retained(
            stage,
            ended.get((review.id, stage)) if stage in ENDED_HERE else None,
            closing.keep_until if closing else None,
            (closing.policy if closing else None) or "",
            review.id in held or None in held,
            review.id in asked,
            frozenset(gone.get(review.id, ())),
        )
    return found


def holds_touching(session: NamedSession, review_id: UUID) -> list[LegalHold]:
    """Every hold in force on the review, freezes of all reviews included; the oldest first."""
    rows = select(LegalHold).where(
        LegalHold.lifted_at.is_(None), or_(LegalHold.review_id == review_id, LegalHold.review_id.is_(None))
    )
    return list(session.scalars(rows.order_by(LegalHold.placed_at, LegalHold.id)))


def open_disposal(session: NamedSession, review_id: UUID) -> Disposal | None:
    """The disposal that runs: noticed, confirmed or begun, and neither ended nor done."""
    rows = select(Disposal).where(
        Disposal.review_id == review_id, Disposal.stopped_at.is_(None), Disposal.done_at.is_(None)
    )
    return session.scalars(rows).one_or_none()


def _ended_on(session: NamedSession, ids: Collection[UUID]) -> dict[tuple[UUID, Stage], date]:
    """On which day each review came to a stage for the last time."""
    rows = session.execute(
        select(MoveMade.review_id, MoveMade.to_stage, func.max(MoveMade.decided_on))
        .where(MoveMade.review_id.in_(ids), MoveMade.from_stage != MoveMade.to_stage)
        .group_by(MoveMade.review_id, MoveMade.to_stage)
    )
    return {(review_id, Stage(stage)): day for review_id, stage, day in rows}
