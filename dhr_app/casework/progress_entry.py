"""What an agency says of its action, and what cannot be right in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dhr_app.casework.action import FURTHEST
from dhr_app.casework.checks import filled, not_in_future
from dhr_app.database.models.plan import Action
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.record_wording import REPORT_KINDS

NO_CHANGE, PROGRESS, DONE, NEED_LONGER = REPORT_KINDS
FAR = timedelta(days=731)  # who asks for more than two years may have slipped in the year


@dataclass(frozen=True)
class ReportEntry:
    """A report. `kind` is one of REPORT_KINDS; `text` says how far it is, what shows that it is done, or why

    it needs longer. `came_from` tells from whose e-mail or letter it is entered where somebody else enters it. With
    `far` a day asked for that lies more than two years ahead is meant.
    """

    kind: str
    text: str = ""
    blocked_by: str = ""
    done_on: date | None = None
    wanted_on: date | None = None
    came_from: str = ""
    far: bool = False


MISSING = {
    PROGRESS:    "Say how far it is, in a sentence or two.",
    DONE:        "Say what shows it; a senior officer’s statement will do.",
    NEED_LONGER: "Say why it needs longer.",
}  # fmt: skip


def faults_of(entry: ReportEntry, row: Action, today: date, *, began: date | None, on_behalf: bool) -> dict[str, str]:
    """A sentence for each field that cannot be right. `began`: nothing was done before, see `done_faults`."""
    if entry.kind not in REPORT_KINDS:
        return {"kind": "Choose one of the four answers."}
    faults = filled("text", entry.text, MISSING[entry.kind]) if entry.kind in MISSING else {}
    if entry.kind == DONE:
        faults |= done_faults(entry.done_on, today, began)
        if entry.done_on is None:
            faults["done_on"] = "Give the day on which it was done."
    if entry.kind == NEED_LONGER:
        faults |= _wish_faults(entry, row, today)
    if entry.kind == NO_CHANGE and row.done_on is not None:
        faults["kind"] = "It is reported as done already: nothing has to be said until the steering group looks at it."
    if on_behalf:
        faults |= filled(
            "came_from", entry.came_from, "Say from whose e-mail or letter, and of which day, you enter this."
        )
    return faults


def done_faults(done_on: date | None, today: date, began: date | None) -> dict[str, str]:
    """What is wrong with the day on which an action was done: it is to come, or lies before its review (`began`)."""
    if done_on is not None and began is not None and done_on < began:
        return {"done_on": f"{in_words(done_on)} is before this review began: check the year."}
    return not_in_future(today, done_on=done_on)


def _wish_faults(entry: ReportEntry, row: Action, today: date) -> dict[str, str]:
    wanted_on = entry.wanted_on
    if row.target_on is None:
        return {"wanted_on": "This action has no date that could move."}
    if wanted_on is None:
        return {"wanted_on": "Give the day by which it can be done."}
    if wanted_on <= row.target_on:
        return {"wanted_on": f"It is due on {in_words(row.target_on)} as it is: give a later day."}
    if wanted_on == today:
        return {"wanted_on": "That is today: give a day to come."}
    if wanted_on < today:
        return {"wanted_on": f"{in_words(wanted_on)} is past: give a day to come."}
    if wanted_on > today + FURTHEST:
        return {"wanted_on": "That is more than ten years ahead: check the year."}
    if wanted_on > today + FAR and not entry.far:
        return {"far": f"{in_words(wanted_on)} is more than two years ahead: check the year, or tick this box."}
    return {}
