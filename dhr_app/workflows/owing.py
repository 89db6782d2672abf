"""Whose turn each date of a review is: who owes what is next, which need not be whoever the stage waits for."""

from __future__ import annotations

from collections.abc import Mapping

from dhr_app.workflows.dates import REVIEW_THE_HOLD, TAKE_UP_THE_DECISION
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.waiting import TURN, Waiting, waits_for_now

FAMILY_READING = "family_reading_due"

# By the key of the deadline. What has to be told, the partnership tells; a hold and a deferral are its own to end.
OWES: Mapping[str, Waiting] = {
    "decision_due":         Waiting.PARTNERSHIP,
    "scoping_return_due":   Waiting.AGENCY,
    "chair_appointed_due":  Waiting.PARTNERSHIP,
    "first_panel_due":      Waiting.CHAIR,
    "chronology_due":       Waiting.AGENCY,
    "imr_due":              Waiting.AGENCY,
    "overview_report_due":  Waiting.CHAIR,
    "factual_accuracy_due": Waiting.AGENCY,
    FAMILY_READING:         Waiting.CHAIR,
    "submission_due":       Waiting.PARTNERSHIP,
    "qa_expected":          Waiting.HOME_OFFICE,
    "qa_amendments_due":    Waiting.CHAIR,
    "publish_due":          Waiting.PARTNERSHIP,
    "briefing_due":         Waiting.PARTNERSHIP,
    "seminar_due":          Waiting.PARTNERSHIP,
    "closure_audit_due":    Waiting.PARTNERSHIP,
    REVIEW_THE_HOLD:        Waiting.PARTNERSHIP,
    TAKE_UP_THE_DECISION:   Waiting.PARTNERSHIP,
    **{duty.rule: Waiting.PARTNERSHIP for duty in DUTIES.values()},
}  # fmt: skip


def owed_by(next_what: str | None, stage: Stage, *, on_hold: bool, agencies_owe: bool) -> Waiting | None:
    """Who owes the next date; without one, whoever the stage waits for. None where nobody is waited for any more."""
    if TURN.get(stage) is None:
        return None
    if on_hold:
        return Waiting.ON_HOLD
    found = OWES.get(next_what or "")
    return found or waits_for_now(stage, on_hold=False, agencies_owe=agencies_owe)


def is_nobodys_fault(next_what: str | None) -> bool:
    """Whether it is a time given to a family: a day that passed is said plainly, and nobody was late."""
    return next_what == FAMILY_READING
