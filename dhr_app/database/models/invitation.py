"""Who was invited to have an account, and whose role is proposed to change; what two people must agree to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear, code


class Invitation(Identified, Base):
    """Somebody is invited, in a role, under an agreement. The link is random; only its SHA-256 is kept here.

    `agreed_*` is the second person, for a role that two people give. `made_by_id` is None where the operator made it.
    It can be used once, until `expires_at`; `account_id` is the account that came of it.
    """

    __tablename__ = "invitation"

    name: Mapped[str] = clear(why="the name of a member of staff")
    email: Mapped[str] = clear(index=True, why="a work address")
    role: Mapped[str] = code()
    agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    agreement_id: Mapped[UUID | None] = clear(ForeignKey("agreement.id"))
    made_at: Mapped[datetime] = clear()
    made_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    made_by_name: Mapped[str] = clear(why="a member of staff's name as it was, or the command's")
    agreed_at: Mapped[datetime | None] = clear()
    agreed_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    agreed_by_name: Mapped[str | None] = clear(why="a member of staff's name as it was")
    expires_at: Mapped[datetime | None] = clear()
    token_sha256: Mapped[bytes | None] = clear(LargeBinary(32), unique=True)
    used_at: Mapped[datetime | None] = clear()
    account_id: Mapped[UUID | None] = clear(ForeignKey("account.id"), index=True)
    withdrawn_at: Mapped[datetime | None] = clear()


class AccountChange(Identified, Base):
    """Another role, or agency, that one person proposed for an account; it takes hold when another confirms it.

    With `unblocked_because` role and agency stay, and somebody who was blocked is let in again.
    """

    __tablename__ = "account_change"

    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    role: Mapped[str] = code()
    agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    unblocked_because: Mapped[str | None] = code()
    made_at: Mapped[datetime] = clear()
    made_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    made_by_name: Mapped[str] = clear(why="a member of staff's name as it was")
    agreed_at: Mapped[datetime | None] = clear()
    agreed_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    agreed_by_name: Mapped[str | None] = clear(why="a member of staff's name as it was")
    withdrawn_at: Mapped[datetime | None] = clear()
