"""Another role or agency for an account: at once, or proposed by one person and confirmed by another.

That somebody with an office comes back after a block is proposed in account_block.py, and confirmed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework import block_list
from dhr_app.casework.account_block import OWN, let_in_again, theirs_to_change
from dhr_app.casework.account_waiting import nothing_waits
from dhr_app.casework.agency_contact import end_contact
from dhr_app.casework.agreement import agreement_with
from dhr_app.casework.calendar_link import end_links
from dhr_app.casework.extra_grant_ends import end_grants
from dhr_app.casework.invitation import ANOTHER, NO_AGREEMENT
from dhr_app.casework.letting_in import letting_in
from dhr_app.casework.sign_ins import end_all_sign_ins
from dhr_app.casework.takeover import end_seats, seats_held
from dhr_app.casework.tenant_identity import end_identities
from dhr_app.casework.way_in import take_back_all
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.invitation import AccountChange
from dhr_app.database.models.partnership import Agency
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.access import NAMES_AN_AGENCY, OF_AN_AGENCY, gives_by_two, may_confirm, needs_two
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class ChangeEntry:
    """What an account is to be. `agency_id` is a panel member’s or contributor’s; a steering member may have one."""

    role: Role | None = None
    agency_id: UUID | None = None


def change(account_id: UUID, entry: ChangeEntry, *, by: Person, at: datetime) -> bool:
    """Change an account's role or agency; True where it is done, False where another person has to confirm it.

    It ends every sign-in of the account at once, and the seats that no longer fit. Raises NotAllowed for one's own and
    for an office that is not theirs to change, OutOfReach, Over while an earlier change waits, Invalid.
    """
    with letting_in("accounts.change", by=by, at=at) as session:
        account = theirs_to_change(session, account_id, by=by, at=at)
        entry = _checked(session, account, entry, at=at)
        role = entry.role or Role(account.role)
        if not (needs_two(Role(account.role)) or gives_by_two(by, role)):
            _apply(session, account, role, entry.agency_id, at=at)
            return True
        row = AccountChange(
            account_id=account.id,
            role=role.value,
            agency_id=entry.agency_id,
            made_at=at,
            made_by_id=by.id,
            made_by_name=by.name,
        )
        session.add(row)
        details = {"role": role.value}
        today = london_date(at)
        record(session, Happened.ACCOUNT_CHANGE_PROPOSED, happened_on=today, subject=account, details=details)
        return False


def confirm_change(change_id: UUID, *, by: Person, at: datetime) -> None:
    """Confirm what another person proposed; it takes hold at once.

    Raises NotAllowed for whoever proposed it and for whom it is about, OutOfReach, Over, Invalid where it no longer
    can be.
    """
    with letting_in("accounts.confirm", by=by, at=at) as session:
        row = _open(session, change_id)
        if not may_confirm(by, row.made_by_id, row.account_id):
            raise NotAllowed("accounts.confirm", OWN if by.id == row.account_id else ANOTHER)
        account = session.get_one(Account, row.account_id)
        row.agreed_at, row.agreed_by_id, row.agreed_by_name = at, by.id, by.name
        if row.unblocked_because is not None:
            let_in_again(session, account, row.unblocked_because, at=at)
            return
        _checked(session, account, ChangeEntry(Role(row.role), row.agency_id), about=row, at=at)
        session.flush()
        _apply(session, account, Role(row.role), row.agency_id, at=at)


def withdraw_change(change_id: UUID, *, by: Person, at: datetime) -> None:
    """Withdraw a proposed change, whoever proposed it. Raises NotAllowed for one's own, OutOfReach, Over."""
    with letting_in("accounts.confirm", by=by, at=at) as session:
        row = _open(session, change_id)
        if by.id == row.account_id:
            raise NotAllowed("accounts.confirm", OWN)
        row.withdrawn_at = at
        record(session, Happened.ACCOUNT_CHANGE_WITHDRAWN, happened_on=london_date(at), subject=row)


def _apply(session: NamedSession, account: Account, role: Role, agency_id: UUID | None, *, at: datetime) -> None:
    seats = seats_held(session, account.id)
    was = account.role
    if agency_id != account.agency_id:
        end_identities(session, account.id, at=at)
    account.role, account.agency_id = role.value, agency_id
    end_all_sign_ins(session, account.id, at=at)
    take_back_all(session, account.id, at=at)
    end_contact(session, account.id, at=at)
    end_links(session, account.id, at=at)
    end_grants(session, "role_changed", account_id=account.id, at=at)
    unfit = [seat for seat in seats if (seat.role, seat.agency_id) != (role.value, agency_id)]
    end_seats(session, account, unfit, at=at)
    block_list.check(session, account)
    details = {"role": role.value, "was": was}
    record(session, Happened.ACCOUNT_CHANGED, happened_on=london_date(at), subject=account, details=details)


def _checked(
    session: NamedSession, account: Account, entry: ChangeEntry, *, about: AccountChange | None = None, at: datetime
) -> ChangeEntry:
    """What was asked for, the agency left out where the role has none. Raises Invalid, Over."""
    if account.blocked_on is not None:
        raise Invalid({"role": "This account is blocked. Let them in again first."})
    if entry.role is None:
        raise Invalid({"role": "Choose their role."})
    agency_id = entry.agency_id if entry.role in NAMES_AN_AGENCY else None
    agency = session.get(Agency, agency_id) if agency_id else None
    if entry.role in OF_AN_AGENCY or agency_id is not None:
        if agency is None:
            raise Invalid({"agency_id": "A panel member or contributor comes from an agency: choose it."})
        if agreement_with(session, agency.id, on=london_date(at)) is None:
            raise Invalid({"agency_id": NO_AGREEMENT.format(name=agency.name).replace("invite", "change")})
    if (entry.role.value, agency_id) == (account.role, account.agency_id):
        raise Invalid({"role": "This is what they are already."})
    if about is None:
        nothing_waits(session, account.id)
    return ChangeEntry(entry.role, agency_id)


def _open(session: NamedSession, change_id: UUID) -> AccountChange:
    row = session.get(AccountChange, change_id)
    if row is None:
        raise OutOfReach
    if row.agreed_at is not None or row.withdrawn_at is not None:
        raise Over("This change was settled before.")
    return row
