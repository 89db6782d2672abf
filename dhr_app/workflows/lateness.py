"""How late things are, in the few bands that a steering group looks at: of reviews by next date, of open actions."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

# Calendar days: up to a month late, up to three, and how far ahead “soon” reaches.
A_MONTH, THREE_MONTHS, SOON = 30, 90, 28


class Band(StrEnum):
    """Where a day stands against today; UNDATED has none. The order is that of tables and bars."""

    LATE_LONG = "late_over_90"
    LATE = "late_31_to_90"
    LATE_SHORT = "late_up_to_30"
    SOON = "due_within_4_weeks"
    LATER = "due_later"
    UNDATED = "no_date"

    @property
    def label(self) -> str:
        """The band in words."""
        return LABELS[self]

    @property
    def late(self) -> bool:
        """Whether the day has passed."""
        return self in LATE


LABELS = {
    Band.LATE_LONG:  "More than 90 days late",
    Band.LATE:       "31 to 90 days late",
    Band.LATE_SHORT: "Up to 30 days late",
    Band.SOON:       "Due within four weeks",
    Band.LATER:      "Due later",
    Band.UNDATED:    "No date",
}  # fmt: skip
LATE = (Band.LATE_LONG, Band.LATE, Band.LATE_SHORT)

# An open action that was reported as done waits for the steering group chair, whatever its date was.
REPORTED = "reported_as_done"
REPORTED_LABEL = "Reported, to be signed off"

# Work that goes on without an end is never late: its day says only when to look at it again.
LOOK_AGAIN = "to_look_at_again"
LOOK_AGAIN_LABEL = "To look at again"
ACTION_BANDS: tuple[str, ...] = (REPORTED, *LATE, LOOK_AGAIN, Band.SOON, Band.LATER, Band.UNDATED)


def band_of(due_on: date | None, today: date) -> Band:
    """Where a day stands. Due today is not late."""
    if due_on is None:
        return Band.UNDATED
    days = (today - due_on).days
    if days > THREE_MONTHS:
        return Band.LATE_LONG
    if days > A_MONTH:
        return Band.LATE
    if days > 0:
        return Band.LATE_SHORT
    return Band.SOON if days >= -SOON else Band.LATER


def edges(today: date) -> dict[Band, tuple[date | None, date | None]]:
    """The first and last day of each band but UNDATED, both included; None where it has no end. As band_of() says."""
    day = timedelta(days=1)
    long, short = today - THREE_MONTHS * day, today - A_MONTH * day
    return {
        Band.LATE_LONG:  (None, long - day),
        Band.LATE:       (long, short - day),
        Band.LATE_SHORT: (short, today - day),
        Band.SOON:       (today, today + SOON * day),
        Band.LATER:      (today + SOON * day + day, None),
    }  # fmt: skip


def action_band(target_on: date | None, look_again_on: date | None, done_on: date | None, today: date) -> str:
    """Where an open action stands: reported as done, or by its target date, else by the day to look at it again."""
    if done_on is not None:
        return REPORTED
    if target_on is None and look_again_on is not None and look_again_on < today:
        return LOOK_AGAIN
    return band_of(target_on or look_again_on, today)


def quarter_up_to(day: date) -> tuple[date, date]:
    """The first and last day of the three months that end with a day: 4 March to 3 June."""
    year, month = (day.year, day.month - 3) if day.month > 3 else (day.year - 1, day.month + 9)
    same = date(year, month, min(day.day, monthrange(year, month)[1]))
    return same + timedelta(days=1), day
