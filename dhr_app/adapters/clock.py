"""What time it is: the only place where the program looks at a clock, and where London's date is made from a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Anything that can say what the moment is."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class FixedDayClock:
    """A clock whose day stands still while its hours go on: DHR_TODAY, for development and testing only."""

    today: date

    def now(self) -> datetime:
        """London's time of day as it is, on the day that was chosen; aware, in UTC."""
        wall = datetime.now(LONDON).timetz()
        return datetime.combine(self.today, wall).astimezone(UTC)


def choose_clock(*, today: date | None, env: str) -> Clock:
    """The clock for an environment. Raises ValueError where a chosen day is set in production."""
    if today is None:
        return SystemClock()
    if env == "production":
        raise ValueError("DHR_TODAY is set: production goes by the machine's own clock, so take it away.")
    return FixedDayClock(today)


def london_date(at: datetime) -> date:
    """The day it is in London at this moment, summer time included. Raises ValueError for a naive moment."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError("A moment without a time zone has no date in London.")
    return at.astimezone(LONDON).date()
