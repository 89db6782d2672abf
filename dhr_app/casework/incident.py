"""Incidents: breaches of personal data, from the moment somebody became aware until what was learnt from each.

Whoever sees one first writes it down in codes, an administrator too. Words about what happened are sealed under the key
of each review that was touched, so that they are opened, and one day destroyed, with its names.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.incident_checks import IncidentEntry, OutcomeEntry, checked, checked_outcome
from dhr_app.casework.named_reviews import names_gone, on_each, references_in
from dhr_app.casework.request_checks import DESTROYED, UNDER_NO_KEY
from dhr_app.casework.rows import in_texts
from dhr_app.casework.scene import Scene, require, same_version
from dhr_app.database.audit import record
from dhr_app.database.models.incident import Incident, IncidentReview
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.request_wording import (
    INCIDENT_KINDS,
)

ALL = "incidents"  # one number at a time


def enter(entry: IncidentEntry, *, by: Person, at: datetime) -> UUID:
    """Write an incident down. Whoever may not read reviews gives codes and moments only. Raises Invalid, NotAllowed."""
    require(by, "incidents.enter", on=london_date(at))
    _codes_only(entry, by, london_date(at))
    with on_each(references_in(entry.reviews), "incidents.enter", by=by, at=at) as (session, scenes):
        session.queue(ALL)
        aware_at = checked(entry, at=at)
        number = (session.scalar(select(func.max(Incident.number))) or 0) + 1
        row = Incident(
            number=number, kind=entry.kind, aware_at=aware_at, people=entry.people, entered_by_id=by.id, lessons=[]
        )
        session.add(row)
        session.flush()
        _keep_words(session, row, scenes, entry.what_happened)
        _tell(session, scenes, Happened.INCIDENT_ENTERED, row, at=at, label=INCIDENT_KINDS[entry.kind].lower())
        return row.id


def correct(incident_id: UUID, entry: IncidentEntry, version: int, *, by: Person, at: datetime) -> None:
    """Correct what was found, and which reviews it touched. Raises Stale, Invalid, NotAllowed, OutOfReach."""
    typed = references_in(entry.reviews)
    with on_each({*typed, *references_of(incident_id)}, "incidents.change", by=by, at=at) as (session, scenes):
        row = incident_row(session, incident_id)
        same_version(row, version, theirs={}, yours=in_texts(entry))
        aware_at = checked(entry, at=at)
        if row.notified_at is not None and row.notified_at < aware_at:
            raise Invalid({"aware_on": "The Commissioner was told before this: check both moments."})
        row.kind, row.aware_at, row.people = entry.kind, aware_at, entry.people
        flag_modified(row, "lessons")
        chosen = [scene for scene in scenes if scene.review.reference in typed]
        for link in links_of(session, row.id):
            if link.review_id not in {scene.review.id for scene in chosen}:
                session.delete(link)
        _keep_words(session, row, chosen, entry.what_happened)
        _tell(session, scenes, Happened.INCIDENT_CHANGED, row, at=at)


def answer(incident_id: UUID, entry: OutcomeEntry, version: int, *, by: Person, at: datetime) -> None:
    """Write down what was decided and done so far. Raises Stale, Invalid, NotAllowed, OutOfReach."""
    with on_each(references_of(incident_id), "incidents.change", by=by, at=at) as (session, scenes):
        row = incident_row(session, incident_id)
        same_version(row, version, theirs={}, yours=in_texts(entry))
        links = links_of(session, row.id)
        gone = names_gone(session, [link.review_id for link in links])
        notified_at, contained_at = checked_outcome(entry, row, at=at)
        if entry.learnt.strip() and not links:
            raise Invalid({"learnt": UNDER_NO_KEY})
        if entry.learnt.strip() and gone >= {link.review_id for link in links}:
            raise Invalid({"learnt": DESTROYED})
        row.ico, row.ico_because, row.notified_at = entry.ico or None, entry.ico_because or None, notified_at
        row.late_because, row.ico_reference = entry.late_because or None, entry.ico_reference.strip().upper() or None
        row.told, row.told_on, row.contained_at = entry.told or None, entry.told_on, contained_at
        row.lessons = list(entry.lessons)
        flag_modified(row, "lessons")
        for link in links:
            if link.review_id not in gone:
                link.learnt = entry.learnt.strip() or None
        _tell(session, scenes, Happened.INCIDENT_ANSWERED, row, at=at)


def incident_row(session: NamedSession, incident_id: UUID) -> Incident:
    """The row of an incident. Raises OutOfReach."""
    row = session.get(Incident, incident_id)
    if row is None:
        raise OutOfReach
    return row


def links_of(session: NamedSession, incident_id: UUID) -> list[IncidentReview]:
    """The reviews that an incident touched, by reference."""
    rows = select(IncidentReview).join(Review, Review.id == IncidentReview.review_id)
    return list(session.scalars(rows.where(IncidentReview.incident_id == incident_id).order_by(Review.reference)))


def references_of(incident_id: UUID) -> tuple[str, ...]:
    """The references of its reviews, every one of which has to be reached to change anything of it."""
    with house().reading() as session:
        incident_row(session, incident_id)
        rows = select(Review.reference).join(IncidentReview, IncidentReview.review_id == Review.id)
        return tuple(session.scalars(rows.where(IncidentReview.incident_id == incident_id).order_by(Review.reference)))


def _codes_only(entry: IncidentEntry, by: Person, today: date) -> None:
    if allows(by, "incidents.change", on=today):
        return
    said = [name for name in ("reviews", "what_happened") if getattr(entry, name).strip()]
    if said:
        raise Invalid(dict.fromkeys(said, "The coordinator says which reviews it touched, and what happened to them."))


def _keep_words(session: NamedSession, row: Incident, scenes: Sequence[Scene], words: str) -> None:
    """Seal what happened under each review’s key; a review that joins late is told what was learnt as well."""
    there = {link.review_id: link for link in links_of(session, row.id)}
    gone = names_gone(session, [scene.review.id for scene in scenes])
    if scenes and words.strip() and gone >= {scene.review.id for scene in scenes}:
        raise Invalid({"what_happened": DESTROYED})
    before = next((link for review_id, link in there.items() if review_id not in gone), None)
    for scene in scenes:
        link = there.get(scene.review.id)
        if link is None:
            link = IncidentReview(review_id=scene.review.id, incident_id=row.id)
            session.add(link)
            if before is not None and scene.review.id not in gone:
                link.learnt = before.learnt
        if scene.review.id not in gone:
            link.what_happened = words.strip() or None


def _tell(
    session: NamedSession, scenes: Sequence[Scene], kind: Happened, row: Incident, *, at: datetime, **more: Any
) -> None:
    """Write the event with each review that it touched; of one that touched none with none."""
    session.flush()
    for scene in scenes:
        scene.record(kind, subject=row, number=row.number, **more)
    if not scenes:
        record(session, kind, happened_on=london_date(at), subject=row, details={"number": row.number, **more})
