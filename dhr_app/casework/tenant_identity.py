"""Which account somebody of a tenant is: found by issuer and subject alone, never by an address or a name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from dhr_app.adapters.clock import london_date
from dhr_app.adapters.tenant import AnswerRefused
from dhr_app.casework.house import house
from dhr_app.casework.tenant import enabled_of
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.tenant import Tenant, TenantIdentity
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person


def account_behind(session: NamedSession, tenant: Tenant, subject: str) -> Account:
    """Whose account this is. Raises AnswerRefused where there is none that may come in through this tenant."""
    known = _current(session, tenant.issuer, subject)
    if known is None:
        raise AnswerRefused("identity_unknown")
    account = session.get_one(Account, known.account_id)
    if account.agency_id != tenant.agency_id:
        raise AnswerRefused("another_agency")
    if account.blocked_on is not None:
        raise AnswerRefused("blocked")
    return account


def bind(session: NamedSession, account: Account, tenant: Tenant, subject: str, *, at: datetime) -> None:
    """Let an account be found by this identity from now on, and by no other of that tenant; inside a verb.

    Raises AnswerRefused for somebody of another agency, and for an identity that is another account's.
    """
    if account.agency_id != tenant.agency_id:
        raise AnswerRefused("another_agency")
    known = _current(session, tenant.issuer, subject)
    if known is not None and known.account_id != account.id:
        raise AnswerRefused("identity_of_another")
    if known is not None:
        return
    end_identities(session, account.id, at=at)
    row = TenantIdentity(
        account_id=account.id, tenant_id=tenant.id, issuer=tenant.issuer, subject=subject, bound_at=at, ended_at=None
    )
    session.add(row)
    record(
        session, Happened.IDENTITY_BOUND, happened_on=london_date(at), agency_id=tenant.agency_id, subject=account
    )  # fmt: skip


def end_identities(session: NamedSession, account_id: UUID, *, at: datetime) -> None:
    """Let an account be found by no tenant's identity any more; inside a verb."""
    for row in session.scalars(_of_account(account_id)):
        row.ended_at = at
        account = session.get_one(Account, account_id)
        record(session, Happened.IDENTITY_ENDED, happened_on=london_date(at), subject=account)


def own_tenant(by: Person) -> tuple[str, bool]:
    """The agency whose own sign-in somebody may use, empty for none; and whether they joined their account to it."""
    with house().reading() as session:
        tenant = enabled_of(session, by.agency_id)
        if tenant is None:
            return "", False
        issuers = [row.issuer for row in session.scalars(_of_account(by.id))]
        return session.get_one(Agency, tenant.agency_id).name, tenant.issuer in issuers


def _current(session: NamedSession, issuer: str, subject: str) -> TenantIdentity | None:
    found = select(TenantIdentity).where(
        TenantIdentity.issuer == issuer, TenantIdentity.subject == subject, TenantIdentity.ended_at.is_(None)
    )
    return session.scalars(found).one_or_none()


def _of_account(account_id: UUID) -> Select[TenantIdentity]:
    found = select(TenantIdentity).where(TenantIdentity.account_id == account_id, TenantIdentity.ended_at.is_(None))
    return found.order_by(TenantIdentity.bound_at, TenantIdentity.id)
