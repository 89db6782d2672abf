"""A tenant is asked who is at a browser: what is made for it is kept here, for ten minutes, and taken once.

The browser holds a token in its session; the address that it is sent to holds the state. An answer counts only with
both, so that nobody signs another's browser in as themselves.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.adapters.tenant import Registration, Secrets, TenantGone, address_to_ask
from dhr_app.casework.house import house
from dhr_app.casework.joining import invitation_id_of
from dhr_app.casework.program import Program
from dhr_app.casework.sign_ins import token_hash
from dhr_app.casework.tenant import enabled_of, registration
from dhr_app.casework.throttle import take_try, telling_of_throttling
from dhr_app.database.audit import record
from dhr_app.database.models.account import SignIn
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.tenant import Tenant, TenantQuestion
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

LASTS = timedelta(minutes=10)
TENANT_PAGE = Program("sign-in through a tenant")


class TenantRefused(RuleError):
    """The same words whatever was wrong: the trail alone knows the reason."""

    def __init__(self) -> None:
        super().__init__(
            "You could not be signed in with your organisation’s account. Sign in with your password, or ask the "
            "administrator of your partnership."
        )


class NotProved(TenantRefused):
    """The same words whatever was wrong: the tenant did not show that it is whoever is signed in, just now."""

    def __init__(self) -> None:
        RuleError.__init__(
            self,
            "Your organisation’s sign-in did not show that it asked you, just now, who you are. Nothing was changed. "
            "Use a passkey or your password if you have one, or ask the administrator of your partnership.",
        )


class TenantAway(RuleError):
    """The tenant cannot be reached."""

    def __init__(self) -> None:
        super().__init__(
            "Your organisation’s sign-in does not answer at the moment. Sign in with your password, or try again later."
        )


@dataclass(frozen=True)
class Going:
    """Where a browser goes to sign in, whose sign-in that is, and the token that the browser keeps meanwhile."""

    address: str
    agency: str
    token: str


@dataclass(frozen=True)
class Asked:
    """A question that was found, and is over by that. At most one of `invitation_id` and `account_id` is given.

    With `sign_in_id` the account shows in that sign-in who it is; without it joins itself to the tenant.
    """

    tenant_id: UUID
    attempt_id: UUID
    invitation_id: UUID | None
    account_id: UUID | None
    sign_in_id: UUID | None
    asked_at: datetime
    us: Registration
    secrets: Secrets


def ask_to_sign_in(tenant_id: UUID | None, *, address: str | None, at: datetime) -> Going:
    """Let a tenant say who is there. Raises TenantRefused, TenantAway, TooManyTries."""
    with house().reading() as session:
        tenant = session.get(Tenant, tenant_id) if tenant_id else None
        tenant = enabled_of(session, tenant.agency_id) if tenant is not None else None
    if tenant is None or tenant.id != tenant_id:
        raise refused("no_tenant", at=at)
    return _ask(tenant, address=address, at=at)


def ask_for_invited(link: str, *, address: str | None, at: datetime) -> Going:
    """Let the tenant of their agency say who follows the link of an invitation. Raises NoInvitation besides."""
    invitation_id = invitation_id_of(link, address=address, at=at)
    with house().reading() as session:
        tenant = enabled_of(session, session.get_one(Invitation, invitation_id).agency_id)
    if tenant is None:
        raise refused("no_tenant", at=at)
    return _ask(tenant, invitation_id=invitation_id, address=address, at=at)


def ask_to_bind(*, address: str | None, by: Person, at: datetime) -> Going:
    """Let the tenant of their agency say who somebody is, so that they can sign in through it from then on."""
    with house().reading() as session:
        tenant = enabled_of(session, by.agency_id)
    if tenant is None:
        raise refused("no_tenant", at=at)
    return _ask(tenant, account_id=by.id, address=address, at=at)


def ask_to_prove(sign_in_id: UUID, *, address: str | None, by: Person, at: datetime) -> Going:
    """Let the tenant that somebody came through say once more who they are, for this sign-in alone."""
    with house().reading() as session:
        came_by = session.scalar(select(SignIn.tenant_id).where(SignIn.id == sign_in_id, SignIn.account_id == by.id))
        tenant = enabled_of(session, by.agency_id)
    if tenant is None or tenant.id != came_by:
        raise refused("no_tenant", at=at)
    return _ask(tenant, account_id=by.id, sign_in_id=sign_in_id, address=address, at=at)


def take_question(token: str | None, tenant_id: UUID, state: str, *, address: str | None, at: datetime) -> Asked:
    """The question that a browser brings an answer to, which is over now. Raises TenantRefused, TooManyTries."""
    with house().database.transaction(by=TENANT_PAGE, at=at) as session:
        session.hold()
        row = _open(session, token or "", at=at)
        wrong = _wrong(session, row, tenant_id, state)
        if row is not None and not wrong:
            asked = Asked(
                row.tenant_id,
                row.attempt_id,
                row.invitation_id,
                row.account_id,
                row.sign_in_id,
                row.asked_at,
                registration(session.get_one(Tenant, tenant_id)),
                Secrets(state, row.nonce or "", row.verifier or ""),
            )
            row.ended_at, row.nonce, row.verifier = at, None, None
            return asked
    _count(token or state, address=address, at=at)
    raise refused(wrong, row.tenant_id if row is not None else None, at=at)


def refused(reason: str, tenant_id: UUID | None = None, *, at: datetime) -> TenantRefused:
    """Write down by a code why a sign-in through a tenant is refused, and return what is to be raised."""
    with house().database.transaction(by=TENANT_PAGE, at=at) as session:
        tenant = session.get(Tenant, tenant_id) if tenant_id else None
        record(
            session,
            Happened.TENANT_REFUSED,
            happened_on=london_date(at),
            agency_id=tenant.agency_id if tenant else None,
            subject=tenant,
            details={"reason": reason},
        )
    return TenantRefused()


def _ask(
    tenant: Tenant,
    *,
    invitation_id: UUID | None = None,
    account_id: UUID | None = None,
    sign_in_id: UUID | None = None,
    address: str | None,
    at: datetime,
) -> Going:
    token, secrets = token_urlsafe(32), Secrets(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48))
    attempt_id = _count(token, address=address, at=at)
    try:
        onward = address_to_ask(registration(tenant), secrets, at=at)
    except TenantGone:
        raise TenantAway from None
    with house().database.transaction(by=TENANT_PAGE, at=at) as session:
        session.add(
            TenantQuestion(
                tenant_id=tenant.id,
                token_sha256=token_hash(token),
                state_sha256=token_hash(secrets.state),
                nonce=secrets.nonce,
                verifier=secrets.verifier,
                attempt_id=attempt_id,
                invitation_id=invitation_id,
                account_id=account_id,
                sign_in_id=sign_in_id,
                asked_at=at,
                ended_at=None,
            )
        )
        return Going(onward, session.get_one(Agency, tenant.agency_id).name, token)


def _count(token: str, *, address: str | None, at: datetime) -> UUID:
    """Count a question, or an answer to none, with the wrong passwords of its network until all is right."""
    in_house = house()
    with (
        telling_of_throttling(by=TENANT_PAGE, at=at),
        in_house.database.transaction(by=TENANT_PAGE, at=at) as session,
    ):
        return take_try(session, token_hash(token), address, in_house.settings, at=at).id


def _open(session: NamedSession, token: str, *, at: datetime) -> TenantQuestion | None:
    found = select(TenantQuestion).where(
        TenantQuestion.token_sha256 == token_hash(token),
        TenantQuestion.ended_at.is_(None),
        TenantQuestion.asked_at > at - LASTS,
    )
    return session.scalars(found.with_for_update()).one_or_none()


def _wrong(session: NamedSession, row: TenantQuestion | None, tenant_id: UUID, state: str) -> str:
    """What is wrong with an answer to a question, as a code; empty where nothing is."""
    if row is None:
        return "no_question"
    if not hmac.compare_digest(row.state_sha256, token_hash(state)):
        return "state"
    if row.tenant_id != tenant_id or not session.get_one(Tenant, row.tenant_id).enabled:
        return "tenant"
    return ""
