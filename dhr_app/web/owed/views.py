"""What an agency owes on one page, and the page of each of its actions, made for a telephone."""

from __future__ import annotations

from uuid import UUID

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import evidence, owed, progress, progress_page
from dhr_app.casework.before_start import waiting_for
from dhr_app.casework.files import Incoming
from dhr_app.casework.progress_entry import ReportEntry
from dhr_app.web.owed.forms import ANY_STEP, STEPS, form_of
from dhr_app.web.owed.reporting import answered, form_for, sent_in_words, show_again
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.sending import sent
from dhr_app.workflows.record_wording import MOVED_BECAUSE, REPORT_KINDS

room = Room("owed", __name__)

WORDS = {"kinds": REPORT_KINDS, "moved": MOVED_BECAUSE, "steps": STEPS}


@room.get("/owed", permission="owed.see")
def see() -> ResponseReturnValue:
    """Everything the person’s agency owes, overdue first."""
    page = owed.owed_page(by=current_person(), at=this_moment())
    waiting = waiting_for(by=current_person(), at=this_moment())
    return render_template("owed/see.html", page=page, kinds=REPORT_KINDS, waiting=waiting)


@room.get("/owed/actions/<uuid:action_id>", permission="owed.see")
def action(action_id: UUID) -> ResponseReturnValue:
    """One action: what is asked, by when, what was reported, and four answers to choose from."""
    page = progress_page.own_action_page(action_id, by=current_person(), at=this_moment())
    return render_template("owed/action.html", page=page, words=WORDS)


@room.form(
    f"/owed/actions/<uuid:action_id>/<{ANY_STEP}:step>",
    permission="owed.see",
    files=progress.must_take_own,
    asks=form_of,
)
def report(action_id: UUID, step: str) -> ResponseReturnValue:
    """Give one of the four answers."""
    page = progress_page.own_action_page(action_id, by=current_person(), at=this_moment())
    form = form_for(step, page, on_behalf=False)

    def take(entry: ReportEntry, version: int, file: Incoming | None) -> UUID:
        return progress.report(action_id, entry, version, file, by=current_person(), at=this_moment())

    def check(entry: ReportEntry) -> None:
        progress.check_report(action_id, entry, by=current_person(), at=this_moment())

    found = answered(form, page, take, check)
    if found.taken:
        return done(sent_in_words(form, page, found), url_for("owed.action", action_id=action_id))
    return show_again("owed/report.html", form, found, page=page, words=WORDS, step=step)


@room.get("/owed/evidence/<uuid:evidence_id>", permission="owed.see")
def take_out(evidence_id: UUID) -> Response:
    """A file of the person’s own agency."""
    found = evidence.take_out_own(evidence_id, by=current_person(), at=this_moment())
    return sent(found.content, name=found.name, media_type=found.media_type, size=found.size)
