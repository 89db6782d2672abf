"""A new password for somebody who has forgotten theirs: who made sure of them and how, and the link that lets them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear, code


class WayIn(Identified, Base):
    """Somebody may choose a new password for their account, by a link of which only the SHA-256 is kept here.

    `email` is the account's address as it was: the link is for whoever has that one. `with_factor` is whether what they
    proved beside their password goes when the link is used. `made_sure` is a code of workflows/way_in.py. `agreed_*` is
    the second person, for a role that two people give. `made_by_id` is None where the operator made it. It can be used
    once, until `expires_at`; before it may go out it has none.
    """

    __tablename__ = "way_in"

    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    email: Mapped[str] = clear(why="a work address")
    made_sure: Mapped[str] = code()
    with_factor: Mapped[bool] = clear()
    made_at: Mapped[datetime] = clear()
    made_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    made_by_name: Mapped[str] = clear(why="a member of staff's name as it was, or the command's")
    agreed_at: Mapped[datetime | None] = clear()
    agreed_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    agreed_by_name: Mapped[str | None] = clear(why="a member of staff's name as it was")
    expires_at: Mapped[datetime | None] = clear()
    token_sha256: Mapped[bytes | None] = clear(LargeBinary(32), unique=True)
    used_at: Mapped[datetime | None] = clear()
    withdrawn_at: Mapped[datetime | None] = clear()
