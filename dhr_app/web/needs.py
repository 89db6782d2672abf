"""What a move needs, line by line as pages show it: how each stands, and where to go to answer it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from dhr_app.casework.review_page import MoveShown, NeedShown
from dhr_app.web.mending import mending_url
from dhr_app.workflows.answers import Answer, Stated

# What one has to hold to open the page that each key of web.mending leads to.
ASKED_BY_PAGE = {
    "statement":     "statement.see",
    "notification":  "notification.see",
    "scoping":       "scoping.see",
    "other_reviews": "review.see",
    "decision":      "decision.see",
    "plan":          "plan.see",
    "earlier_steps": "review.see",
    "told":          "told.record",
    "report":        "paper.see",
    "home_office":   "home_office.see",
    "handover":      "handover.see",
    "publication":   "publication.see",
    "learning":      "learning.see",
    "closing":       "closing.see",
    "terms":         "terms.see",
    "approval":      "approval.see",
    "imrs":          "imr.see",
    "accuracy":      "accuracy.see",
    "panel":         "panel.see",
    "family":        "family.see",
}  # fmt: skip


@dataclass(frozen=True)
class NeedLine:
    """One condition: `state` is answered, waiting or open; `url` mends it, `otherwise` says why it will not be done.

    Both are None for somebody who cannot open the page.
    """

    sentence: str
    state: str
    status: str
    url: str | None
    otherwise: str | None


def need_lines(reference: str, shown: MoveShown, may: Set[str]) -> tuple[NeedLine, ...]:
    """The conditions of a move for somebody with these permissions on the review, those still open first."""
    lines = [_line(reference, need, shown.move.name, may) for need in shown.needs]
    return tuple(sorted(lines, key=lambda line: line.state == "answered"))


def _line(reference: str, need: NeedShown, step: str, may: Set[str]) -> NeedLine:
    state, status = _status(need.answer, need.pending)
    mend = need.condition.mend
    url = mending_url(reference, need.condition.reason(), step) if ASKED_BY_PAGE.get(mend) in may else None
    excusable = need.answer is None and mend != "statement" and need.condition.accepts(Answer.DOES_NOT_APPLY)
    otherwise = (
        f"/reviews/{reference}/conditions/{need.condition.name}" if excusable and "statement.see" in may else None
    )
    return NeedLine(need.condition.sentence, state, status, url, otherwise)


def _status(answer: Answer | None, pending: Stated | None) -> tuple[str, str]:
    if answer is not None:
        return "answered", answer.label
    if pending is None:
        return "open", "Still\N{NO-BREAK SPACE}needed"
    if pending.answer is Answer.COULD_NOT_BE_DONE:
        return "waiting", "Waits for the steering group chair"
    return "waiting", "Waits for a second person"
