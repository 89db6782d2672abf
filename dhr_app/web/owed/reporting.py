"""How a report is taken: filled in from the last one, sent, and shown again beside what is new where it moved on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from dhr_app.casework.files import Incoming
from dhr_app.casework.link_visit import VisitPage
from dhr_app.casework.progress_entry import DONE, NEED_LONGER, PROGRESS, ReportEntry
from dhr_app.casework.progress_page import ActionPage
from dhr_app.web.answering import taken
from dhr_app.web.owed.forms import FORMS, ReportForm
from dhr_app.web.uploads import handed_in
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Stale
from dhr_app.workflows.record_wording import REPORT_KINDS

AGAIN = "Choose the file again: it was not kept, because something else has to be put right first."
MOVED_ON = "Somebody reported on this action, or changed it, while you wrote: yours is not sent yet. Read what is new."
AGAIN_TOO = "Nothing you typed is lost, but choose the file again: a browser does not keep it."

# The casework verb, told everything but where the action is.
Take = Callable[[ReportEntry, int, Incoming | None], object]


@dataclass(frozen=True)
class Answered:
    """What became of a form: `taken`, with a file or not, or to be shown again; `moved_on`: the action changed."""

    taken: bool
    moved_on: bool = False
    with_file: bool = False


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


def answered(
    form: ReportForm, page: ActionPage | VisitPage, take: Take, check: Callable[[ReportEntry], None]
) -> Answered:
    """Take the form, if it was sent and is in order. Whatever it says stays in it where it was not taken.

    `check` says what else is wrong where a box cannot be read (web/answering.py).
    """
    files = handed_in("file")
    file = files[0] if files else None
    try:
        if taken(form, lambda: take(form.entry, form.version.data or 0, file), check=lambda: check(form.entry)):
            return Answered(taken=True, with_file=file is not None)
    except Stale:
        form.renew(page.version)
        form.form_errors.append(MOVED_ON)
        _ask_again(form, file, AGAIN_TOO)
        return Answered(taken=False, moved_on=True)
    _ask_again(form, file, AGAIN)
    return Answered(taken=False)


def show_again(template: str, form: ReportForm, found: Answered, **context: Any) -> ResponseReturnValue:
    """The page with its form: 409 where the action moved on, 422 where something has to be put right, else 200."""
    status = 409 if found.moved_on else 422 if form.errors else 200
    return render_template(template, form=form, moved_on=found.moved_on, **context), status


def sent_in_words(form: ReportForm, page: ActionPage, found: Answered) -> str:
    """What was sent about which action of which review, as it is confirmed; an agency’s own words are not in it."""
    about = f"{page.reference}, action {page.action.label}:"
    wanted_on = form.entry.wanted_on
    if form.kind == NEED_LONGER and wanted_on is not None:
        return f"{about} you asked for {in_words(wanted_on)}. The coordinator answers."
    said = REPORT_KINDS[form.kind].lower()
    file = {True: ", with a file", False: ", without a file"}[found.with_file] if "file" in form else ""
    return f"{about} your report “{said}” is sent{file}."


def _ask_again(form: ReportForm, file: Incoming | None, sentence: str) -> None:
    """A file cannot be put back into its box: say that it has to be chosen again."""
    if file is not None and "file" in form and not form.file.errors:
        form.file.errors = [*form.file.errors, sentence]
