"""Where family members can be reached: kept apart from the rest of their record, opened alone, and forgotten.

What was recorded before it was kept apart stands among the family's records until `dhr init` moves it over, with the
keys of both classes and one transaction for each review. What has been moved is seen in the data itself, so a move that
was broken off is carried on by calling it again; what no key opens stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.family import has_contact, member_of
from dhr_app.casework.house import House
from dhr_app.casework.purposes import CONTACTS_APART
from dhr_app.casework.scene import changing, looking
from dhr_app.database.audit import record
from dhr_app.database.errors import SealError
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.models.review import Review
from dhr_app.database.sealed import replace_unreadable
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person


@dataclass(frozen=True)
class ContactShown:
    """How one family member likes to be reached, opened."""

    member_id: UUID
    number: int
    contact_details: str


@dataclass(frozen=True)
class Moved:
    """How many were moved, and how many stay where they are since no key opens them."""

    done: int
    left: int


def open_contact(reference: str, member_id: UUID, *, by: Person, at: datetime) -> ContactShown:
    """Where one family member can be reached, opened. Raises ProofNeeded, OutOfReach, NotAllowed, SealError."""
    with looking(reference, "kept_apart.read", opens=[DataClass.SENSITIVE], by=by, at=at) as look:
        row = member_of(look, member_id)
        if not has_contact(row):
            raise OutOfReach
        if row.contact_apart_ct is None:  # it could not be moved
            raise SealError("family_member", "contact_before", row.id)
        return ContactShown(row.id, row.number, row.contact_details or "")


def forget_contact(reference: str, member_id: UUID, *, by: Person, at: datetime) -> None:
    """Take out where a family member can be reached, unread; what it was stays in the audit trail, sealed.

    Raises OutOfReach, also where nothing is kept of it; NotAllowed, NotYet on a closed review.
    """
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = member_of(scene, member_id)
        if not has_contact(row):
            raise OutOfReach
        for name in ("contact_details", "contact_before"):
            replace_unreadable(row, name, None)
        scene.record(Happened.CONTACT_FORGOTTEN, subject=row, number=row.number)


def keep_apart(in_house: House, *, at: datetime) -> Moved:
    """Move what was recorded before into the class of its own, review by review."""
    with in_house.reading() as session:
        rows = select(FamilyMember.review_id).where(FamilyMember.contact_details_ct.is_not(None)).distinct()
        reviews = list(session.scalars(rows.order_by(FamilyMember.review_id)))
    done = left = 0
    for review_id in reviews:
        with in_house.transaction(by=CONTACTS_APART, at=at) as session:
            session.lock(review_id, read=Review)
            members = select(FamilyMember).where(
                FamilyMember.review_id == review_id, FamilyMember.contact_details_ct.is_not(None)
            )
            moved = 0
            for row in session.scalars(members.order_by(FamilyMember.number)).all():
                try:
                    known = row.contact_before
                except SealError:
                    left += 1
                    continue
                if row.contact_apart_ct is None:
                    row.contact_details = known
                row.contact_before = None
                moved += 1
            if moved:
                details = {"number": moved}
                record(
                    session,
                    Happened.CONTACTS_KEPT_APART,
                    review_id=review_id,
                    happened_on=london_date(at),
                    details=details,
                )
            done += moved
    return Moved(done, left)
