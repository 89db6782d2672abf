"""The single point of contact of each agency: to whom its work falls, and who sees to its own substitutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.letting_in import letting_in
from dhr_app.casework.partnership import agency as the_agency
from dhr_app.casework.scene import require
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.agreement import AgencyContact
from dhr_app.database.models.partnership import Agency
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class ContactLine:
    """An agency with its contact; `name` is empty where it has none. `people` is how many could be it."""

    agency_id: UUID
    agency: str
    name: str
    since_on: date | None
    people: int


@dataclass(frozen=True)
class ContactPage:
    """One agency: its contact's account (None: nobody), and who could be it, by id."""

    agency: str
    account_id: UUID | None
    candidates: dict[str, str]


def contacts_page(*, by: Person, at: datetime) -> tuple[ContactLine, ...]:
    """Every agency that works with people here today. Raises NotAllowed."""
    today = london_date(at)
    require(by, "contacts.see", on=today)
    local = (
        select(Agency.id, Agency.name, Account.name.label("contact"), AgencyContact.since_on)
        .outerjoin(AgencyContact, AgencyContact.agency_id == Agency.id)
        .outerjoin(Account, Account.id == AgencyContact.account_id)
        .where(
            Agency.kind.not_in(("national", "partnership")),
            or_(Agency.from_on.is_(None), Agency.from_on <= today),
            or_(Agency.to_on.is_(None), Agency.to_on >= today),
        )
        .order_by(Agency.name)
    )
    with house().reading() as session:
        people = [one.agency_id for one in session.scalars(_contributors(None))]
        return tuple(
            ContactLine(row.id, row.name, row.contact or "", row.since_on, people.count(row.id))
            for row in session.execute(local)
        )


def contact_page(agency_id: UUID, *, by: Person, at: datetime) -> ContactPage:
    """One agency and who could be its contact. Raises NotAllowed, OutOfReach."""
    require(by, "contacts.change", on=london_date(at))
    agency = the_agency(agency_id)
    with house().reading() as session:
        row = _row(session, agency_id)
        names = {str(one.id): one.name for one in session.scalars(_contributors(agency_id))}
    return ContactPage(agency.name, row.account_id if row else None, names)


def set_contact(agency_id: UUID, account_id: UUID | None, *, by: Person, at: datetime) -> None:
    """Say who an agency's contact is; None: nobody is. Raises NotAllowed, OutOfReach, Invalid for somebody else's."""
    today = london_date(at)
    with letting_in("contacts.change", by=by, at=at) as session:
        if session.get(Agency, agency_id) is None:
            raise OutOfReach
        row = _row(session, agency_id)
        if account_id is None:
            if row is not None:
                _end(session, row, at=at)
            return
        if account_id not in {one.id for one in session.scalars(_contributors(agency_id))}:
            raise Invalid({"account_id": "Choose somebody of this agency who can sign in."})
        if row is None:
            row = AgencyContact(agency_id=agency_id, account_id=account_id, since_on=today)
            session.add(row)
        elif row.account_id != account_id:
            row.account_id, row.since_on = account_id, today
        record(session, Happened.CONTACT_SET, happened_on=today, agency_id=agency_id, subject=row)


def is_contact(session: NamedSession, by: Person) -> bool:
    """Whether somebody is the contact of the agency they work for."""
    if by.role is not Role.AGENCY_CONTRIBUTOR or by.agency_id is None:
        return False
    row = _row(session, by.agency_id)
    return row is not None and row.account_id == by.id


def end_contact(session: NamedSession, account_id: UUID, *, at: datetime) -> None:
    """Whoever goes is no agency's contact any more; inside a verb."""
    rows = select(AgencyContact).where(AgencyContact.account_id == account_id).order_by(AgencyContact.agency_id)
    for row in session.scalars(rows):
        _end(session, row, at=at)


def _end(session: NamedSession, row: AgencyContact, *, at: datetime) -> None:
    session.delete(row)
    session.flush()
    record(session, Happened.CONTACT_ENDED, happened_on=london_date(at), agency_id=row.agency_id)


def _row(session: NamedSession, agency_id: UUID) -> AgencyContact | None:
    return session.scalars(select(AgencyContact).where(AgencyContact.agency_id == agency_id)).one_or_none()


def _contributors(agency_id: UUID | None) -> Select[Account]:
    """Who could be an agency's contact; None: any agency's."""
    found = select(Account).where(Account.role == Role.AGENCY_CONTRIBUTOR.value, Account.blocked_on.is_(None))
    return (found if agency_id is None else found.where(Account.agency_id == agency_id)).order_by(
        Account.name, Account.id
    )
