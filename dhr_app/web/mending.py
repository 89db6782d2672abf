"""Where to go to put right what is still missing: each key of a condition's `mend`, and the page it means."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.errors import Reason

Mending = Callable[[str, str], str]


def _told(reference: str, condition: str) -> str:
    audience = CONDITIONS[condition].tells if condition in CONDITIONS else None
    return f"/reviews/{reference}/told" + (f"?whom={quote(audience.value)}" if audience else "")


MENDING: dict[str, Mending] = {
    "statement":     lambda reference, condition: f"/reviews/{reference}/conditions/{condition}",
    "notification":  lambda reference, condition: f"/reviews/{reference}/notification",
    "scoping":       lambda reference, condition: f"/reviews/{reference}/scoping",
    "other_reviews": lambda reference, condition: f"/reviews/{reference}/other-reviews",
    "decision":      lambda reference, condition: f"/reviews/{reference}/decision",
    "told":          _told,
    "hold":          lambda reference, condition: f"/reviews/{reference}",
}  # fmt: skip


def mending_url(reference: str, reason: Reason) -> str | None:
    """The page that puts this right, or None where there is nothing to do but wait."""
    mending = MENDING.get(reason.mend)
    return mending(quote(reference, safe=""), reason.condition) if mending else None
