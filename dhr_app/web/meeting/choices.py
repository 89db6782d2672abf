"""Meetings as other forms offer them, in a list."""

from __future__ import annotations

from collections.abc import Iterable

from dhr_app.casework.meeting_choices import MeetingChoice
from dhr_app.web.filters import day, plural


def offered(meetings: Iterable[MeetingChoice]) -> dict[str, str]:
    """Each meeting by its id: which it was, its day, and how many organisations were present."""
    return {"": "Choose one", **{str(one.id): _line(one) for one in meetings}}


def _line(one: MeetingChoice) -> str:
    return f"{one.label}, {day(one.held_on)} ({plural(one.organisations, 'organisation')})"
