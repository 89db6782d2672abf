"""Meetings that are planned: which sorts there are, who may know of each, and who may plan, move and cancel it.

Meetings with a bereaved family are none of them: when the family is met is theirs, stands with their own records, and
goes into nobody’s calendar (decision 40).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.record_wording import MEETING_KINDS

PANEL = "panel"
STEERING_GROUP = "steering_group"

# What the partnership plans beside its reviews. The names of a review’s own are those of the meetings it holds.
GATHERINGS = {STEERING_GROUP: "Steering group", "learning_event": "Learning event"}


class Stand(StrEnum):
    """How a planned meeting stands."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


def named(kind: str, *, of_a_review: bool) -> str:
    """What a meeting of this kind is called: “Review panel meeting”, “Learning event”."""
    name = MEETING_KINDS[kind] if of_a_review else GATHERINGS[kind]
    return name if kind in ("learning_event", "debrief") else f"{name} meeting"


def may_know(person: Person, kind: str, review_id: UUID | None, *, on: date) -> bool:
    """Whether the person may know of it: whoever may read what such a meeting of the review agreed.

    Of the steering group’s own whoever sees its overview; of a learning event everybody who works with the partnership.
    """
    if review_id is not None:
        return allows(person, "meeting.see", review_id=review_id, on=on)
    return allows(person, "overview.see" if kind == STEERING_GROUP else "meetings.list", on=on)


def may_plan(person: Person, kind: str, review_id: UUID | None, *, on: date) -> bool:
    """Whether the person plans, moves and cancels it: the coordinator all, a review’s chair those of its panel."""
    if review_id is None:
        return allows(person, "meetings.plan", on=on)
    if not allows(person, "meeting.plan", review_id=review_id, on=on):
        return False
    return kind == PANEL or allows(person, "meetings.plan", on=on)
