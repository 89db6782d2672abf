"""The form of a decision: which way, on what grounds, for what reasons."""

from __future__ import annotations

from dhr_app.casework.decision import DecisionEntry, DecisionPage
from dhr_app.web.choosing import Versioned
from dhr_app.web.fields import long_text, one_of, some_of
from dhr_app.workflows.wording import DECISIONS


class DecisionForm(Versioned):
    """The grounds are those of the review’s rule set, and are set when the form is made."""

    kind = one_of("What is the decision?", DECISIONS)
    criteria = some_of(
        "Which criteria for a review are met?", {}, hint="Tick all that apply, whichever way the decision goes."
    )
    against = some_of("If not to review: on which grounds?", {}, hint="Leave these if the decision is to review.")
    reasons = long_text(
        "Reasons",
        hint="In a few sentences that the Home Office and the family can be told.",
        rows=8,
    )

    def offer(self, page: DecisionPage) -> None:
        """Offer the grounds of the review’s rule set."""
        self.criteria.choices = dict(page.criteria)
        self.against.choices = dict(page.reasons_not_to)

    @property
    def entry(self) -> DecisionEntry:
        """What was typed."""
        grounds = (*(self.criteria.data or ()), *(self.against.data or ()))
        return DecisionEntry(self.kind.data or "", grounds, self.reasons.data or "")
