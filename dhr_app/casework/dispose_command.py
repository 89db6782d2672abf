"""`dhr dispose REF`: what two people have begun is carried on; of anything else it says who has to do what first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.destroying import Say
from dhr_app.casework.disposal import NOT_CONFIRMED, first_counts
from dhr_app.casework.disposal_state import open_disposal, retained
from dhr_app.casework.house import House
from dhr_app.casework.unfinished import NotReady, finish
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.retention import notice_runs

__all__ = ["Disposed", "NotReady", "dispose"]

NO_NOTICE = "No notice was given that records of this review are to be destroyed: it is given on its page “Records”."
SECOND = "One person has confirmed it. A second person confirms it on the review’s page “Records”, which begins it."
OTHERS = "Two people have confirmed the disposal of {these}, and of nothing else: name these, or none."


@dataclass(frozen=True)
class Disposed:
    """Which disposal of its review was finished, and of which classes of records."""

    number: int
    classes: tuple[str, ...]


def dispose(in_house: House, reference: str, classes: Collection[str], *, at: datetime, say: Say) -> Disposed:
    """Carry on what was begun; what is done gets its checkpoint. Returns which disposal it was.

    `classes`, where any are given, must be those that two people confirmed: a slip of the pen destroys nothing. Raises
    OutOfReach for an unknown reference, NotReady with a sentence for each thing in the way, Held, Unfinished.
    """
    with in_house.reading() as session:
        review = session.scalars(select(Review).where(Review.reference == reference)).one_or_none()
        if review is None:
            raise OutOfReach
        row = open_disposal(session, review.id) or _last_done(session, review)
        if row is None or row.begun_at is None:
            raise NotReady(" ".join(_in_the_way(session, review, row, at=at)))
    if classes and set(classes) != set(row.classes):
        raise NotReady(OTHERS.format(these=", ".join(row.classes)))
    finish(in_house, row.id, at=at, say=say)
    return Disposed(row.number, tuple(row.classes))


def _last_done(session: NamedSession, review: Review) -> Disposal | None:
    rows = select(Disposal).where(Disposal.review_id == review.id, Disposal.done_at.is_not(None))
    return session.scalars(rows.order_by(Disposal.number.desc()).limit(1)).first()


def _in_the_way(session: NamedSession, review: Review, row: Disposal | None, *, at: datetime) -> list[str]:
    today = london_date(at)
    found = [reason.sentence for reason in retained(session, review).missing(today)]
    if row is None:
        return found or [NO_NOTICE]
    found += [reason.sentence for reason in notice_runs(row.begins_on, today=today)]
    return [*found, SECOND if first_counts(row, today) else NOT_CONFIRMED.sentence]
