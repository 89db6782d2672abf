"""The first accounts of an installation: invited by its operator, while no administrator can sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import House
from dhr_app.casework.invitation import USED
from dhr_app.casework.invitation_link import mint
from dhr_app.casework.letting_in import ACCOUNTS
from dhr_app.casework.program import Program
from dhr_app.casework.throttle import normal
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.invitation import Invitation
from dhr_app.workflows.access import INVITATION_LASTS
from dhr_app.workflows.email_address import looks_right
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role

OPERATOR = Program("dhr invite-first")
SOMEBODY_CAN = (
    "An administrator can sign in here: ask them for an invitation. Nobody is let in from the command line now."
)


class NotFirst(RuleError):
    """Nobody is invited from the command line; the sentence says why."""


@dataclass(frozen=True)
class FirstInvitation:
    """The link, which is shown once and kept nowhere, and its last day."""

    link: str
    until: date


def invite_first(in_house: House, name: str, email: str, *, at: datetime) -> FirstInvitation:
    """Invite an administrator in the operator's name. An earlier link for the same address opens nothing any more.

    Raises NotFirst while an administrator can sign in, and for an address that is none or in use.
    """
    email, name, today = normal(email), name.strip(), london_date(at)
    if not name or not looks_right(email):
        raise NotFirst("Give a name and a work e-mail address: dhr invite-first EMAIL --name NAME.")
    with in_house.database.transaction(by=OPERATOR, at=at) as session:
        session.queue(ACCOUNTS)
        can_come = select(Account.id).where(Account.role == Role.ADMINISTRATOR.value, Account.blocked_on.is_(None))
        if session.scalar(can_come.limit(1)) is not None:
            raise NotFirst(SOMEBODY_CAN)
        if session.scalar(select(Account.id).where(Account.email == email)) is not None:
            raise NotFirst(USED)
        same = select(Invitation).where(
            Invitation.email == email, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None)
        )
        for earlier in session.scalars(same.order_by(Invitation.id)):
            earlier.withdrawn_at = at
            record(session, Happened.INVITATION_WITHDRAWN, happened_on=today, subject=earlier)
        row = Invitation(
            name=name,
            email=email,
            role=Role.ADMINISTRATOR.value,
            made_at=at,
            made_by_name=OPERATOR.name,
            agreed_at=at,
            agreed_by_name=OPERATOR.name,
            expires_at=at + INVITATION_LASTS,
        )
        session.add(row)
        record(session, Happened.INVITED, happened_on=today, subject=row, details={"role": row.role})
        return FirstInvitation(mint(session, row, in_house), london_date(at + INVITATION_LASTS))
