"""A new password from the command line, for an administrator whom too few others are left to let in again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import House
from dhr_app.casework.letting_in import ACCOUNTS
from dhr_app.casework.outbox import message_of
from dhr_app.casework.program import Program
from dhr_app.casework.throttle import normal
from dhr_app.casework.way_in import take_back_all
from dhr_app.casework.way_in_link import ASKED_SUBJECT, mint, operator_body
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.way_in import WayIn
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role
from dhr_app.workflows.way_in import AT_THE_SERVER, LASTS

OPERATOR = Program("dhr new-password")
NONE = "No administrator who may sign in has this address: dhr new-password EMAIL."
OTHERS = (
    "Another administrator can ask for it, and a second person confirm it: let them do it on the page of the account. "
    "Nobody is let in from the command line now."
)
CONFIRMING = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY)


class NotFromHere(RuleError):
    """No new password is given from the command line; the sentence says why."""


@dataclass(frozen=True)
class OperatorsLink:
    """The link, which is shown once and kept nowhere, and until when it works (aware, UTC)."""

    link: str
    until: datetime


def give_way_in(in_house: House, email: str, *, with_factor: bool, at: datetime) -> OperatorsLink:
    """Let an administrator choose a new password, in the operator's name. What was asked for them before is taken back.

    Raises NotFromHere for whoever is no administrator or is blocked, and while an administrator and another person
    besides could do it on the pages.
    """
    today = london_date(at)
    with in_house.database.transaction(by=OPERATOR, at=at) as session:
        session.queue(ACCOUNTS)
        account = session.scalars(
            select(Account).where(
                Account.email == normal(email),
                Account.role == Role.ADMINISTRATOR.value,
                Account.blocked_on.is_(None),
            )
        ).one_or_none()
        if account is None:
            raise NotFromHere(NONE)
        if _others_can(session, account):
            raise NotFromHere(OTHERS)
        take_back_all(session, account.id, at=at)
        row = WayIn(
            account_id=account.id,
            email=account.email,
            made_sure=AT_THE_SERVER,
            with_factor=with_factor,
            made_at=at,
            made_by_name=OPERATOR.name,
            agreed_at=at,
            agreed_by_name=OPERATOR.name,
            expires_at=at + LASTS,
        )
        session.add(row)
        details = {"reason": AT_THE_SERVER, "factor": int(with_factor)}
        record(session, Happened.WAY_IN_GIVEN, happened_on=today, subject=account, details=details)
        link = mint(session, row, in_house)
        kind = f"way_in_asked_{row.id.hex}"
        session.add(message_of(kind, account.id, today, ASKED_SUBJECT, operator_body(at=at), at=at))
        return OperatorsLink(link, at + LASTS)


def _others_can(session: NamedSession, account: Account) -> bool:
    """Whether another administrator could ask for it, and one more person confirm it."""
    others = session.scalars(
        select(Account.role)
        .where(
            Account.id != account.id,
            Account.blocked_on.is_(None),
            Account.role.in_([role.value for role in CONFIRMING]),
        )
        .order_by(Account.id)
    ).all()
    return Role.ADMINISTRATOR.value in others and len(others) > 1
