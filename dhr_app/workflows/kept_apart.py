"""What is kept apart: which records are, who may be let open them, for how long, and what each code means.

Of children, of somebody's health, and of what police intelligence says (a MARAC's papers above all), more is known
than a review needs; and where a family can be reached is for those alone who speak with them. Nobody opens it by their
office: the review's chair does, and whoever was given an extra grant by somebody else (security.md, 1.1 and 3.2).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.permissions import Person, Query
from dhr_app.workflows.predicates import a_coordinator, member_of_the_review, the_steering_chair

# House rule: a grant is for a piece of work, so it ends within twelve weeks; who needs it longer is given another.
GRANT_LASTS = timedelta(weeks=4)
GRANT_AT_MOST = timedelta(weeks=12)

NOTE_KINDS = {
    "child": "About a child",
    "health": "About somebody’s health",
    "police_intelligence": "Police intelligence, or papers of a MARAC",
    "other": "Something else to be kept apart",
}

GRANTED_BECAUSE = {
    "family_contact": "They speak with the family",
    "children": "They look after what concerns the children",
    "health_records": "They work on the health records",
    "police_records": "They work on police intelligence",
    "drafting": "They write the part of the report that rests on it",
    "checking": "They check the records for a request or a complaint",
}

GRANT_ENDED_BECAUSE = {
    "taken_back": "It was taken back",
    "seat_ended": "Their seat on the review ended",
    "barred": "They were put on the block list",
    "account_blocked": "Their account was blocked",
    "role_changed": "Their role or agency changed",
    "review_ended": "The review ended",
}

STRUCK_OUT_BECAUSE = {
    "mistake": "It was entered by mistake",
    "another_person": "It is about somebody else",
    "no_longer_needed": "The review does not need it",
    "asked_to": "Somebody had the right to have it taken out",
}

YOURSELF = "Nobody gives this to themselves: ask another coordinator, or the steering group’s chair."
NO_PLACE = (
    "They have no open seat on this review and no office that opens its details. Give them a seat first, and let them"
    " open it."
)
BARRED = "The block list of this review bars them: they are given nothing of it."


def may_hold(person: Person, review_id: UUID, on: date) -> bool:
    """Whether somebody has a place from which a grant opens anything: an open seat, or an office that opens details."""
    query = Query(person, review_id, None, on, "kept_apart.read")
    has_a_place = member_of_the_review(query) or a_coordinator(query) or the_steering_chair(query)
    return has_a_place and review_id not in person.conflicts


def grant_faults(
    *, because: str, from_on: date | None, to_on: date | None, today: date, reasons: Collection[str] = GRANTED_BECAUSE
) -> dict[str, str]:
    """What is wrong with the terms of a grant, a sentence for each field."""
    faults = {}
    if because not in reasons:
        faults["because"] = "Say why they need it: choose the reason."
    if from_on is None:
        faults["from_on"] = "Give the first day."
    elif from_on < today:
        faults["from_on"] = "This day is over: a grant begins today or later."
    if to_on is None:
        faults["to_on"] = "Give the last day."
    elif to_on < today:
        faults["to_on"] = "This day is over: give a last day still to come."
    elif from_on is not None and to_on < from_on:
        faults["to_on"] = "The last day cannot be before the first: check both days."
    elif from_on is not None and to_on > from_on + GRANT_AT_MOST:
        latest = in_words(from_on + GRANT_AT_MOST)
        faults["to_on"] = f"A grant lasts twelve weeks at most: give a day until {latest}, and give it anew then."
    return faults
