"""Who is written to once emergency access is over, or a question for it lapsed: whoever asked, and who was told of it.

References, times and links, as in casework/emergency_telling.py. Whoever stands on the block list by now is told of the
review nowhere, and whoever ended it knows.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.house import house
from dhr_app.casework.outbox import message_of
from dhr_app.casework.principal import people_in
from dhr_app.database.models.emergency import EmergencyAccess
from dhr_app.database.models.reminder import Message
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.roles import Role

YOURS_LAPSED = """\
You asked for emergency access to {reference}. Nobody answered until {when}, and the question has lapsed.
Nothing was opened. If you still need it, ask again, and ring a coordinator:
{site}/emergency"""
LAPSED = """\
A question for emergency access to {reference} lapsed on {when}: nobody answered it.
Nothing was opened. Who asked, and why, stands here:
{link}"""
YOURS_ENDED = """\
Your emergency access to {reference} has been over since {when}. You can read it no longer.
The steering group’s chair or deputy looks at it now. It stands here too:
{site}/emergency"""
ENDED = """\
Emergency access to {reference} has been over since {when}.
Who asked and who confirmed it, and how it ended, stands here:
{link}"""


def tell_lapsed(session: NamedSession, row: EmergencyAccess, *, at: datetime) -> None:
    """Write to whoever asked and to those who could have answered, once a question has lapsed."""
    subject = "A question for emergency access lapsed"
    _tell(session, row, ("asked", "lapsed"), subject, (YOURS_LAPSED, LAPSED), row.lapsed_at or at, at=at)


def tell_ended(
    session: NamedSession, row: EmergencyAccess, because: str, *, by_id: UUID | None = None, at: datetime
) -> None:
    """Write to whoever had it and to everybody who was told that it was given, once it is over.

    Where a conflict of interest ended it, not to whoever had it: that would tell of the block list.
    """
    knows = {by_id, row.asked_by_id if because == "conflict" else None}
    subject = "Emergency access to a review is over"
    when = row.ended_at or at
    _tell(session, row, ("given", "ended"), subject, (YOURS_ENDED, ENDED), when, knows=knows, at=at)


def _tell(
    session: NamedSession,
    row: EmergencyAccess,
    kinds: tuple[str, str],
    subject: str,
    words: tuple[str, str],
    when: datetime,
    *,
    knows: set[UUID | None] | None = None,
    at: datetime,
) -> None:
    """A mail to whoever was told of it before, by the kind of that mail, and to whoever asked."""
    told, over = kinds
    heard = select(Message.account_id).where(Message.kind == f"emergency_{told}_{row.id.hex}")
    whom = {row.asked_by_id, *session.scalars(heard.order_by(Message.id))} - (knows or set())
    reference = session.get_one(Review, row.review_id).reference
    site, today = house().settings.site_url, london_date(at)
    for each in people_in(session, tuple(Role)):
        if each.id not in whom or row.review_id in each.conflicts:
            continue
        body = words[0 if each.id == row.asked_by_id else 1].format(
            reference=reference,
            when=f"{in_words(london_date(when))} at {when.astimezone(LONDON):%H:%M}",
            link=f"{site}/reviews/{reference}/emergency",
            site=site,
        )
        text = f"{body}\n\nNobody reads answers to this message.\n"
        session.add(message_of(f"emergency_{over}_{row.id.hex}", each.id, today, subject, text, at=at))
