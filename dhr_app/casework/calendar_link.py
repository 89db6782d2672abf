"""The secret link of somebody’s private calendar: made, made anew, withdrawn; what it opens when a program comes by it.

Whoever has the link reads the calendar without signing in. So only its hash is kept, it is shown once, and it dies with
the account, with the role or agency it was made for, or at a word of its owner’s. What it opens is asked anew at each
fetch.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.principal import person_of
from dhr_app.casework.program import Program
from dhr_app.casework.scene import require
from dhr_app.casework.throttle import check_tries, take_try, telling_of_throttling
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.planned_meeting import CalendarLink
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import NotAllowed, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person, allows

CALENDAR_PAGE = Program("calendar link")
LINKS = "calendar links"
BESIDE = "calendar"  # under which name tries are counted, apart from those at a password
TURNED_OFF = "The partnership has turned private calendars off. Your dates are under “Meetings” and on your own page."


@dataclass(frozen=True)
class OwnCalendar:
    """Somebody’s own link as its page shows it; the link itself is shown nowhere again.

    `made_on` is None where they have none that opens anything; `fetched_on` where no program has come by it yet.
    """

    turned_on: bool
    made_on: date | None
    fetched_on: date | None


def own_calendar(*, by: Person, at: datetime) -> OwnCalendar:
    """How the person’s own link stands. Raises NotAllowed."""
    require(by, "meetings.list", on=london_date(at))
    with house().reading() as session:
        row = _live(session, by)
        made_on = london_date(row.made_at) if row else None
        return OwnCalendar(house().settings.calendar_feed, made_on, row.fetched_on if row else None)


def make_link(*, by: Person, at: datetime) -> str:
    """Make a link and say it, this once; one that was made before opens nothing any more. Raises NotAllowed."""
    today = london_date(at)
    require(by, "meetings.list", on=today)
    if not house().settings.calendar_feed:
        raise NotAllowed("meetings.list", TURNED_OFF)
    token = secrets.token_urlsafe(32)
    with house().transaction(by=by, at=at) as session:
        session.queue(LINKS)
        end_links(session, by.id, at=at)
        row = CalendarLink(
            account_id=by.id, role=by.role.value, agency_id=by.agency_id, token_sha256=_sha256(token), made_at=at
        )
        session.add(row)
        session.flush()
        record(session, Happened.CALENDAR_LINK_MADE, happened_on=today, subject=row)
    return f"{house().settings.site_url}/calendar/{token}.ics"


def withdraw_link(*, by: Person, at: datetime) -> None:
    """Let one’s link open nothing any more; where there is none, nothing happens. Raises NotAllowed."""
    require(by, "meetings.list", on=london_date(at))
    with house().transaction(by=by, at=at) as session:
        session.queue(LINKS)
        end_links(session, by.id, at=at)


def whose(token: str, *, address: str | None, at: datetime) -> Person:
    """The person behind a link, as they stand at this moment; on one day the first fetch is in the audit trail.

    Raises OutOfReach, the same for a link that is unknown or withdrawn, whose owner is blocked or has another role or
    agency, and where calendars are turned off; TooManyTries, whether the link is good or not.
    """
    today, token_sha256 = london_date(at), _sha256(token)
    with telling_of_throttling(by=CALENDAR_PAGE, at=at), house().reading() as session:
        check_tries(session, token_sha256, address, house().settings, beside=BESIDE, at=at)
        row, person = _found(session, token_sha256)
    if row is None or person is None or not allows(person, "meetings.list", on=today):
        _count(token_sha256, address=address, at=at)
        raise OutOfReach
    if row.fetched_on != today:
        _write_down(person, at=at)
    return person


def _found(session: NamedSession, token_sha256: bytes) -> tuple[CalendarLink | None, Person | None]:
    """The link and its owner, where it opens anything."""
    rows = (
        select(CalendarLink, Account)
        .join(Account, Account.id == CalendarLink.account_id)
        .where(
            CalendarLink.token_sha256 == token_sha256,
            CalendarLink.withdrawn_at.is_(None),
            CalendarLink.role == Account.role,
            CalendarLink.agency_id.is_not_distinct_from(Account.agency_id),
            Account.blocked_on.is_(None),
        )
    )
    found = session.execute(rows).one_or_none()
    if found is None or not house().settings.calendar_feed:
        return None, None
    return found[0], person_of(session, found[1])


def _count(token_sha256: bytes, *, address: str | None, at: datetime) -> None:
    """Count a link that opens nothing. One that does is counted nowhere: a program comes by it for years."""
    in_house = house()
    with (
        telling_of_throttling(by=CALENDAR_PAGE, at=at),
        in_house.database.transaction(by=CALENDAR_PAGE, at=at) as session,
    ):
        take_try(session, token_sha256, address, in_house.settings, beside=BESIDE, at=at)


def _write_down(person: Person, *, at: datetime) -> None:
    """Say in the trail that a program fetched the calendar, once a day."""
    with house().transaction(by=person, at=at) as session:
        session.queue(LINKS)
        row = _live(session, person)
        if row is None or row.fetched_on == london_date(at):
            return
        row.fetched_on = london_date(at)
        record(session, Happened.CALENDAR_FETCHED, happened_on=london_date(at), subject=row)


def end_links(session: NamedSession, account_id: UUID, *, at: datetime) -> None:
    """Withdraw whatever link somebody has, inside a verb: it comes back with no unblocking and no earlier role."""
    rows = select(CalendarLink).where(CalendarLink.account_id == account_id, CalendarLink.withdrawn_at.is_(None))
    for row in session.scalars(rows.order_by(CalendarLink.id)):
        row.withdrawn_at = at
        record(session, Happened.CALENDAR_LINK_WITHDRAWN, happened_on=london_date(at), subject=row)


def _live(session: NamedSession, by: Person) -> CalendarLink | None:
    rows = select(CalendarLink).where(
        CalendarLink.account_id == by.id,
        CalendarLink.role == by.role.value,
        CalendarLink.agency_id.is_not_distinct_from(by.agency_id),
        CalendarLink.withdrawn_at.is_(None),
    )
    return session.scalars(rows.order_by(CalendarLink.id)).one_or_none()


def _sha256(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
