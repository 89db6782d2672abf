"""The sentences of what is about days: what a family was promised, and bank holidays. See sentences.py."""

from __future__ import annotations

from dhr_app.workflows.events import Happened

# Each with whether a review’s timeline shows it.
OF_DAYS: dict[Happened, tuple[str, bool]] = {
    Happened.FAMILY_NEWS_SETTLED:     ("It was settled when family member {number} hears of the review again", True),
    Happened.DATES_COUNTED_AGAIN:     ("Bank holidays changed: {number} dates of the review moved", True),
    Happened.BANK_HOLIDAY_ADDED:      ("A bank holiday was added: {until}", False),
    Happened.BANK_HOLIDAY_TAKEN_BACK: ("A bank holiday that had been added was taken back: {until}", False),
}  # fmt: skip
