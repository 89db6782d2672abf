"""How a condition may be answered: done, does not apply, or could not be done. Nobody is made to lie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Answer(StrEnum):
    """The three answers to a condition."""

    DONE = "done"
    DOES_NOT_APPLY = "does_not_apply"
    COULD_NOT_BE_DONE = "could_not_be_done"

    @property
    def label(self) -> str:
        """The answer's words on screen."""
        return {"done": "Done", "does_not_apply": "Does not apply", "could_not_be_done": "Could not be done"}[
            self.value
        ]


# Why a condition does not apply: a list, so that figures can count the reasons.
WHY_NOT_APPLICABLE = {
    "nobody_takes_part":     "No family member takes part",
    "nobody_known":          "Nobody is known to whom this could be done",
    "not_to_be_contacted":   "The person is not to be contacted or shown material",
    "no_such_body":          "No such body or agency is involved in this review",
    "not_before_this_date":  "It was not asked for when this step was taken",
    "other_review_leads":    "Another review leads on this",
    "nothing_to_change":     "There was nothing to change, check or send",
}  # fmt: skip


@dataclass(frozen=True)
class Stated:
    """A dated statement of a named person about one condition, as the rules see it.

    `counts` is False while a second person's agreement, or the steering chair's acceptance, is still awaited.
    """

    statement_id: UUID
    condition: str
    answer: Answer
    stated_on: date
    counts: bool
