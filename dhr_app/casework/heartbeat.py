"""Whether the clockwork works: it writes down every minute that it does, and whoever watches asks when it last did."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from dhr_app.adapters.clock import LONDON
from dhr_app.casework.house import House
from dhr_app.casework.program import Program
from dhr_app.database.models.clockwork_beat import ClockworkBeat
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import in_words

NAME = "clockwork"
# One job at a time works: while a long one does, such as the nightly proof, no beat is written.
STILL_AFTER = timedelta(minutes=30)
NEVER = "No clockwork has worked here yet: `dhr serve` starts one beside the site."
WORKS = "The clockwork works: reminders are written and mail goes out."
STILL = (
    "The clockwork has stood still since {day} at {time}: nobody is reminded and no mail goes out. See that `dhr serve`"
    " or `dhr work` runs, and what it says."
)


def beat(in_house: House, *, at: datetime) -> None:
    """Write down that the clockwork works. Raises DatabaseUnavailable."""
    with in_house.database.transaction(by=Program("heartbeat"), at=at) as session:
        row = _row(session)
        if row is None:
            session.add(ClockworkBeat(name=NAME, beat_at=at))
        else:
            row.beat_at = at


def still_since(in_house: House) -> datetime | None:
    """When the clockwork last worked, where that is too long ago; None while it works, or never has.

    Raises DatabaseUnavailable.
    """
    with in_house.reading() as session:
        row = _row(session)
    return row.beat_at if row is not None and in_house.clock.now() - row.beat_at > STILL_AFTER else None


def finding(in_house: House) -> tuple[bool, str]:
    """For `dhr check`: that the clockwork works."""
    with in_house.reading() as session:
        never = _row(session) is None
    if never:
        return True, NEVER
    since = still_since(in_house)
    if since is None:
        return True, WORKS
    local = since.astimezone(LONDON)
    return False, STILL.format(day=in_words(local.date()), time=f"{local:%H:%M}")


def _row(session: NamedSession) -> ClockworkBeat | None:
    return session.scalars(select(ClockworkBeat).where(ClockworkBeat.name == NAME)).one_or_none()
