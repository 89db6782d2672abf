"""What the law gives days or hours for and no review need be named with: requests for information, and breaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.information_request import due_of
from dhr_app.database.models.incident import Incident, IncidentReview
from dhr_app.database.models.information_request import InformationRequest, RequestReview
from dhr_app.database.models.partnership import Agency
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.request_dates import notify_by
from dhr_app.workflows.request_wording import REQUESTS_SHORT


def requests(session: NamedSession, until: date, calendar: Calendar) -> Iterator[Thing]:
    """The requests nobody has decided that are to be answered by then, or should have been."""
    rows = session.execute(
        select(InformationRequest, Agency.name)
        .outerjoin(Agency, Agency.id == InformationRequest.body_id)
        .where(InformationRequest.decision.is_(None))
        .order_by(InformationRequest.asked_on, InformationRequest.number)
    )
    due = [(row, body, due_of(row, calendar).on) for row, body in rows]
    soon = [(row, body, on) for row, body, on in due if on is not None and on <= until]
    about = _about(session, RequestReview, RequestReview.request_id, [row.id for row, *_ in soon])
    for row, body, on in soon:
        yield Thing(
            kind=Kind.REQUEST,
            subject_id=row.id,
            review_id=None,
            reference=f"Request {row.number}",
            stage=None,
            what=f"The answer ({REQUESTS_SHORT[row.kind]})",
            path=f"/requests/{row.id}",
            due_on=on,
            more=f"Passed to {body}" if body else "Not passed on yet",
            about=about[row.id],
        )


def breaches(session: NamedSession) -> Iterator[Thing]:
    """The incidents of which the Information Commissioner is not told, unless it was decided that nothing is."""
    rows = session.scalars(
        select(Incident)
        .where(Incident.notified_at.is_(None), func.coalesce(Incident.ico, "") != "not")
        .order_by(Incident.aware_at, Incident.number)
    ).all()
    about = _about(session, IncidentReview, IncidentReview.incident_id, [row.id for row in rows])
    for row in rows:
        last = notify_by(row.aware_at)
        yield Thing(
            kind=Kind.BREACH,
            subject_id=row.id,
            review_id=None,
            reference=f"Incident {row.number}",
            stage=None,
            what="Telling the Information Commissioner, or deciding that there is nothing to tell,",
            path=f"/incidents/{row.id}",
            due_on=london_date(last),
            more=f"The 72 hours: until {last.astimezone(LONDON):%H:%M}",
            about=about[row.id],
            ends=last,
        )


def _about(session: NamedSession, links: Any, owner: Any, ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The reviews that each of these is about: one question, and none where there is nothing."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    if asked := list(ids):
        rows = select(owner, links.review_id).where(owner.in_(asked)).order_by(owner, links.review_id)
        for owner_id, review_id in session.execute(rows):
            found[owner_id].add(review_id)
    return {each: frozenset(found[each]) for each in asked}
