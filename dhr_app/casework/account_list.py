"""Who has an account, for the administrator: what they are, when they were last here, and who may no longer come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.scene import require
from dhr_app.database.models.account import Account, SignIn
from dhr_app.database.models.partnership import Agency
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class AccountLine:
    """One account: `agency` is empty for whoever belongs to none, `last_signed_in_at` None for whoever never came."""

    name: str
    email: str
    role: Role
    agency: str
    last_signed_in_at: datetime | None
    blocked_on: date | None


def account_list(*, by: Person, at: datetime) -> tuple[AccountLine, ...]:
    """Every account, by name. Raises NotAllowed."""
    require(by, "accounts.see", on=london_date(at))
    last = select(SignIn.account_id, func.max(SignIn.began_at).label("at")).group_by(SignIn.account_id).subquery()
    rows = (
        select(Account.name, Account.email, Account.role, Agency.name.label("agency"), last.c.at, Account.blocked_on)
        .outerjoin(Agency, Agency.id == Account.agency_id)
        .outerjoin(last, last.c.account_id == Account.id)
        .order_by(Account.name, Account.email)
    )
    with house().reading() as session:
        return tuple(_line(row) for row in session.execute(rows))


def _line(row: Any) -> AccountLine:
    return AccountLine(row.name, row.email, Role(row.role), row.agency or "", row.at, row.blocked_on)
