"""A new password for whoever cannot sign in: an administrator who made sure of them lets a link go to their address.

For an office that two people give, a second person confirms it first. The link is used in casework/coming_back.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.letting_in import letting_in
from dhr_app.casework.outbox import message_of, unsend
from dhr_app.casework.way_in_link import ASKED_SUBJECT, LINK_SUBJECT, asked_body, link_body
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.reminder import Message
from dhr_app.database.models.way_in import WayIn
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.access import may_confirm, needs_two
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.way_in import LASTS, MADE_SURE, still_waits

OWN = "This is your own account: another administrator has to do it, once they have made sure that it is you."
ANOTHER = (
    "You asked for this, or it is your own account: somebody else has to confirm it, a coordinator, the steering group "
    "chair or an administrator."
)
BLOCKED = "This account is blocked. Let them in again first."
NOT_SURE = "Say how you made sure that it is they. A mail is not enough: whoever has their mailbox can write it."
NOT_SAID = "Choose whether they have lost their authenticator or passkey too."
SETTLED = "This was settled before: the link went out, or it was taken back."
TOO_LATE = "This was asked for too long ago. Make sure of them once more, and ask for it anew."
CHANGED = "The account has changed since. Make sure of them once more, and ask for it anew."


@dataclass(frozen=True)
class WayInEntry:
    """How one made sure of them, a code of MADE_SURE; and whether they have lost their second factor too."""

    made_sure: str = ""
    with_factor: bool | None = None


def ask(account_id: UUID, entry: WayInEntry, *, by: Person, at: datetime) -> bool:
    """Let somebody choose a new password; True where the link goes now, False where another person confirms it first.

    What was asked for them before is taken back with it. Raises NotAllowed for one's own account and for whoever is no
    administrator, OutOfReach, Over for a blocked account, Invalid.
    """
    with letting_in("way_in.ask", by=by, at=at) as session:
        account = session.get(Account, account_id)
        if account is None:
            raise OutOfReach
        if account.id == by.id:
            raise NotAllowed("way_in.ask", OWN)
        if account.blocked_on is not None:
            raise Over(BLOCKED)
        faults = {}
        if entry.made_sure not in MADE_SURE:
            faults["made_sure"] = NOT_SURE
        if entry.with_factor is None:
            faults["with_factor"] = NOT_SAID
        if faults:
            raise Invalid(faults)
        take_back_all(session, account.id, at=at)
        row = WayIn(
            account_id=account.id,
            email=account.email,
            made_sure=entry.made_sure,
            with_factor=bool(entry.with_factor),
            made_at=at,
            made_by_id=by.id,
            made_by_name=by.name,
        )
        session.add(row)
        details = {"reason": row.made_sure, "factor": int(row.with_factor)}
        record(session, Happened.WAY_IN_ASKED, happened_on=london_date(at), subject=account, details=details)
        if needs_two(Role(account.role)):
            _write(session, row, "asked", ASKED_SUBJECT, asked_body(at=at), at=at)
            return False
        _let_go(session, row, at=at)
        return True


def confirm(way_in_id: UUID, *, by: Person, at: datetime) -> None:
    """Confirm what somebody else asked for, for an office: the mail with the link goes now.

    Raises NotAllowed for whoever asked and for whose account it is, OutOfReach, Over where it was settled, waited too
    long, or the account has changed.
    """
    with letting_in("accounts.confirm", by=by, at=at) as session:
        row = _open(session, way_in_id)
        if row.expires_at is not None:
            raise Over(SETTLED)
        account = session.get_one(Account, row.account_id)
        if not may_confirm(by, row.made_by_id, row.account_id):
            raise NotAllowed("accounts.confirm", ANOTHER)
        if not still_waits(row.made_at, at=at):
            raise Over(TOO_LATE)
        if account.blocked_on is not None or account.email != row.email:
            raise Over(CHANGED)
        row.agreed_at, row.agreed_by_id, row.agreed_by_name = at, by.id, by.name
        record(session, Happened.WAY_IN_CONFIRMED, happened_on=london_date(at), subject=account)
        _let_go(session, row, at=at)


def take_back(way_in_id: UUID, *, by: Person, at: datetime) -> None:
    """Take it back: its link opens nothing from now on. Raises NotAllowed, OutOfReach, Over where it was settled."""
    with letting_in("accounts.confirm", by=by, at=at) as session:
        _end(session, _open(session, way_in_id), at=at)


def take_back_all(
    session: NamedSession, account_id: UUID | None = None, *, made_by_id: UUID | None = None, at: datetime
) -> None:
    """Take back whatever lets somebody choose a new password: for an account, or all that one person asked for.

    Inside a verb that queued for accounts.
    """
    whose = WayIn.account_id == account_id if account_id else WayIn.made_by_id == made_by_id
    rows = select(WayIn).where(whose, WayIn.used_at.is_(None), WayIn.withdrawn_at.is_(None))
    for row in session.scalars(rows.order_by(WayIn.made_at, WayIn.id)):
        _end(session, row, at=at)


def _let_go(session: NamedSession, row: WayIn, *, at: datetime) -> None:
    """Let the mail go out; its link is made when it does."""
    row.expires_at = at + LASTS
    message = _write(session, row, "link", LINK_SUBJECT, link_body(row, row.expires_at), at=at)
    message.way_in_id = row.id


def _write(session: NamedSession, row: WayIn, what: str, subject: str, body: str, *, at: datetime) -> Message:
    """A mail to the account's own address. One for each, however many there are on a day: so its id is in the kind."""
    session.flush()
    message = message_of(f"way_in_{what}_{row.id.hex}", row.account_id, london_date(at), subject, body, at=at)
    session.add(message)
    return message


def _end(session: NamedSession, row: WayIn, *, at: datetime) -> None:
    row.withdrawn_at = at
    unsend(session, Message.way_in_id == row.id, at=at)
    account = session.get_one(Account, row.account_id)
    record(session, Happened.WAY_IN_WITHDRAWN, happened_on=london_date(at), subject=account)


def _open(session: NamedSession, way_in_id: UUID) -> WayIn:
    row = session.get(WayIn, way_in_id)
    if row is None:
        raise OutOfReach
    if row.used_at is not None or row.withdrawn_at is not None:
        raise Over(SETTLED)
    return row
