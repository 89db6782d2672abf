"""What a search looks through: the reviews whose people a person may open, and no row or key of any other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from dhr_app.database.models.notification import Notification
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.permissions import DataClass, Person, allows, may_open
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class InReach:
    """A review that is looked through, and whether its family too; nothing of it is opened yet."""

    id: UUID
    reference: str
    stage: Stage
    criminal_state: str
    family: bool


def in_reach(session: NamedSession, by: Person, on: date) -> dict[UUID, InReach]:
    """The reviews whose identities the person may open on this day; reads columns in clear only."""
    rows = (
        select(Review.id, Review.reference, Review.stage, Notification.criminal_state)
        .outerjoin(Notification, Notification.review_id == Review.id)
        .order_by(Review.reference)
    )
    if not allows(by, "reviews.list_all", on=on):
        rows = rows.where(Review.id.in_([seat.review_id for seat in by.memberships if seat.opens(on)]))
    return {
        row.id: InReach(
            row.id,
            row.reference,
            Stage(row.stage),
            row.criminal_state or "not_known",
            family=may_open(by, row.id, DataClass.FAMILY, on=on),
        )
        for row in session.execute(rows)
        if may_open(by, row.id, DataClass.IDENTITIES, on=on)
    }


def among(reviews: Collection[InReach]) -> dict[str, list[UUID]]:
    """Which class of record is opened on which reviews."""
    found = {
        DataClass.IDENTITIES.value: [each.id for each in reviews],
        DataClass.FAMILY.value: [each.id for each in reviews if each.family],
    }
    return {each: ids for each, ids in found.items() if ids}
