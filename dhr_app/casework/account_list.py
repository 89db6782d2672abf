"""Who has an account, for whoever lets people in: what they are, when they last came, who may no longer come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

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

    id: UUID
    name: str
    email: str
    role: Role
    agency: str
    last_signed_in_at: datetime | None
    blocked_on: date | None


def account_list(name: str = "", *, by: Person, at: datetime) -> tuple[AccountLine, ...]:
    """Every account, or those with these letters in their name or address, by name. Raises NotAllowed."""
    require(by, "accounts.see", on=london_date(at))
    last = select(SignIn.account_id, func.max(SignIn.began_at).label("at")).group_by(SignIn.account_id).subquery()
    rows = (
        select(
            Account.id,
            Account.name,
            Account.email,
            Account.role,
            Agency.name.label("agency"),
            last.c.at,
            Account.blocked_on,
        )
        .outerjoin(Agency, Agency.id == Account.agency_id)
        .outerjoin(last, last.c.account_id == Account.id)
        .order_by(Account.name, Account.email)
    )
    if sought := name.strip():
        rows = rows.where(
            or_(Account.name.icontains(sought, autoescape=True), Account.email.icontains(sought, autoescape=True))
        )
    with house().reading() as session:
        return tuple(_line(row) for row in session.execute(rows))


def _line(row: Any) -> AccountLine:
    return AccountLine(row.id, row.name, row.email, Role(row.role), row.agency or "", row.at, row.blocked_on)
