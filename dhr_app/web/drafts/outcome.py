"""What became of each file of a form: taken as a version, or refused with its reason beside its box."""

from __future__ import annotations

from dataclasses import dataclass

from dhr_app.casework import draft
from dhr_app.casework.draft import DraftEntry
from dhr_app.casework.files import Incoming
from dhr_app.web.drafts.forms import HandInForm
from dhr_app.web.filters import time_of_day
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.uploads import handed_in
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.record_wording import DRAFT_KINDS

NOTHING_CHOSEN = "Choose at least one file."


@dataclass(frozen=True)
class Outcome:
    """One file: `name` as its owner knows it, and what became of it; `time` is that of the clock on the wall."""

    name: str
    taken: bool
    sentence: str
    time: str = ""


def take_all(reference: str, form: HandInForm) -> list[Outcome]:
    """Hand in each file of the form, in a transaction of its own. Puts what is refused beside its box."""
    outcomes = [
        _take(reference, form, kind, incoming) for kind in DRAFT_KINDS for incoming in handed_in(kind)
    ]  # fmt: skip
    if not outcomes:
        form.overview_report.errors = [NOTHING_CHOSEN]
    return outcomes


def _take(reference: str, form: HandInForm, kind: str, incoming: Incoming) -> Outcome:
    title = form.title.data if kind == "other" else ""
    entry = DraftEntry(kind, form.note.data or "", shared=form.readers.data == "panel", title=title or "")
    try:
        kept = draft.hand_in(reference, entry, incoming, by=current_person(), at=this_moment())
    except Invalid as wrong:
        reason = " ".join(wrong.fields.values())
        form[kind].errors = [*form[kind].errors, f"{incoming.filename}: {reason}"]
        return Outcome(incoming.filename, taken=False, sentence=reason)
    return Outcome(incoming.filename, taken=True, sentence=kept.name, time=time_of_day(this_moment()))
