"""Other kinds of review that may run beside this one: considered, with the lead body and the report template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.checks import known_codes, not_in_future
from dhr_app.casework.scene import changing, looking, same_version
from dhr_app.database.models.notification import OtherReviews
from dhr_app.database.models.partnership import Agency
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.wording import PARALLEL_REVIEWS, TEMPLATES


@dataclass(frozen=True)
class OtherReviewsEntry:
    """What the form says: which kinds run beside this review (perhaps none), who leads, whose template is used."""

    considered_on: date | None = None
    kinds: tuple[str, ...] = ()
    lead_body_id: UUID | None = None
    template: str = "own"


@dataclass(frozen=True)
class OtherReviewsPage:
    """The consideration as it stands; version 0 where nothing is recorded yet."""

    reference: str
    version: int
    entry: OtherReviewsEntry
    may_change: bool


def consider_other_reviews(reference: str, entry: OtherReviewsEntry, version: int, *, by: Person, at: datetime) -> None:
    """Write down, or correct, that other kinds of review were considered. Raises Stale with both texts, or Invalid."""
    with changing(reference, "review.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = _row(scene.session, scene.review.id)
        if row is not None:
            same_version(row, version, theirs=_texts(_entry(row)), yours=_texts(entry))
        faults = not_in_future(scene.today, considered_on=entry.considered_on)
        faults |= known_codes(entry, {"template": TEMPLATES})
        if entry.considered_on is None:
            faults["considered_on"] = "Give the day on which this was considered."
        if set(entry.kinds) - set(PARALLEL_REVIEWS):
            faults["kinds"] = "Choose from the list."
        if entry.lead_body_id is None or scene.session.get(Agency, entry.lead_body_id) is None:
            faults["lead_body_id"] = "Choose the body that leads."
        if faults:
            raise Invalid(faults)
        columns = {**vars(entry), "kinds": list(entry.kinds)}
        if row is None:
            row = OtherReviews(review_id=scene.review.id, **columns)
            scene.session.add(row)
        else:
            for name, value in columns.items():
                setattr(row, name, value)
        scene.record(Happened.OTHER_REVIEWS_CONSIDERED, on=entry.considered_on, subject=row)


def other_reviews_page(reference: str, *, by: Person, at: datetime) -> OtherReviewsPage:
    """The consideration as it stands; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "review.see", by=by, at=at) as look:
        row = _row(look.session, look.review.id)
        entry = _entry(row) if row else OtherReviewsEntry()
        return OtherReviewsPage(reference, row.version if row else 0, entry, look.may("review.change"))


def _row(session: NamedSession, review_id: UUID) -> OtherReviews | None:
    return session.scalars(select(OtherReviews).where(OtherReviews.review_id == review_id)).one_or_none()


def _entry(row: OtherReviews) -> OtherReviewsEntry:
    return OtherReviewsEntry(row.considered_on, tuple(row.kinds), row.lead_body_id, row.template)


def _texts(entry: OtherReviewsEntry) -> dict[str, str]:
    return {**{name: str(value or "") for name, value in vars(entry).items()}, "kinds": ", ".join(entry.kinds)}
