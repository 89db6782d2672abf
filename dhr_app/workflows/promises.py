"""By when a family member was promised to hear of the review again: the rule, which knows days and wishes and no name.

Source: the guidance asks that families are kept informed and gives no number; once a month is this system's own rule
(decision 41), and what somebody wishes for themselves comes before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dhr_app.workflows.request_dates import months_after

NOT_ASKED = "not_asked"
# How often somebody wishes to hear from us, as it is asked of them.
NEWS_WISHES = {
    NOT_ASKED:     "Not asked yet: once a month until they say",
    "monthly":     "Once a month",
    "two_months":  "Every two months",
    "at_the_end":  "Only at the end of the review",
    "rather_not":  "Would rather not hear from us",
}  # fmt: skip

# After how many calendar months the next update is promised; whoever is not among these is promised none.
MONTHS = {NOT_ASKED: 1, "monthly": 1, "two_months": 2}

# How a day was found: counted from the last contact; given by hand; counted from the day on which it began again.
COUNTED, GIVEN, AGAIN = "counted", "given", "again"

# Why a promise stands no longer.
ENDED_BECAUSE = {
    "kept":          "Kept",
    "changed":       "Changed as they wished",
    "not_contacted": "They are not to be contacted now",
    "corrected":     "What it counted from was corrected",
    "over":          "The review ended",
}  # fmt: skip


@dataclass(frozen=True)
class Contact:
    """A day on which a family member was told or offered something; `no_more` where they asked not to be updated."""

    on: date
    no_more: bool = False


@dataclass(frozen=True)
class Promise:
    """By when the next update is promised, counted since when; `how` is one of those above."""

    due_on: date
    since_on: date
    how: str = COUNTED


def next_update(
    contacts: Sequence[Contact], wish: str, given: Promise | None, *, takes_part: str, may_be_told: bool
) -> Promise | None:
    """What is promised now; None for whoever does not wish it, and before anybody was in touch.

    It counts calendar months from the last contact: from the last day of a month to the last of a shorter one. What
    was `given` otherwise than counted so stands until somebody is in touch after it. `may_be_told` is false of whoever
    is not to be contacted, and once the review is over. Whoever takes no part is promised something only if they asked
    for it.
    """
    if not may_be_told or wish not in MONTHS:
        return None
    last = max((one.on for one in contacts), default=None)
    if given is not None and (last is None or last <= given.since_on):
        return given
    if last is None or (wish == NOT_ASKED and (takes_part == "no" or _said_no_more(contacts))):
        return None
    return Promise(months_after(last, MONTHS[wish]), last)


def begun_again(wish: str, today: date) -> Promise:
    """What is promised from today on, where it would otherwise be late the moment it begins. The wish has MONTHS."""
    return Promise(months_after(today, MONTHS[wish]), today, AGAIN)


def _said_no_more(contacts: Sequence[Contact]) -> bool:
    """Whether somebody said, when they were last in touch, that they wish no updates."""
    last = max(one.on for one in contacts)
    return any(one.no_more for one in contacts if one.on == last)
