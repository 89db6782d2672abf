"""The agencies' own tenants: whose people may sign in through one, who did, and what a tenant was asked just now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear


class Tenant(Identified, Base):
    """The one place where an agency's people prove who they are; what it says of others counts for nothing.

    `issuer` and `client_id` never change: another tenant is another row. It may be asked while `enabled`, which it
    is not before somebody else than who entered it confirmed it; those of before step 0036 were confirmed by nobody.
    """

    __tablename__ = "tenant"
    __table_args__ = (
        Index(
            "uq_tenant_enabled", "agency_id", unique=True,
            sqlite_where=text("enabled"), postgresql_where=text("enabled"),
        ),
    )  # fmt: skip

    agency_id: Mapped[UUID] = clear(ForeignKey("agency.id"), index=True)
    issuer: Mapped[str] = clear(why="the address of an organisation's sign-in")
    client_id: Mapped[str] = clear(why="the number that an organisation's sign-in knows this site by")
    enabled: Mapped[bool] = clear()
    entered_at: Mapped[datetime] = clear()
    entered_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    entered_by_name: Mapped[str] = clear(why="a member of staff's name as it was")
    taken_back_at: Mapped[datetime | None] = clear()
    confirmed_at: Mapped[datetime | None] = clear()
    confirmed_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    confirmed_by_name: Mapped[str | None] = clear(why="a member of staff's name as it was")


class TenantIdentity(Identified, Base):
    """Which account somebody of a tenant is: by issuer and subject alone. No address and no name of theirs is kept."""

    __tablename__ = "tenant_identity"
    __table_args__ = (
        Index(
            "uq_tenant_identity_now", "issuer", "subject", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    tenant_id: Mapped[UUID] = clear(ForeignKey("tenant.id"), index=True)
    issuer: Mapped[str] = clear(why="the address of an organisation's sign-in")
    subject: Mapped[str] = clear(why="what a tenant calls somebody: made by it, no name")
    bound_at: Mapped[datetime] = clear()
    ended_at: Mapped[datetime | None] = clear()


class TenantQuestion(Identified, Base):
    """A tenant is asked who is at this browser: once, within ten minutes. It opens nothing.

    The browser holds the token, the address that the browser is sent to holds the state: of both only the SHA-256 is
    kept. `nonce` and `verifier` go once it was answered. It is asked for somebody who was invited (`invitation_id`),
    for somebody who joins their account to it (`account_id`), who shows in their sign-in (`sign_in_id` besides) that it
    is they, or for a sign-in.
    """

    __tablename__ = "tenant_question"

    tenant_id: Mapped[UUID] = clear(ForeignKey("tenant.id"), index=True)
    token_sha256: Mapped[bytes] = clear(LargeBinary(32), unique=True)
    state_sha256: Mapped[bytes] = clear(LargeBinary(32))
    nonce: Mapped[str | None] = clear(why="random")
    verifier: Mapped[str | None] = clear(why="random")
    attempt_id: Mapped[UUID] = clear(ForeignKey("sign_in_attempt.id"))
    invitation_id: Mapped[UUID | None] = clear(ForeignKey("invitation.id"))
    account_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    sign_in_id: Mapped[UUID | None] = clear(ForeignKey("sign_in.id"))
    asked_at: Mapped[datetime] = clear()
    ended_at: Mapped[datetime | None] = clear()
