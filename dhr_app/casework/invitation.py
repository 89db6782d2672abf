"""Accounts are made by invitation: who is invited, in which role, under which agreement, and who confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.agreement import agreement_with
from dhr_app.casework.invitation_link import SUBJECT, mail_body
from dhr_app.casework.letting_in import letting_in
from dhr_app.casework.outbox import message_of, unsend
from dhr_app.casework.throttle import normal
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.agreement import Agreement
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.reminder import Message
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.access import (
    INVITATION_LASTS,
    NAMES_AN_AGENCY,
    OF_AN_AGENCY,
    gives_by_two,
    may_confirm,
    needs_two,
)
from dhr_app.workflows.email_address import looks_right
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.roles import Role

INVITATION = "invitation"
ANOTHER = (
    "You proposed this: somebody else has to confirm it, a coordinator, the steering group chair or an administrator."
)
NO_AGREEMENT = "No agreement with {name} is in force. Record one under “Agreements”, then invite them."
USED = "Somebody already signs in with this e-mail address."
OPEN = "Somebody was invited at this address already. Send that invitation again, or withdraw it."


@dataclass(frozen=True)
class InvitationEntry:
    """Who is invited. They come from an agency, or work under a contractor's agreement; one of the two is given."""

    name: str = ""
    email: str = ""
    role: Role | None = None
    agency_id: UUID | None = None
    agreement_id: UUID | None = None


def invite(entry: InvitationEntry, *, by: Person, at: datetime) -> bool:
    """Invite somebody; True where the mail goes now, False where another person has to confirm the role first.

    Raises NotAllowed, and Invalid where no agreement is in force, or the address is in use.
    """
    with letting_in("invitations.make", by=by, at=at) as session:
        row = prepare(session, entry, by=by, at=at)
        if gives_by_two(by, Role(row.role)):
            return False
        send(session, row, at=at)
        return True


def confirm(invitation_id: UUID, *, by: Person, at: datetime) -> None:
    """Confirm a role that two people give: the mail goes now.

    Raises NotAllowed for whoever proposed it, OutOfReach, Over where it was settled before, Invalid where the agreement
    has ended meanwhile or the address is in use by now.
    """
    today = london_date(at)
    with letting_in("accounts.confirm", by=by, at=at) as session:
        row = find(session, invitation_id)
        if row.expires_at is not None:
            raise Over("This invitation was confirmed before.")
        address = session.scalar(select(Account.email).where(Account.id == by.id))
        if not may_confirm(by, row.made_by_id) or address == row.email:
            raise NotAllowed("accounts.confirm", ANOTHER)
        check_still_good(session, row, today)
        row.agreed_at, row.agreed_by_id, row.agreed_by_name = at, by.id, by.name
        record(session, Happened.INVITATION_CONFIRMED, happened_on=today, subject=row, details={"role": row.role})
        send(session, row, at=at)


def send_again(invitation_id: UUID, *, by: Person, at: datetime) -> None:
    """Send an invitation once more, for another 14 days; the link that was sent before opens nothing any more.

    Raises NotAllowed, OutOfReach, Over where it was used, withdrawn or waits for its confirmation, Invalid where no
    agreement is in force any more.
    """
    with letting_in("invitations.make", by=by, at=at) as session:
        resend(session, find(session, invitation_id), at=at)


def withdraw(invitation_id: UUID, *, by: Person, at: datetime) -> None:
    """Withdraw an invitation: its link opens nothing from now on. Raises NotAllowed, OutOfReach, Over."""
    today = london_date(at)
    with letting_in("invitations.see", by=by, at=at) as session:
        row = find(session, invitation_id)
        if (
            not allows(by, "invitations.make", on=today)
            and row.expires_at is not None
            and not needs_two(Role(row.role))
        ):
            raise NotAllowed("invitations.make", "This invitation is for a coordinator or administrator to withdraw.")
        take_back(session, row, at=at)


# --- What the verbs here, and those of an agency's contact, share -----------------------------------------------------


def prepare(
    session: NamedSession, entry: InvitationEntry, *, by: Person, unseen: bool = False, at: datetime
) -> Invitation:
    """The row of an invitation that is in order, not sent yet; in a transaction that queued for accounts.

    With `unseen` nobody is told whether the address is in use: the caller sees to that (casework/substitutes.py).
    """
    today = london_date(at)
    agreement = _checked(session, entry, today, unseen=unseen)
    row = Invitation(
        name=entry.name.strip(),
        email=normal(entry.email),
        role=(entry.role or Role.PANEL_MEMBER).value,
        agency_id=entry.agency_id if entry.role in NAMES_AN_AGENCY else None,
        agreement_id=agreement.id,
        made_at=at,
        made_by_id=by.id,
        made_by_name=by.name,
    )
    session.add(row)
    session.flush()
    record(
        session,
        Happened.INVITED,
        happened_on=today,
        agency_id=row.agency_id,
        subject=row,
        details={"role": row.role},
    )
    return row


def send(session: NamedSession, row: Invitation, *, at: datetime) -> None:
    """Let the mail go out; its link is made when it does."""
    row.expires_at = at + INVITATION_LASTS
    unsend(session, Message.invitation_id == row.id, at=at)
    message = message_of(INVITATION, None, london_date(at), SUBJECT, mail_body(row), at=at)
    message.invitation_id = row.id
    session.add(message)


def let_lie(session: NamedSession, row: Invitation, *, at: datetime) -> None:
    """Let it stand like one that was sent, where no mail may go: the address is in use. It has no link."""
    row.expires_at = at + INVITATION_LASTS
    row.token_sha256 = None
    unsend(session, Message.invitation_id == row.id, at=at)


def resend(session: NamedSession, row: Invitation, *, at: datetime) -> None:
    """Send one again. Raises Over, Invalid."""
    if row.expires_at is None:
        raise Over("This invitation is not confirmed yet: the mail goes when it is.")
    check_still_good(session, row, london_date(at))
    row.token_sha256 = None
    send(session, row, at=at)
    record(session, Happened.INVITATION_SENT_AGAIN, happened_on=london_date(at), subject=row)


def take_back(session: NamedSession, row: Invitation, *, at: datetime) -> None:
    """Withdraw one."""
    row.withdrawn_at = at
    unsend(session, Message.invitation_id == row.id, at=at)
    record(session, Happened.INVITATION_WITHDRAWN, happened_on=london_date(at), subject=row)


def check_still_good(session: NamedSession, row: Invitation, today: date) -> None:
    """Raise Invalid where no agreement is in force any more, or somebody signs in with the address by now."""
    check_agreement(session, row, today)
    if session.scalar(select(Account.id).where(Account.email == row.email)) is not None:
        raise Invalid({"email": USED})


def check_agreement(session: NamedSession, row: Invitation, today: date) -> None:
    """Raise Invalid where no agreement is in force for it any more."""
    if row.agreement_id is not None and in_force_for(session, row, today) is None:
        raise Invalid({"organisation": "The agreement has ended. Record a new one under “Agreements” first."})


def in_force_for(session: NamedSession, row: Invitation, today: date) -> Agreement | None:
    """The agreement of an invitation, or the one that took its place with the same organisation; None where none is."""
    made_under = session.get(Agreement, row.agreement_id) if row.agreement_id else None
    if made_under is None:
        return None
    if made_under.signed_on <= today and (made_under.ends_on is None or today <= made_under.ends_on):
        return made_under
    return agreement_with(session, made_under.agency_id, on=today) if made_under.agency_id else None


def find(session: NamedSession, invitation_id: UUID) -> Invitation:
    """An invitation that is not settled. Raises OutOfReach, Over once it was used or withdrawn."""
    row = session.get(Invitation, invitation_id)
    if row is None:
        raise OutOfReach
    if row.used_at is not None:
        raise Over("This invitation was used: they have an account.")
    if row.withdrawn_at is not None:
        raise Over("This invitation was withdrawn.")
    return row


def _checked(session: NamedSession, entry: InvitationEntry, today: date, *, unseen: bool) -> Agreement:
    faults: dict[str, str] = {}
    if not entry.name.strip():
        faults["name"] = "Enter their name."
    email = normal(entry.email)
    if not looks_right(email):
        faults["email"] = "Enter one work e-mail address, like name@organisation.org."
    elif unseen:
        pass
    elif session.scalar(select(Account.id).where(Account.email == email)) is not None:
        faults["email"] = USED
    elif session.scalar(select(Invitation.id).where(Invitation.email == email, _unsettled()).limit(1)) is not None:
        faults["email"] = OPEN
    if entry.role is None:
        faults["role"] = "Choose their role."
    agreement = None
    if entry.agency_id is not None and (agency := session.get(Agency, entry.agency_id)) is not None:
        agreement = agreement_with(session, agency.id, on=today)
        if agreement is None:
            faults["organisation"] = NO_AGREEMENT.format(name=agency.name)
    elif entry.agreement_id is not None and (found := session.get(Agreement, entry.agreement_id)) is not None:
        agreement = found if found.signed_on <= today and (found.ends_on is None or today <= found.ends_on) else None
        if agreement is None:
            faults["organisation"] = NO_AGREEMENT.format(name=found.organisation or "this organisation")
        elif entry.role in OF_AN_AGENCY:
            faults["organisation"] = "A panel member or contributor comes from an agency: choose it."
    else:
        faults["organisation"] = "Choose where they come from. Whoever is not in the list needs an agreement first."
    if faults or agreement is None:
        raise Invalid(faults)
    return agreement


def _unsettled() -> ColumnElement[bool]:
    return Invitation.used_at.is_(None) & Invitation.withdrawn_at.is_(None)
