"""An agency's contact sees to its own substitutes: invites them, and ends them; of their own agency alone.

Whether an address has an account elsewhere here is nothing for a contact to learn. So each invitation looks the same to
them, whether its mail goes or not; where it does not, whose address it is is told, and the coordinator's list says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.account_block import shut_out, someone_else_s
from dhr_app.casework.agency_contact import is_contact
from dhr_app.casework.house import house
from dhr_app.casework.invitation import (
    InvitationEntry,
    check_agreement,
    find,
    let_lie,
    prepare,
    send,
    take_back,
)
from dhr_app.casework.invitation_link import is_live
from dhr_app.casework.letting_in import letting_in
from dhr_app.casework.outbox import message_of
from dhr_app.casework.scene import require
from dhr_app.casework.throttle import normal
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.reminder import Message
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

NOT_CONTACT = "Only the single point of contact of your agency does this. The coordinator can tell you who that is."
CONTRIBUTOR = Role.AGENCY_CONTRIBUTOR
HERE = "They work for your agency here already: see the list above."
OPEN = "They were invited already. Send that invitation again, or withdraw it."
ALREADY_SUBJECT = "You were invited to work for an agency"
ALREADY = """\
The single point of contact of an agency invited this address to work for it here. You sign in with this address
already, so nothing was changed, and whoever invited you was not told that.

If you are to work for that agency, tell the coordinator of your partnership. Otherwise there is nothing to do.

Nobody reads answers to this message.
"""


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
    """Invite somebody to work for one's own agency. Raises NotAllowed, Invalid.

    Of an address that is in use elsewhere nothing is said; no mail with a link goes to it.
    """
    with letting_in("substitutes.change", by=by, at=at) as session:
        agency_id = _own_agency(session, by)
        _not_here_already(session, agency_id, normal(entry.email))
        asked = InvitationEntry(entry.name, entry.email, CONTRIBUTOR, agency_id)
        _send_or_let_lie(session, prepare(session, asked, by=by, unseen=True, at=at), at=at)


def send_substitute_again(invitation_id: UUID, *, by: Person, at: datetime) -> None:
    """Send an invitation of one's own agency once more. Raises NotAllowed, OutOfReach, Over, Invalid."""
    with letting_in("substitutes.change", by=by, at=at) as session:
        row = _own_invitation(session, invitation_id, by)
        check_agreement(session, row, london_date(at))
        row.token_sha256 = None
        _send_or_let_lie(session, row, at=at)
        record(session, Happened.INVITATION_SENT_AGAIN, happened_on=london_date(at), subject=row)


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


def _not_here_already(session: NamedSession, agency_id: UUID, email: str) -> None:
    """Raise Invalid for whoever stands on the contact's own page already: that says nothing new."""
    here = Account.agency_id == agency_id, Account.role == CONTRIBUTOR.value, Account.blocked_on.is_(None)
    if session.scalar(select(Account.id).where(Account.email == email, *here)) is not None:
        raise Invalid({"email": HERE})
    shown = Invitation.agency_id == agency_id, Invitation.role == CONTRIBUTOR.value, Invitation.expires_at.is_not(None)
    open_one = Invitation.email == email, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None)
    if session.scalar(select(Invitation.id).where(*open_one, *shown).limit(1)) is not None:
        raise Invalid({"email": OPEN})


def _send_or_let_lie(session: NamedSession, row: Invitation, *, at: datetime) -> None:
    """Let the mail with the link go, unless the address is in use elsewhere: then its holder alone is told."""
    holder = session.scalars(select(Account).where(Account.email == row.email)).one_or_none()
    others = select(Invitation.id).where(
        Invitation.email == row.email,
        Invitation.id != row.id,
        Invitation.used_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        or_(Invitation.expires_at.is_(None), Invitation.expires_at > at),
    )
    if holder is None and session.scalar(others.limit(1)) is None:
        send(session, row, at=at)
        return
    let_lie(session, row, at=at)
    if holder is not None:
        _tell(session, row, holder.id, at=at)


def _tell(session: NamedSession, row: Invitation, account_id: UUID, *, at: datetime) -> None:
    """Write to whoever has the address, once a day for each invitation."""
    kind, today = f"already_here_{row.id.hex}", london_date(at)
    told = select(Message.id).where(Message.kind == kind, Message.account_id == account_id, Message.on_day == today)
    if session.scalar(told) is None:
        session.add(message_of(kind, account_id, today, ALREADY_SUBJECT, ALREADY, at=at))


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
