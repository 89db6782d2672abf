"""What somebody was shown or sent, in words that hold no name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dhr_app.workflows.events import Happened
from dhr_app.workflows.record_wording import DETAILS_OPENED

FILES_SENT = {
    Happened.DRAFT_READ:    "The file of draft {number}: {label}",
    Happened.EVIDENCE_READ: "The file of evidence for action {number}",
}  # fmt: skip

# Not on a page that shows it, but on the way to something else: of a step that failed, an answer may have shown it.
OPENED_WITHIN = {"step": " (in a step they took)", "undone": " (in a step that was not carried out)"}


def opened_words(kind: Happened, details: Mapping[str, Any]) -> str:
    """What somebody was shown or sent, by its class, or by a file's kind and number; never by a name that is sealed."""
    if kind in FILES_SENT:
        return FILES_SENT[kind].format(number=details.get("number", ""), label=details.get("label", "")).strip()
    classes = "; ".join(DETAILS_OPENED.get(each, each) for each in details.get("classes", ()))
    during = " (during emergency access)" if details.get("emergency") else ""
    return classes + during + OPENED_WITHIN.get(str(details.get("within", "")), "")
