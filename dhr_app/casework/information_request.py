"""Requests for information: what was asked, which body answers until when, and what was decided and given.

The partnership is no public authority of its own, so a request lands on one of its members, which answers it. Who asked
is kept only under the key of a review that the request is about, and is destroyed with its names: of a request about no
review the member body knows who it was, and this log does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from dhr_app.adapters.clock import london_date
from dhr_app.casework.begun import FREEZING
from dhr_app.casework.house import house
from dhr_app.casework.named_reviews import names_gone, on_each, references_in
from dhr_app.casework.request_checks import (
    DESTROYED,
    AnswerEntry,
    RequestEntry,
    check_answer,
    check_request,
    reviews_of_drafts,
)
from dhr_app.casework.rows import in_texts
from dhr_app.casework.scene import Scene, same_version
from dhr_app.database.audit import record
from dhr_app.database.models.information_request import InformationRequest, RequestReview
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.calendar import Calendar, CalendarEnds
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.request_dates import AnswerDue, answer_due
from dhr_app.workflows.request_wording import (
    REQUEST_DECISIONS,
    REQUESTS_SHORT,
)


def receive(entry: RequestEntry, *, calendar: Calendar, by: Person, at: datetime) -> UUID:
    """Write a request down, with each review it is about. Raises Invalid, NotAllowed."""
    with on_each(references_in(entry.reviews), "requests.change", by=by, at=at) as (session, scenes):
        # A disposal that is confirmed meanwhile must see it, and two must not have one number.
        session.queue(FREEZING)
        check_request(entry, session, calendar, today=london_date(at))
        number = (session.scalar(select(func.max(InformationRequest.number))) or 0) + 1
        row = InformationRequest(number=number, exemptions=[], **_columns(entry))
        session.add(row)
        session.flush()
        _keep_words(session, row, entry, scenes)
        _tell(session, scenes, Happened.REQUEST_RECEIVED, row, at=at, label=REQUESTS_SHORT[entry.kind].lower())
        return row.id


def correct(
    request_id: UUID, entry: RequestEntry, version: int, *, calendar: Calendar, by: Person, at: datetime
) -> None:
    """Correct what was asked, or write down what came since. Raises Stale, Invalid, NotAllowed, OutOfReach."""
    typed = references_in(entry.reviews)
    with on_each({*typed, *references_of(request_id)}, "requests.change", by=by, at=at) as (session, scenes):
        session.queue(FREEZING)
        row = request_row(session, request_id)
        same_version(row, version, theirs={}, yours=in_texts(entry))
        check_request(entry, session, calendar, today=london_date(at))
        if row.decided_on and entry.asked_on and row.decided_on < entry.asked_on:
            raise Invalid({"asked_on": "It was decided before this day: check both days."})
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        _touch(row)
        chosen = [scene for scene in scenes if scene.review.reference in typed]
        for link in links_of(session, row.id):
            if link.review_id not in {scene.review.id for scene in chosen}:
                session.delete(link)
        _keep_words(session, row, entry, chosen)
        _tell(session, scenes, Happened.REQUEST_CHANGED, row, at=at)


def decide(request_id: UUID, entry: AnswerEntry, version: int, *, by: Person, at: datetime) -> None:
    """Write down, or correct, how a request was decided and what was given. Raises Stale, Invalid, NotAllowed."""
    with on_each(references_of(request_id), "requests.change", by=by, at=at) as (session, scenes):
        session.queue(FREEZING)
        row = request_row(session, request_id)
        same_version(row, version, theirs={}, yours=in_texts(entry))
        links = links_of(session, row.id)
        check_answer(entry, row, links, session, today=london_date(at))
        row.decision, row.decided_on, row.exemptions = entry.decision, entry.decided_on, list(entry.exemptions)
        row.means, row.given_on = entry.means or None, entry.given_on
        _touch(row)
        whose = reviews_of_drafts(session, entry.drafts)
        gone = names_gone(session, [link.review_id for link in links])
        for link in links:
            link.drafts = sorted(draft for draft, review_id in whose.items() if review_id == link.review_id)
            if link.review_id not in gone:
                link.given, link.given_to = entry.given.strip() or None, entry.given_to.strip() or None
        _tell(session, scenes, Happened.REQUEST_DECIDED, row, at=at, label=REQUEST_DECISIONS[entry.decision].lower())


def due_of(row: InformationRequest, calendar: Calendar) -> AnswerDue:
    """Until when a request is to be answered; where the list of bank holidays ends before, a sentence says so."""
    try:
        return answer_due(
            row.kind, row.asked_on, identity_asked_on=row.identity_asked_on,
            identity_confirmed_on=row.identity_confirmed_on, extended_months=row.extended_months, given=row.due_by,
            calendar=calendar,
        )  # fmt: skip
    except CalendarEnds as unknown:
        return AnswerDue(None, (unknown.sentence,))


def request_row(session: NamedSession, request_id: UUID) -> InformationRequest:
    """The row of a request. Raises OutOfReach."""
    row = session.get(InformationRequest, request_id)
    if row is None:
        raise OutOfReach
    return row


def links_of(session: NamedSession, request_id: UUID) -> list[RequestReview]:
    """The reviews that a request is about, by reference."""
    rows = select(RequestReview).join(Review, Review.id == RequestReview.review_id)
    return list(session.scalars(rows.where(RequestReview.request_id == request_id).order_by(Review.reference)))


def references_of(request_id: UUID) -> tuple[str, ...]:
    """The references of its reviews. Every one of them has to be reached to change anything of it."""
    with house().reading() as session:
        request_row(session, request_id)
        rows = select(Review.reference).join(RequestReview, RequestReview.review_id == Review.id)
        return tuple(session.scalars(rows.where(RequestReview.request_id == request_id).order_by(Review.reference)))


def _keep_words(session: NamedSession, row: InformationRequest, entry: RequestEntry, scenes: Sequence[Scene]) -> None:
    """Seal who asked for what under each review’s key; a review that joins late is told what was given as well."""
    there = {link.review_id: link for link in links_of(session, row.id)}
    gone = names_gone(session, [scene.review.id for scene in scenes])
    typed = entry.asker.strip() or entry.wanted.strip()
    if scenes and typed and gone >= {scene.review.id for scene in scenes}:
        raise Invalid({"asker" if entry.asker.strip() else "wanted": DESTROYED})
    before = next((link for review_id, link in there.items() if review_id not in gone), None)
    for scene in scenes:
        link = there.get(scene.review.id)
        if link is None:
            link = RequestReview(review_id=scene.review.id, request_id=row.id, drafts=[])
            session.add(link)
            if before is not None and scene.review.id not in gone:
                link.given, link.given_to = before.given, before.given_to
        if scene.review.id not in gone:
            link.asker, link.wanted = entry.asker.strip() or None, entry.wanted.strip() or None


def _touch(row: InformationRequest) -> None:
    """Give it a new version although only rows beside it may have changed: its forms are about those too."""
    flag_modified(row, "exemptions")


def _tell(
    session: NamedSession,
    scenes: Sequence[Scene],
    kind: Happened,
    row: InformationRequest,
    *,
    at: datetime,
    **more: Any,
) -> None:
    """Write the event with each review; of a request about none with none."""
    session.flush()
    for scene in scenes:
        scene.record(kind, subject=row, number=row.number, **more)
    if not scenes:
        record(session, kind, happened_on=london_date(at), subject=row, details={"number": row.number, **more})


def _columns(entry: RequestEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "asked_on": entry.asked_on,
        "body_id": entry.body_id,
        "passed_on": entry.passed_on,
        "due_by": entry.due_by,
        "identity_asked_on": entry.identity_asked_on,
        "identity_confirmed_on": entry.identity_confirmed_on,
        "extended_months": entry.extended_months,
        "extended_because": entry.extended_because or None,
    }
