"""Who had access to a review: who opened what, with whom it was shared, what was disclosed, and until when it is kept.

Everything is counted from rows in clear: the page opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, literal, select, union_all

from dhr_app.adapters.clock import london_date
from dhr_app.casework.disposal_state import retained
from dhr_app.casework.draft_names import named
from dhr_app.casework.emergency_page import EmergencyLine, emergencies_of
from dhr_app.casework.incident_page import IncidentLine, incident_lines
from dhr_app.casework.open_actions import named as named_action
from dhr_app.casework.request_page import RequestLine, request_lines
from dhr_app.casework.scene import Look, looking
from dhr_app.database.models.account import Account, Membership
from dhr_app.database.models.accuracy import AccuracyCheck
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.draft import Draft
from dhr_app.database.models.event import Event
from dhr_app.database.models.handover import Handover
from dhr_app.database.models.imr import Imr
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.workflows.events import SHOWN, Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import DETAILS_OPENED
from dhr_app.workflows.request_dates import State
from dhr_app.workflows.retention import RECORDS
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class Opener:
    """Somebody who was shown details or sent files: on how many days, the last of them. The program has no role."""

    name: str
    role: str
    agency: str
    days: int
    last_on: date


@dataclass(frozen=True)
class Seat:
    """Somebody's place on the review, from a day until a day (None: still)."""

    name: str
    role: str
    agency: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class Shared:
    """Something that was asked of, sent to or shared with an agency or a group of people, on a day."""

    on: date
    whom: str
    what: str


@dataclass(frozen=True)
class ClassKept:
    """Until when a class of records is kept: `until` None where that cannot be said yet, `destroyed_on` once it is."""

    what: str
    until: date | None
    destroyed_on: date | None


@dataclass(frozen=True)
class HadAccessPage:
    """Everything the page shows. `requests` are all that are about the review, decided or not."""

    reference: str
    openers: tuple[Opener, ...]
    seats: tuple[Seat, ...]
    emergencies: tuple[EmergencyLine, ...]
    shared: tuple[Shared, ...]
    requests: tuple[RequestLine, ...]
    incidents: tuple[IncidentLine, ...]
    kept: tuple[ClassKept, ...]
    closed_on: date | None
    held: bool
    may_record: bool

    @property
    def disclosures(self) -> int:
        """By how many requests something of the review was given away."""
        return sum(line.decision in ("full", "part") for line in self.requests)

    @property
    def open_requests(self) -> int:
        """How many are not decided: until they are, nothing is destroyed."""
        return sum(line.state is not State.DECIDED for line in self.requests)


def had_access(reference: str, *, by: Person, at: datetime) -> HadAccessPage:
    """The page, in a number of questions that never grows. Raises OutOfReach, NotAllowed."""
    with looking(reference, "had_access.see", by=by, at=at) as look:
        review_id = look.review.id
        stands = retained(look.session, look.review)
        done = _destroyed(look)
        kept = tuple(
            ClassKept(DETAILS_OPENED[each], None if each.value in done else stands.due_on(each), done.get(each.value))
            for each in RECORDS
        )
        incidents = incident_lines(look.session, by=by, at=at)
        return HadAccessPage(
            reference,
            _openers(look),
            _seats(look),
            emergencies_of(look.session, review_id, by=by, at=at),
            _shared(look),
            request_lines(look.session, review_id=review_id, by=by, on=look.today),
            tuple(line for line in incidents if review_id in line.about.ids),
            kept,
            stands.closed_on,
            stands.held,
            look.may("requests.change"),
        )


def _openers(look: Look) -> tuple[Opener, ...]:
    who = (Event.recorded_by_id, Event.recorded_by_name, Account.role, Agency.short_name)
    rows = look.session.execute(
        select(*who, func.count(Event.happened_on.distinct()).label("days"), func.max(Event.happened_on).label("last"))
        .outerjoin(Account, Account.id == Event.recorded_by_id)
        .outerjoin(Agency, Agency.id == Account.agency_id)
        .where(Event.review_id == look.review.id, Event.kind.in_(sorted(SHOWN)))
        .group_by(*who)
        .order_by(func.max(Event.happened_on).desc(), Event.recorded_by_name, Event.recorded_by_id)
    )
    return tuple(
        Opener(name, Role(role).label if role else "", agency or "", days, last)
        for _, name, role, agency, days, last in rows
    )


def _seats(look: Look) -> tuple[Seat, ...]:
    rows = look.session.execute(
        select(Account.name, Membership.role, Agency.name.label("agency"), Membership.from_on, Membership.to_on)
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(Agency, Agency.id == Membership.agency_id)
        .where(Membership.review_id == look.review.id)
        .order_by(Membership.from_on, Account.name, Membership.id)
    )
    return tuple(Seat(row.name, Role(row.role).label, row.agency or "", row.from_on, row.to_on) for row in rows)


def _shared(look: Look) -> tuple[Shared, ...]:
    """Whatever went to an agency or a group of people, in the order of the days."""
    found = (*_asked(look), *_links(look), *_drafts(look), *_handovers(look))
    return tuple(sorted(found, key=lambda one: (one.on, one.whom)))


def _asked(look: Look) -> list[Shared]:
    """Which agencies were asked or sent something, and what."""
    of_review: UUID = look.review.id
    parts = [
        select(model.agency_id.label("agency_id"), day.label("on"), literal(what).label("what")).where(
            model.review_id == of_review
        )
        for model, day, what in (
            (ScopingRequest, ScopingRequest.asked_on, "Asked what it knows"),
            (Imr, Imr.requested_on, "Asked for a report of its own"),
            (AccuracyCheck, AccuracyCheck.sent_on, "Sent parts of the report to check"),
        )
    ]
    asked = union_all(*parts).subquery()
    rows = look.session.execute(
        select(Agency.name, asked.c.on, asked.c.what)
        .join(Agency, Agency.id == asked.c.agency_id)
        .order_by(asked.c.on, Agency.name, asked.c.what)
    )
    return [Shared(row.on, row.name, row.what) for row in rows]


def _links(look: Look) -> list[Shared]:
    """Which actions an agency was sent a link to, with which somebody without an account reads one and reports."""
    rows = look.session.execute(
        select(Agency.name, ActionLink.made_at, Recommendation.number.label("of_number"), Action.number)
        .join(Agency, Agency.id == ActionLink.agency_id)
        .join(Action, Action.id == ActionLink.action_id)
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .where(Action.review_id == look.review.id)
        .order_by(ActionLink.made_at, ActionLink.id)
    )
    return [
        Shared(
            london_date(row.made_at),
            row.name,
            f"Sent a link to report on one action: {named_action(row.of_number, row.number)}",
        )
        for row in rows
    ]


def _drafts(look: Look) -> list[Shared]:
    """Which drafts were shared with the whole panel."""
    rows = look.session.execute(
        select(Event.happened_on, Draft.kind, Draft.series, Draft.number)
        .join(Draft, Draft.id == Event.subject_id)
        .where(Event.review_id == look.review.id, Event.kind == Happened.DRAFT_SHARED)
        .order_by(Event.happened_on, Draft.kind, Draft.series, Draft.number)
    )
    return [
        Shared(row.happened_on, "The review panel", f"Could read: {named(row.kind, row.series, row.number)}")
        for row in rows
    ]


def _handovers(look: Look) -> list[Shared]:
    """Whoever took over what of the review."""
    rows = look.session.execute(
        select(Agency.name, Handover.acknowledged_on)
        .join(Agency, Agency.id == Handover.receiver_id)
        .where(Handover.review_id == look.review.id, Handover.acknowledged_on.is_not(None))
        .order_by(Handover.acknowledged_on, Handover.id)
    )
    return [Shared(row.acknowledged_on, row.name, "Acknowledged what was handed over") for row in rows]


def _destroyed(look: Look) -> dict[str, date]:
    """On which day each class that is gone was destroyed."""
    rows = look.session.execute(
        select(Disposal.classes, Disposal.done_at)
        .where(Disposal.review_id == look.review.id, Disposal.done_at.is_not(None))
        .order_by(Disposal.number)
    )
    return {each: london_date(done_at) for classes, done_at in rows if done_at for each in classes}
