"""The agreements under which an organisation's people are let in: none in force, no account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.checks import filled, known_codes, not_in_future
from dhr_app.casework.house import house
from dhr_app.casework.letting_in import letting_in
from dhr_app.casework.scene import require
from dhr_app.database.audit import record
from dhr_app.database.models.agreement import Agreement
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.access import AGREEMENT_KINDS
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person, allows

REVIEW_SPECIFIC = "review_specific"

# A statement that is put together in steps.
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class AgreementEntry:
    """An agreement with an agency, or with a contractor whose name is `organisation`; never with both.

    `review` is the reference of the one review that an agreement of that kind is about. `ends_on` is its last day.
    """

    kind: str = ""
    agency_id: UUID | None = None
    organisation: str = ""
    review: str = ""
    signed_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class AgreementLine:
    """One agreement. `review` is empty where it is about none, or where the reader may not reach that review."""

    id: UUID
    kind: str
    organisation: str
    review: str
    signed_on: date
    ends_on: date | None
    in_force: bool


@dataclass(frozen=True)
class AgreementsPage:
    """Those in force first, each by its organisation. `may_name_reviews`: whether an agreement of one may be added."""

    in_force: tuple[AgreementLine, ...]
    not_in_force: tuple[AgreementLine, ...]
    may_change: bool
    may_name_reviews: bool


def agreements_page(*, by: Person, at: datetime) -> AgreementsPage:
    """Every agreement there is or was. Raises NotAllowed."""
    today = london_date(at)
    require(by, "agreements.see", on=today)
    with house().reading() as session:
        lines = [_line(row, by, today) for row in session.execute(_rows())]
    return AgreementsPage(
        tuple(one for one in lines if one.in_force),
        tuple(one for one in lines if not one.in_force),
        allows(by, "agreements.change", on=today),
        allows(by, "reviews.list_all", on=today),
    )


def add_agreement(entry: AgreementEntry, *, by: Person, at: datetime) -> UUID:
    """Record an agreement. Raises NotAllowed, Invalid."""
    today = london_date(at)
    with letting_in("agreements.change", by=by, at=at) as session:
        _check(session, entry, by, today)
        review_id = _review_id(session, entry, by, today)
        row = Agreement(
            kind=entry.kind,
            agency_id=entry.agency_id,
            organisation=entry.organisation.strip() or None,
            of_review_id=review_id,
            signed_on=entry.signed_on,
            ends_on=entry.ends_on,
            added_at=at,
        )
        session.add(row)
        record(
            session,
            Happened.AGREEMENT_ADDED,
            happened_on=today,
            agency_id=entry.agency_id,
            subject=row,
            details={"kind": entry.kind},
        )
        return row.id


def end_agreement(agreement_id: UUID, ends_on: date | None, *, by: Person, at: datetime) -> None:
    """Record the last day of an agreement: from the day after, nobody is invited under it.

    Raises NotAllowed, OutOfReach where there is none, Over where it has ended, Invalid for a day before it was signed.
    """
    today = london_date(at)
    with letting_in("agreements.change", by=by, at=at) as session:
        row = session.get(Agreement, agreement_id)
        if row is None:
            raise OutOfReach
        if row.ends_on is not None and row.ends_on < today:
            raise Over(f"This agreement ended on {in_words(row.ends_on)}.")
        if ends_on is None:
            raise Invalid({"ends_on": "Give its last day."})
        if ends_on < row.signed_on:
            raise Invalid({"ends_on": f"It was signed on {in_words(row.signed_on)}: it cannot end before."})
        row.ends_on = ends_on
        record(session, Happened.AGREEMENT_ENDED, happened_on=today, agency_id=row.agency_id, subject=row)


def holds(on: date) -> ColumnElement[bool]:
    """Which agreements are in force on a day."""
    return and_(Agreement.signed_on <= on, or_(Agreement.ends_on.is_(None), Agreement.ends_on >= on))


def agreement_with(session: NamedSession, agency_id: UUID, *, on: date) -> Agreement | None:
    """The agreement with an agency in force on a day, of several the one signed last; None where there is none."""
    found = select(Agreement).where(Agreement.agency_id == agency_id, holds(on))
    return session.scalars(found.order_by(Agreement.signed_on.desc(), Agreement.id)).first()


def contractors(*, by: Person, at: datetime) -> dict[str, str]:
    """The contractors whom an agreement in force is with: its id, and their name. Raises NotAllowed."""
    today = london_date(at)
    require(by, "agreements.see", on=today)
    found = select(Agreement.id, Agreement.organisation).where(Agreement.organisation.is_not(None), holds(today))
    with house().reading() as session:
        rows = session.execute(found.order_by(Agreement.organisation, Agreement.signed_on.desc(), Agreement.id)).all()
    named: dict[str, str] = {}
    for agreement_id, organisation in rows:
        if organisation and organisation not in named.values():
            named[str(agreement_id)] = organisation
    return named


def _rows() -> Rows:
    return (
        select(Agreement, Agency.name.label("agency"), Review.reference)
        .outerjoin(Agency, Agency.id == Agreement.agency_id)
        .outerjoin(Review, Review.id == Agreement.of_review_id)
        .order_by(Agency.name, Agreement.organisation, Agreement.signed_on.desc(), Agreement.id)
    )


def _line(row: Any, by: Person, today: date) -> AgreementLine:
    one = row.Agreement
    reached = one.of_review_id is not None and allows(by, "review.reach", review_id=one.of_review_id, on=today)
    return AgreementLine(
        one.id,
        AGREEMENT_KINDS[one.kind],
        row.agency or one.organisation,
        row.reference if reached else "",
        one.signed_on,
        one.ends_on,
        one.signed_on <= today and (one.ends_on is None or today <= one.ends_on),
    )


def _check(session: NamedSession, entry: AgreementEntry, by: Person, today: date) -> None:
    faults = known_codes(entry, {"kind": AGREEMENT_KINDS})
    faults |= not_in_future(today, signed_on=entry.signed_on)
    if entry.signed_on is None:
        faults["signed_on"] = "Give the day on which it was signed."
    elif entry.ends_on is not None and entry.ends_on < entry.signed_on:
        faults["ends_on"] = "It cannot end before it was signed: check both days."
    named = bool(entry.organisation.strip())
    if entry.agency_id is not None and named:
        faults["organisation"] = "Choose an agency or name a contractor, not both."
    elif entry.agency_id is None:
        faults |= filled("organisation", entry.organisation, "Choose the agency, or name the contractor.")
    elif session.get(Agency, entry.agency_id) is None:
        faults["agency_id"] = "Choose an agency from the list."
    if entry.kind == REVIEW_SPECIFIC and not allows(by, "reviews.list_all", on=today):
        faults["kind"] = "An agreement for one review is recorded by a coordinator, who may see that review."
    if faults:
        raise Invalid(faults)


def _review_id(session: NamedSession, entry: AgreementEntry, by: Person, today: date) -> UUID | None:
    """The review that an agreement for one is about; whatever else was sent with another kind is ignored."""
    if entry.kind != REVIEW_SPECIFIC:
        return None
    found = session.scalar(select(Review.id).where(Review.reference == entry.review.strip().upper()))
    if found is None or not allows(by, "review.reach", review_id=found, on=today):
        raise Invalid({"review": "Enter the reference of a review that you can open, like DHR-2026-001."})
    return found
