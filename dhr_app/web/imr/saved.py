"""What somebody saved of an IMR, in a sentence that holds no name: the pages of months are filled in bit by bit."""

from __future__ import annotations

from dhr_app.casework.imr import IN_A_SENTENCE
from dhr_app.casework.imr_answer import ImrEntry
from dhr_app.casework.imr_page import ImrPage
from dhr_app.workflows.calendar import in_words

PARTS = {
    "author": "the author",
    "author_independent": "whether the author is independent",
    "author_trained": "whether the author is trained",
    "signed_off_by": "who signed it off",
    "findings": "what was found",
    "came_from": "where it was entered from",
}
DAYS = {"chronology_received_on": "chronology", "signed_off_on": "sign-off"}


def saved_in_words(page: ImrPage, entry: ImrEntry) -> str:
    """What is new since the page was opened."""
    before = page.entry
    new = {name for name, value in vars(entry).items() if value != getattr(before, name)}
    about = f"{page.reference}, {IN_A_SENTENCE[page.line.kind]} of {page.line.agency}:"
    if "outcome" in new and entry.answered_on is not None:
        came = {"received": "it is recorded as received", "nil": "it is recorded that there is nothing to report"}
        return f"{about} {came[entry.outcome]}, {in_words(entry.answered_on)}."
    days = {name: getattr(entry, name) for name in DAYS if name in new}
    said = [f"{DAYS[name]}, {in_words(day)}" if day else f"{DAYS[name]} taken out" for name, day in days.items()]
    said += [text for name, text in PARTS.items() if name in new]
    return f"{about} saved: {'; '.join(said)}." if said else f"{about} nothing was changed."
