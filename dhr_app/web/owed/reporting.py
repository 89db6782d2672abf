"""How a report is taken: filled in from the last one, sent, and shown again beside what is new where it moved on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from dhr_app.casework.files import Incoming
from dhr_app.casework.progress_entry import DONE, PROGRESS, ReportEntry
from dhr_app.casework.progress_page import ActionPage
from dhr_app.web.answering import taken
from dhr_app.web.owed.forms import FORMS, ReportForm
from dhr_app.web.uploads import handed_in
from dhr_app.workflows.errors import Stale

AGAIN = "Choose the file again: it was not kept, because something else has to be put right first."

# The casework verb, told everything but where the action is.
Take = Callable[[ReportEntry, int, Incoming | None], UUID]


@dataclass(frozen=True)
class Answered:
    """What became of a form: `taken`, or to be shown again; `moved_on` where the action changed meanwhile."""

    taken: bool
    moved_on: bool = False


def form_for(step: str, page: ActionPage, *, on_behalf: bool) -> ReportForm:
    """The form of an answer, with the last text to be carried on."""
    kind = FORMS[step].kind
    last = page.last
    filled: dict[str, Any] = {"version": page.version, "blocked_by": last.blocked_by if last else ""}
    if kind == PROGRESS:
        filled["text"] = page.last_text
    if kind == DONE:
        filled |= {"text": page.action.evidence, "done_on": page.action.done_on}
    form = FORMS[step](data=filled)
    if not on_behalf:
        del form.came_from
    return form


def answered(form: ReportForm, page: ActionPage, take: Take) -> Answered:
    """Take the form, if it was sent and is in order. Whatever it says stays in it where it was not taken."""
    files = handed_in("file")
    file = files[0] if files else None
    try:
        if taken(form, lambda: take(form.entry, form.version.data or 0, file)):
            return Answered(taken=True)
    except Stale:
        form.renew(page.version)
        _ask_again(form, file)
        return Answered(taken=False, moved_on=True)
    _ask_again(form, file)
    return Answered(taken=False)


def show_again(template: str, form: ReportForm, found: Answered, **context: Any) -> ResponseReturnValue:
    """The page with its form: 409 where the action moved on, 422 where something has to be put right, else 200."""
    status = 409 if found.moved_on else 422 if form.errors else 200
    return render_template(template, form=form, moved_on=found.moved_on, **context), status


def _ask_again(form: ReportForm, file: Incoming | None) -> None:
    """A file cannot be put back into its box: say that it has to be chosen again."""
    if file is not None and "file" in form and not form.file.errors:
        form.file.errors = [*form.file.errors, AGAIN]
