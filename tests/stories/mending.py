"""Which page of a review puts right what a refusal lists, and what somebody at the office does there."""

from __future__ import annotations

from collections.abc import Callable

from tests.stories import (
    agreeing,
    bringing_in,
    finishing,
    gathering,
    handing_over,
    listening,
    passing_on,
    planning,
    publishing,
    seating,
)
from tests.stories.coordinating import Office

MENDING: dict[str, Callable[[Office, str], None]] = {
    "scoping":       gathering.mend_scoping,
    "other-reviews": Office.consider_other_reviews,
    "decision":      Office.mend_decision,
    "panel":         seating.mend_panel,
    "terms":         agreeing.mend_terms,
    "imrs":          gathering.mend_imrs,
    "family":        listening.mend_family,
    "report":        finishing.mend_report,
    "accuracy":      gathering.mend_accuracy,
    "approval":      agreeing.mend_approval,
    "plan":          planning.mend_plan,
    "home-office":   finishing.mend_home_office,
    "publication":   publishing.mend_publication,
    "learning":      passing_on.mend_learning,
    "closing":       passing_on.mend_closing,
    "handover":      handing_over.mend_handover,
    "earlier-steps": bringing_in.mend_earlier_steps,
}  # fmt: skip
