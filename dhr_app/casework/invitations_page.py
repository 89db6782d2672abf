"""Who was invited and has not come yet, and what waits for a second person to confirm it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.invitation_link import is_live
from dhr_app.casework.outbox import State
from dhr_app.casework.scene import require
from dhr_app.casework.tenant import waiting
from dhr_app.casework.tenant_confirming import WaitingTenant, waiting_tenants
from dhr_app.casework.way_in_page import WayInLine, waiting_for, ways_in
from dhr_app.database.models.account import Account
from dhr_app.database.models.agreement import Agreement
from dhr_app.database.models.invitation import AccountChange, Invitation
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.reminder import Message
from dhr_app.database.models.tenant import Tenant
from dhr_app.database.models.way_in import WayIn
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.access import may_confirm
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.roles import Role

MAIL = {
    State.PENDING.value: "The mail is about to go",
    State.WAITING.value: "The mail waits for the mail server",
    State.SENDING.value: "The mail is about to go",
    State.SENT.value: "The mail was sent",
    State.DELIVERED.value: "The mail was delivered",
    State.DEAD.value: "The mail was not taken: check the address",
    State.OUTDATED.value: "The mail was not sent: send it again",
    State.WITHDRAWN.value: "The mail was not sent: send it again",
    State.HELD.value: "The mail is held",
}

NO_MAIL = "No mail went: the address has an account, or was invited before"

# A statement that is put together in steps.
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class InvitationLine:
    """One invitation that is not settled. `until` is None until it is confirmed; `mail` says how its mail stands."""

    id: UUID
    name: str
    email: str
    role: Role
    organisation: str
    by: str
    on: date
    until: date | None
    live: bool
    mail: str
    may_confirm: bool


@dataclass(frozen=True)
class ChangeLine:
    """A change of role that waits for a second person; or, with `comes_back`, that somebody is let in again."""

    id: UUID
    account_id: UUID
    name: str
    was: Role
    role: Role
    comes_back: bool
    by: str
    on: date
    may_confirm: bool


@dataclass(frozen=True)
class InvitationsPage:
    """What waits to be confirmed first, then whoever was written to, then invitations whose link is dead."""

    to_confirm: tuple[InvitationLine, ...]
    changes: tuple[ChangeLine, ...]
    ways_in: tuple[WayInLine, ...]
    tenants: tuple[WaitingTenant, ...]
    sent: tuple[InvitationLine, ...]
    lapsed: tuple[InvitationLine, ...]
    may_invite: bool

    @property
    def nothing(self) -> bool:
        """Whether nobody waits for anything."""
        return not (self.to_confirm or self.changes or self.ways_in or self.tenants or self.sent or self.lapsed)


def invitations_page(*, by: Person, at: datetime) -> InvitationsPage:
    """Every invitation and change that is not settled. Raises NotAllowed."""
    today = london_date(at)
    require(by, "invitations.see", on=today)
    may = allows(by, "accounts.confirm", on=today)
    with house().reading() as session:
        rows = session.execute(_invitations()).all()
        mails = _mails(session, [row.Invitation.id for row in rows])
        lines = [_line(row, mails, may, by, at) for row in rows]
        changes = session.execute(_changes()).all()
        anew = [line for line in ways_in(session, by=by, at=at) if line.waits]
        tenants = waiting_tenants(session, by=by, at=at)
    return InvitationsPage(
        tuple(one for one in lines if one.until is None),
        tuple(
            ChangeLine(
                one.id, one.account_id, name, Role(was), Role(one.role), one.unblocked_because is not None,
                one.made_by_name, london_date(one.made_at),
                may and may_confirm(by, one.made_by_id, one.account_id),
            )
            for one, name, was in changes
        ),
        tuple(anew),
        tenants,
        tuple(one for one in lines if one.live),
        tuple(one for one in lines if one.until is not None and not one.live),
        allows(by, "invitations.make", on=today),
    )  # fmt: skip


def to_confirm(session: NamedSession, *, by: Person, at: datetime) -> int:
    """How many invitations, changes, new passwords and tenants wait for this person to confirm them."""
    invited = select(func.count(Invitation.id)).where(
        _unsettled(), Invitation.expires_at.is_(None),
        or_(Invitation.made_by_id.is_(None), Invitation.made_by_id != by.id),
    )  # fmt: skip
    changed = select(func.count(AccountChange.id)).where(
        _open_change(), AccountChange.made_by_id != by.id, AccountChange.account_id != by.id
    )
    anew = select(func.count(WayIn.id)).where(waiting_for(by=by, at=at))
    tenants = waiting(at).where(Tenant.entered_by_id != by.id).with_only_columns(func.count())
    counted = select(
        invited.scalar_subquery() + changed.scalar_subquery() + anew.scalar_subquery() + tenants.scalar_subquery()
    )
    return session.scalar(counted) or 0


def _unsettled() -> ColumnElement[bool]:
    return and_(Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))


def _open_change() -> ColumnElement[bool]:
    return and_(AccountChange.agreed_at.is_(None), AccountChange.withdrawn_at.is_(None))


def _invitations() -> Rows:
    return (
        select(Invitation, Agency.name.label("agency"), Agreement.organisation)
        .outerjoin(Agreement, Agreement.id == Invitation.agreement_id)
        .outerjoin(Agency, Agency.id == Agreement.agency_id)
        .where(_unsettled())
        .order_by(Invitation.made_at.desc(), Invitation.name, Invitation.id)
    )


def _changes() -> Rows:
    return (
        select(AccountChange, Account.name, Account.role)
        .join(Account, Account.id == AccountChange.account_id)
        .where(_open_change())
        .order_by(AccountChange.made_at, AccountChange.id)
    )


def _mails(session: NamedSession, invitation_ids: Collection[UUID]) -> dict[UUID, str]:
    """How the newest mail of each invitation stands."""
    rows = (
        select(Message.invitation_id, Message.state)
        .where(Message.invitation_id.in_(invitation_ids))
        .order_by(Message.made_at, Message.id)
    )
    return {invitation_id: MAIL[state] for invitation_id, state in session.execute(rows) if invitation_id}


def _line(row: Any, mails: dict[UUID, str], may: bool, by: Person, at: datetime) -> InvitationLine:
    one: Invitation = row.Invitation
    waits = one.expires_at is None
    return InvitationLine(
        one.id,
        one.name,
        one.email,
        Role(one.role),
        row.agency or row.organisation or "",
        one.made_by_name,
        london_date(one.made_at),
        london_date(one.expires_at) if one.expires_at else None,
        is_live(one, at=at),
        mails.get(one.id, NO_MAIL if one.expires_at and one.made_by_id else ""),
        waits and may and may_confirm(by, one.made_by_id),
    )
