"""An agency's contact sees to its own substitutes: invites them, and ends them; of their own agency alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.account_block import shut_out, someone_else_s
from dhr_app.casework.agency_contact import is_contact
from dhr_app.casework.house import house
from dhr_app.casework.invitation import InvitationEntry, find, prepare, resend, send, take_back
from dhr_app.casework.invitation_link import is_live
from dhr_app.casework.letting_in import letting_in
from dhr_app.casework.scene import require
from dhr_app.database.models.account import Account
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.partnership import Agency
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import NotAllowed, OutOfReach
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

NOT_CONTACT = "Only the single point of contact of your agency does this. The coordinator can tell you who that is."
CONTRIBUTOR = Role.AGENCY_CONTRIBUTOR


@dataclass(frozen=True)
class SubstituteEntry:
    """Who is to work for the agency too."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Colleague:
    """Somebody of the agency who can sign in; `own` is whoever looks."""

    id: UUID
    name: str
    email: str
    own: bool


@dataclass(frozen=True)
class InvitedColleague:
    """Somebody of the agency who was invited and has not come yet; `until` is the day after which the link is dead."""

    id: UUID
    name: str
    email: str
    until: date
    live: bool


@dataclass(frozen=True)
class SubstitutesPage:
    """The agency's people, as its contact sees them."""

    agency: str
    people: tuple[Colleague, ...]
    invited: tuple[InvitedColleague, ...]


def substitutes_page(*, by: Person, at: datetime) -> SubstitutesPage:
    """Who works for the agency here. Raises NotAllowed for everybody but its contact."""
    require(by, "substitutes.see", on=london_date(at))
    with house().reading() as session:
        agency_id = _own_agency(session, by)
        agency = session.get_one(Agency, agency_id)
        accounts = session.scalars(
            select(Account)
            .where(Account.agency_id == agency_id, Account.role == CONTRIBUTOR.value, Account.blocked_on.is_(None))
            .order_by(Account.name, Account.id)
        )
        open_ones = session.scalars(
            select(Invitation)
            .where(
                Invitation.agency_id == agency_id,
                Invitation.role == CONTRIBUTOR.value,
                Invitation.used_at.is_(None),
                Invitation.withdrawn_at.is_(None),
                Invitation.expires_at.is_not(None),
            )
            .order_by(Invitation.name, Invitation.id)
        )
        return SubstitutesPage(
            agency.name,
            tuple(Colleague(one.id, one.name, one.email, one.id == by.id) for one in accounts),
            tuple(
                InvitedColleague(one.id, one.name, one.email, london_date(one.expires_at or at), is_live(one, at=at))
                for one in open_ones
            ),
        )


def invite_substitute(entry: SubstituteEntry, *, by: Person, at: datetime) -> None:
    """Invite somebody to work for one's own agency. Raises NotAllowed, Invalid."""
    with letting_in("substitutes.change", by=by, at=at) as session:
        asked = InvitationEntry(entry.name, entry.email, CONTRIBUTOR, _own_agency(session, by))
        send(session, prepare(session, asked, by=by, at=at), at=at)


def send_substitute_again(invitation_id: UUID, *, by: Person, at: datetime) -> None:
    """Send an invitation of one's own agency once more. Raises NotAllowed, OutOfReach, Over, Invalid."""
    with letting_in("substitutes.change", by=by, at=at) as session:
        resend(session, _own_invitation(session, invitation_id, by), at=at)


def withdraw_substitute(invitation_id: UUID, *, by: Person, at: datetime) -> None:
    """Withdraw an invitation of one's own agency. Raises NotAllowed, OutOfReach, Over."""
    with letting_in("substitutes.change", by=by, at=at) as session:
        take_back(session, _own_invitation(session, invitation_id, by), at=at)


def end_substitute(account_id: UUID, reason: str, *, by: Person, at: datetime) -> None:
    """Block a colleague of one’s own agency; their seats fall to oneself.

    Raises NotAllowed, OutOfReach, Over, Invalid.
    """
    with letting_in("substitutes.change", by=by, at=at) as session:
        agency_id = _own_agency(session, by)
        account = someone_else_s(session, account_id, by)
        if account.agency_id != agency_id or account.role != CONTRIBUTOR.value:
            raise OutOfReach
        shut_out(session, account, reason, at=at)


def _own_agency(session: NamedSession, by: Person) -> UUID:
    if not is_contact(session, by) or by.agency_id is None:
        raise NotAllowed("substitutes.change", NOT_CONTACT)
    return by.agency_id


def _own_invitation(session: NamedSession, invitation_id: UUID, by: Person) -> Invitation:
    agency_id = _own_agency(session, by)
    row = find(session, invitation_id)
    if row.agency_id != agency_id or row.role != CONTRIBUTOR.value:
        raise OutOfReach
    return row
