"""The next date of a review, as it is told to a chair or author: whose it is, and late only where it is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dhr_app.casework.turns import owe
from dhr_app.casework.words import what
from dhr_app.database.models.review import Review
from dhr_app.workflows.facts import ReviewFacts
from dhr_app.workflows.owing import is_nobodys_fault, owed_by
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.waiting import Waiting

# Who owes the next date, in words, where that is not whoever looks.
OWNERS = {
    Waiting.PARTNERSHIP: "the partnership",
    Waiting.CHAIR: "the chair",
    Waiting.AGENCY: "an agency",
    Waiting.HOME_OFFICE: "the Home Office",
}


@dataclass(frozen=True)
class NextDate:
    """The next date of a review. `owner` says who owes it; empty where it is the reader’s own (`mine`), or nobody’s.

    `late` is said only of what the reader owes; `passed` that the day has passed, whoever owes it.
    """

    on: date
    what: str
    mine: bool
    owner: str
    passed: bool
    late: bool


def next_date_of(review: Review, facts: ReviewFacts, by: Person, today: date) -> NextDate | None:
    """Its next date for this person, if one is running."""
    if review.next_on is None:
        return None
    on_hold = review.on_hold_since is not None
    owner = owed_by(review.next_what, facts.stage, on_hold=on_hold, agencies_owe=owe(facts))
    mine = owner is Waiting.CHAIR and by.role is Role.INDEPENDENT_CHAIR
    passed = review.next_on < today and not on_hold
    return NextDate(
        on=review.next_on,
        what=what(review.next_what),
        mine=mine,
        owner=OWNERS.get(owner, "") if owner and not mine else "",
        passed=passed,
        late=passed and owner is Waiting.CHAIR and not is_nobodys_fault(review.next_what),
    )
