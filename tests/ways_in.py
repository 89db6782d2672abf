"""What tests do with links to a new password."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.house import House
from dhr_app.casework.inbox import mail
from dhr_app.casework.way_in import WayInEntry, ask, confirm
from dhr_app.database.models import Message, WayIn
from dhr_app.workflows.permissions import Person

SEEN = WayInEntry("seen", with_factor=False)
ALL_LOST = WayInEntry("telephone", with_factor=True)


def asked(house: House, whose: Person, *, by: Person, entry: WayInEntry = SEEN, at: datetime) -> UUID:
    """A new password is asked for; the id of what was asked."""
    ask(whose.id, entry, by=by, at=at)
    with house.reading() as session:
        rows = select(WayIn.id).where(WayIn.account_id == whose.id, WayIn.withdrawn_at.is_(None))
        return session.scalars(rows.order_by(WayIn.made_at.desc(), WayIn.id)).all()[0]


def let_go(house: House, whose: Person, *, by: Person, second: Person, entry: WayInEntry = SEEN, at: datetime) -> str:
    """A link that was let go, by two where two are asked for; its token, as the mail brings it."""
    way_in_id = asked(house, whose, by=by, entry=entry, at=at)
    with house.reading() as session:
        waits = session.get_one(WayIn, way_in_id).expires_at is None
    if waits:
        confirm(way_in_id, by=second, at=at)
    return token_of(house, way_in_id, at=at)


def token_of(house: House, way_in_id: UUID, *, at: datetime) -> str:
    """The token of a link, minted anew as for a mail server."""
    with house.reading() as session:
        message_id = session.scalars(select(Message.id).where(Message.way_in_id == way_in_id)).one()
    lines = [line.path for line in mail(message_id, at=at).lines]
    (found,) = [match[1] for path in lines if (match := re.match(r"/new-password/([\w-]{43})$", path))]
    return found
