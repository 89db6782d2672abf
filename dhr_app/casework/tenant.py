"""The agencies' own tenants: which there are, which may be asked, and who turned them on and off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Select, select

from dhr_app.adapters.clock import london_date
from dhr_app.adapters.tenant import Registration, may_be_asked
from dhr_app.casework.house import house
from dhr_app.casework.letting_in import letting_in
from dhr_app.casework.scene import require
from dhr_app.casework.sign_ins import end_sign_ins_through
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.tenant import Tenant
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import Invalid, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

LONGEST = 200
WAITS = timedelta(days=14)  # for a second person, from the moment it was entered
OF_NOBODY = ("common", "organizations", "consumers")  # addresses of Entra ID that stand for any tenant
ISSUER = "Enter the issuer exactly as the tenant names it: an https address without anything after a question mark."
ANYBODY_S = "This address stands for any organisation. Enter the issuer of this agency’s own tenant, with its number."
NOT_CONFIRMED = "Nobody but whoever entered this sign-in has confirmed it: it is confirmed first, or entered anew."
HAS_ONE = "This agency has a sign-in of its own that is turned on. Turn that one off first."


@dataclass(frozen=True)
class TenantEntry:
    """What is entered of an agency's tenant."""

    agency_id: UUID | None = None
    issuer: str = ""
    client_id: str = ""


@dataclass(frozen=True)
class TenantLine:
    """One tenant. `redirect_uri` is what has to be registered there.

    `waits` is whether a second person can still confirm it; `confirmed_by` is empty where nobody has.
    """

    id: UUID
    agency: str
    issuer: str
    client_id: str
    redirect_uri: str
    enabled: bool
    entered_at: datetime
    entered_by: str
    confirmed_by: str
    waits: bool


@dataclass(frozen=True)
class TenantsPage:
    """All tenants, by agency; `has_key`: whether the operator gave this site a key to prove itself to them."""

    lines: tuple[TenantLine, ...]
    has_key: bool


def tenants_page(*, by: Person, at: datetime) -> TenantsPage:
    """Every tenant that was entered, those turned on first. Raises NotAllowed."""
    require(by, "tenants.see", on=london_date(at))
    found = select(Tenant, Agency.name).join(Agency, Agency.id == Tenant.agency_id)
    with house().reading() as session:
        waits = set(session.scalars(waiting(at).with_only_columns(Tenant.id).order_by(Tenant.id)))
        lines = tuple(
            TenantLine(
                row.id, name, row.issuer, row.client_id, redirect_uri(row.id), row.enabled, row.entered_at,
                row.entered_by_name, row.confirmed_by_name or "", row.id in waits,
            )
            for row, name in session.execute(found.order_by(Tenant.enabled.desc(), Agency.name, Tenant.entered_at))
        )  # fmt: skip
    return TenantsPage(lines, bool(house().settings.tenant_key))


def add_tenant(entry: TenantEntry, *, by: Person, at: datetime) -> UUID:
    """Enter an agency's tenant; nobody is sent to it before a second person confirms it. Raises NotAllowed, Invalid."""
    with letting_in("tenants.change", by=by, at=at) as session:
        agency_id = _checked(session, entry)
        row = Tenant(
            agency_id=agency_id,
            issuer=entry.issuer.strip(),
            client_id=entry.client_id.strip(),
            enabled=False,
            entered_at=at,
            entered_by_id=by.id,
            entered_by_name=by.name,
        )
        session.add(row)
        record(session, Happened.TENANT_ADDED, happened_on=london_date(at), agency_id=agency_id, subject=row)
        return row.id


def turn_off(tenant_id: UUID, *, by: Person, at: datetime) -> None:
    """Ask a tenant no more, and end every sign-in that came through it. Raises NotAllowed, OutOfReach, Over."""
    with letting_in("tenants.change", by=by, at=at) as session:
        row = found(session, tenant_id)
        if not row.enabled:
            raise Over("This sign-in is turned off already.")
        row.enabled = False
        end_sign_ins_through(session, row.id, at=at)
        record(session, Happened.TENANT_TURNED_OFF, happened_on=london_date(at), agency_id=row.agency_id, subject=row)


def turn_on(tenant_id: UUID, *, by: Person, at: datetime) -> None:
    """Ask a tenant again; whoever was joined to it still is. Raises NotAllowed, OutOfReach, Over.

    Over too where no second person has confirmed it.
    """
    with letting_in("tenants.change", by=by, at=at) as session:
        row = found(session, tenant_id)
        if row.enabled:
            raise Over("This sign-in is turned on already.")
        if row.confirmed_at is None:
            raise Over(NOT_CONFIRMED)
        if has_one(session, row.agency_id):
            raise Over(HAS_ONE)
        row.enabled = True
        record(session, Happened.TENANT_TURNED_ON, happened_on=london_date(at), agency_id=row.agency_id, subject=row)


def organisations() -> dict[str, str]:
    """The agencies through whose own tenant one may sign in: the tenant's id, and the agency's name."""
    if not house().settings.tenant_key:
        return {}
    found = select(Tenant.id, Agency.name).join(Agency, Agency.id == Tenant.agency_id).where(Tenant.enabled)
    with house().reading() as session:
        return {str(tenant_id): name for tenant_id, name in session.execute(found.order_by(Agency.name))}


def enabled_of(session: NamedSession, agency_id: UUID | None) -> Tenant | None:
    """The tenant that an agency's people may use today."""
    if agency_id is None or not house().settings.tenant_key:
        return None
    return session.scalars(select(Tenant).where(Tenant.agency_id == agency_id, Tenant.enabled)).one_or_none()


def registration(row: Tenant) -> Registration:
    """This site as a tenant knows it."""
    return Registration(row.issuer, row.client_id, redirect_uri(row.id), house().settings.tenant_key)


def redirect_uri(tenant_id: UUID) -> str:
    """Where a tenant sends the browser back to: an address of its own, so that no tenant answers for another."""
    return f"{house().settings.site_url}/sign-in/organisation/{tenant_id}/back"


def _checked(session: NamedSession, entry: TenantEntry) -> UUID:
    faults: dict[str, str] = {}
    agency = session.get(Agency, entry.agency_id) if entry.agency_id else None
    if agency is None:
        faults["agency_id"] = "Choose the agency whose people sign in there."
    elif has_one(session, agency.id):
        faults["agency_id"] = HAS_ONE
    issuer = entry.issuer.strip()
    if len(issuer) > LONGEST or not may_be_asked(issuer, loopback=not house().settings.production):
        faults["issuer"] = ISSUER
    elif any(part.lower() in OF_NOBODY or "{" in part for part in urlsplit(issuer).path.split("/")):
        faults["issuer"] = ANYBODY_S
    client_id = entry.client_id.strip()
    if not client_id or len(client_id) > LONGEST or not client_id.isprintable() or " " in client_id:
        faults["client_id"] = "Enter the client id that the tenant gave this site."
    if faults or agency is None:
        raise Invalid(faults)
    return agency.id


def waiting(at: datetime) -> Select[Tenant]:
    """Tenants that a second person can still confirm.

    Not those that were turned on before two people were asked for, nor what somebody entered who is blocked by now.
    """
    return (
        select(Tenant)
        .join(Account, Account.id == Tenant.entered_by_id)
        .where(
            Tenant.confirmed_at.is_(None), Tenant.taken_back_at.is_(None), Tenant.enabled.is_(False),
            Tenant.entered_at > at - WAITS,
            Account.blocked_on.is_(None),
        )
    )  # fmt: skip


def has_one(session: NamedSession, agency_id: UUID) -> bool:
    """Whether the agency has a tenant that is turned on."""
    return session.scalar(select(Tenant.id).where(Tenant.agency_id == agency_id, Tenant.enabled)) is not None


def found(session: NamedSession, tenant_id: UUID) -> Tenant:
    """The tenant. Raises OutOfReach."""
    row = session.get(Tenant, tenant_id)
    if row is None:
        raise OutOfReach
    return row
