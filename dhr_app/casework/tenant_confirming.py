"""A second person confirms an agency's tenant before anybody is sent there: a false one could be anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework.letting_in import letting_in
from dhr_app.casework.tenant import HAS_ONE, WAITS, found, has_one, waiting
from dhr_app.database.audit import record
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.tenant import Tenant
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.access import may_confirm
from dhr_app.workflows.errors import NotAllowed, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person, allows

CONFIRMED = "This sign-in was confirmed already."
LAPSED = "This sign-in was taken back, waited too long, or is of somebody who is blocked by now: enter it anew."
ANOTHER = "You entered this sign-in: somebody else has to confirm it."


@dataclass(frozen=True)
class WaitingTenant:
    """A tenant that nobody is sent to yet; `until` is when it can be confirmed no more."""

    id: UUID
    agency: str
    issuer: str
    client_id: str
    by: str
    entered_at: datetime
    until: datetime
    may_confirm: bool


def waiting_tenants(session: NamedSession, *, by: Person, at: datetime) -> tuple[WaitingTenant, ...]:
    """What waits for a second person, the oldest first."""
    may = allows(by, "accounts.confirm", on=london_date(at))
    named = waiting(at).add_columns(Agency.name).join(Agency, Agency.id == Tenant.agency_id)
    rows = session.execute(named.order_by(Tenant.entered_at, Tenant.id))
    return tuple(
        WaitingTenant(
            row.id, name, row.issuer, row.client_id, row.entered_by_name, row.entered_at, row.entered_at + WAITS,
            may and may_confirm(by, row.entered_by_id),
        )
        for row, name in rows
    )  # fmt: skip


def confirm_tenant(tenant_id: UUID, *, by: Person, at: datetime) -> None:
    """Confirm a tenant that somebody else entered: the agency's people may sign in through it from now on.

    Raises NotAllowed for whoever entered it, OutOfReach, Over where it was confirmed, waited too long, or the agency
    has another one that is turned on.
    """
    with letting_in("accounts.confirm", by=by, at=at) as session:
        row = _waiting(session, tenant_id, at)
        if not may_confirm(by, row.entered_by_id):
            raise NotAllowed("accounts.confirm", ANOTHER)
        if has_one(session, row.agency_id):
            raise Over(HAS_ONE)
        row.confirmed_at, row.confirmed_by_id, row.confirmed_by_name, row.enabled = at, by.id, by.name, True
        record(session, Happened.TENANT_CONFIRMED, happened_on=london_date(at), agency_id=row.agency_id, subject=row)


def take_back_tenant(tenant_id: UUID, *, by: Person, at: datetime) -> None:
    """Take back what nobody has confirmed, whoever entered it. Raises NotAllowed, OutOfReach, Over."""
    with letting_in("accounts.confirm", by=by, at=at) as session:
        row = _waiting(session, tenant_id, at)
        row.taken_back_at = at
        record(session, Happened.TENANT_TAKEN_BACK, happened_on=london_date(at), agency_id=row.agency_id, subject=row)


def _waiting(session: NamedSession, tenant_id: UUID, at: datetime) -> Tenant:
    row = found(session, tenant_id)
    if row.confirmed_at is not None or row.enabled:
        raise Over(CONFIRMED)
    if session.scalar(waiting(at).where(Tenant.id == row.id)) is None:
        raise Over(LAPSED)
    return row
