"""The sentences of meetings, planned and held, and of private calendars."""

from __future__ import annotations

from dhr_app.workflows.events import Happened

OF_MEETINGS = {
    Happened.MEETING_PLANNED:   "A meeting was planned: {label}",
    Happened.MEETING_MOVED:     "A planned meeting was moved: {label}",
    Happened.MEETING_CANCELLED: "A planned meeting was cancelled: {label}",
    Happened.MEETING_TOOK_PLACE: "A planned meeting was held: {label}",
    Happened.MEETING_HELD:      "A meeting was held: {label}, number {number}",
    Happened.MEETING_CHANGED:   "The record of a meeting was corrected: {label}, number {number}",
    Happened.MEETING_REMOVED:   "A meeting entered by mistake was taken out: {label}, number {number}",
}  # fmt: skip

# Of somebody’s own calendar: on no review’s timeline.
OF_CALENDARS = {
    Happened.CALENDAR_LINK_MADE:      "A link to a private calendar was made",
    Happened.CALENDAR_LINK_WITHDRAWN: "The link to a private calendar was withdrawn",
    Happened.CALENDAR_FETCHED:        "A program fetched a private calendar",
}  # fmt: skip
