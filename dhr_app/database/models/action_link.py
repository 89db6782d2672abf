"""The one-action link: an agency reports once on one of its actions, without an account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear


class ActionLink(Identified, Base):
    """A link to report once on one action, sent to one address of its agency. Of its token only the SHA-256 is kept.

    `browser_sha256` is of the browser that asked last for a code; `code_hmac` of the code that was mailed to it, good
    until `code_until`, `code_tries` the tries of that code and `wrong_codes` all the wrong ones. `visit_sha256` is of
    the visit that a right code began. `names_held` counts reports that were held back in a visit. A report that came
    by it says so itself (`progress.link_id`).
    """

    __tablename__ = "action_link"

    action_id: Mapped[UUID] = clear(ForeignKey("action.id"), index=True)
    agency_id: Mapped[UUID] = clear(ForeignKey("agency.id"))
    email: Mapped[str] = clear(why="a work address of an agency")
    made_at: Mapped[datetime] = clear()
    made_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    expires_at: Mapped[datetime] = clear()
    token_sha256: Mapped[bytes | None] = clear(LargeBinary(32), unique=True)
    used_at: Mapped[datetime | None] = clear()
    withdrawn_at: Mapped[datetime | None] = clear()
    browser_sha256: Mapped[bytes | None] = clear(LargeBinary(32))
    code_hmac: Mapped[bytes | None] = clear(LargeBinary(32))
    code_until: Mapped[datetime | None] = clear()
    code_tries: Mapped[int] = clear(default=0)
    wrong_codes: Mapped[int] = clear(default=0)
    visit_sha256: Mapped[bytes | None] = clear(LargeBinary(32), unique=True)
    visit_until: Mapped[datetime | None] = clear()
    names_held: Mapped[int] = clear(default=0)
