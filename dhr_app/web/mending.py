"""Where to go to put right what is still missing: each key of a condition's `mend`, and the page it means."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.errors import Reason

Mending = Callable[[str, str], str]

# Of these pages the address says which step it is done for.
OF_A_STEP = frozenset({"told"})


def _told(reference: str, condition: str) -> str:
    audience = CONDITIONS[condition].tells if condition in CONDITIONS else None
    return f"/reviews/{reference}/told" + (f"?whom={quote(audience.value)}" if audience else "")


MENDING: dict[str, Mending] = {
    "statement":     lambda reference, condition: f"/reviews/{reference}/conditions/{condition}",
    "notification":  lambda reference, condition: f"/reviews/{reference}/notification",
    "scoping":       lambda reference, condition: f"/reviews/{reference}/scoping",
    "other_reviews": lambda reference, condition: f"/reviews/{reference}/other-reviews",
    "decision":      lambda reference, condition: f"/reviews/{reference}/decision",
    "plan":          lambda reference, condition: f"/reviews/{reference}/plan",
    "earlier_steps": lambda reference, condition: f"/reviews/{reference}/earlier-steps",
    "told":          _told,
    "panel":         lambda reference, condition: f"/reviews/{reference}/panel",
    "imrs":          lambda reference, condition: f"/reviews/{reference}/imrs",
    "accuracy":      lambda reference, condition: f"/reviews/{reference}/accuracy",
    "terms":         lambda reference, condition: f"/reviews/{reference}/terms",
    "approval":      lambda reference, condition: f"/reviews/{reference}/approval",
    "publication":   lambda reference, condition: f"/reviews/{reference}/publication",
    "learning":      lambda reference, condition: f"/reviews/{reference}/learning",
    "closing":       lambda reference, condition: f"/reviews/{reference}/closing",
    "records":       lambda reference, condition: f"/reviews/{reference}/records",
    "report":        lambda reference, condition: f"/reviews/{reference}/report",
    "handover":      lambda reference, condition: f"/reviews/{reference}/handover",
    "home_office":   lambda reference, condition: f"/reviews/{reference}/home-office",
    "hold":          lambda reference, condition: f"/reviews/{reference}",
    "family":        lambda reference, condition: f"/reviews/{reference}/family",
}  # fmt: skip


def mending_url(reference: str, reason: Reason, step: str = "") -> str | None:
    """The page that puts this right for a step, by its name, or None where there is nothing to do but wait."""
    mending = MENDING.get(reason.mend)
    if mending is None:
        return None
    url = mending(quote(reference, safe=""), reason.condition)
    return f"{url}&about={quote(step)}" if step and reason.mend in OF_A_STEP else url
