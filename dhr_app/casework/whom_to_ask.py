"""Whom to ask about a review that somebody may not open, and the sentence that says so without alarming anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.principal import people_in
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.review import Review
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.roles import Role

NAMED_AT_MOST = 3


@dataclass(frozen=True)
class Asked:
    """Whom to ask about another review: its coordinators by name, or the partnership that leads it."""

    reference: str
    reachable: bool
    coordinators: tuple[str, ...]
    partnership: str


def whom_to_ask(review_ids: set[UUID], *, by: Person, at: datetime) -> dict[UUID, Asked]:
    """Whom to ask about each of these reviews, in the order of their references; none that a conflict bars to them."""
    review_ids = review_ids - by.conflicts
    if not review_ids:
        return {}
    today = london_date(at)
    with house().reading() as session:
        coordinators = people_in(session, [Role.COORDINATOR])
        rows = session.execute(
            select(Review.id, Review.reference, Review.lead_partnership_id, Agency.name)
            .outerjoin(Agency, Agency.id == Review.lead_partnership_id)
            .where(Review.id.in_(review_ids))
            .order_by(Review.reference)
        ).all()
    return {
        row.id: Asked(
            row.reference,
            allows(by, "people.see", review_id=row.id, on=today),
            _names(coordinators, row.id, row.lead_partnership_id, by=by),
            row.name or "",
        )
        for row in rows
    }


def _names(coordinators: Sequence[Person], review_id: UUID, lead_id: UUID | None, *, by: Person) -> tuple[str, ...]:
    """The coordinators to ask: those of the partnership that leads, else all who may reach the review."""
    able = [one for one in coordinators if review_id not in one.conflicts and one.id != by.id]
    own = [one for one in able if lead_id is not None and one.agency_id == lead_id]
    return tuple(sorted(one.name for one in own or able)[:NAMED_AT_MOST])


def sentences(label: str, reviews: Sequence[Asked]) -> Iterator[str]:
    """One for all the reviews that they may open themselves, and one for each that they may not, none twice."""
    own = [each.reference for each in reviews if each.reachable]
    if own:
        yield (
            f"{label} may also be on record in {' and '.join(own)}. It may be somebody else with a similar name: "
            "please compare the records."
        )
    yield from dict.fromkeys(_to_be_asked(label, each) for each in reviews if not each.reachable)


def _to_be_asked(label: str, review: Asked) -> str:
    whom = " or ".join(review.coordinators) or "the steering group’s chair"
    led = f", which {review.partnership} leads" if review.partnership else ""
    return (
        f"{label} may also be on record in a review that you cannot open{led}. It may be somebody else with a similar "
        f"name: please ask {whom}."
    )
