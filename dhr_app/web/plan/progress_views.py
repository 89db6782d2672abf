"""Reports on actions as the coordinator handles them: entered for an agency, answered, their files read."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import evidence, progress, progress_page
from dhr_app.casework.files import Incoming
from dhr_app.casework.progress_entry import ReportEntry
from dhr_app.web.answering import taken
from dhr_app.web.owed.forms import ANY_STEP, form_of
from dhr_app.web.owed.reporting import answered, form_for, show_again
from dhr_app.web.owed.views import WORDS
from dhr_app.web.plan.forms import LongerAnswerForm
from dhr_app.web.plan.room import room
from dhr_app.web.review_part import around, done, show_part
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.sending import sent

ACTION = "/reviews/<reference>/plan/actions/<uuid:action_id>"


@room.get(f"{ACTION}/report", permission="progress.report")
def reporting(reference: str, action_id: UUID) -> ResponseReturnValue:
    """An action with what its agency reported, and the four answers to enter for it."""
    page = progress_page.action_page(reference, action_id, by=current_person(), at=this_moment())
    return show_part("plan/reporting.html", reference, page=page, words=WORDS)


@room.form(
    f"{ACTION}/report/<{ANY_STEP}:step>",
    permission="progress.report",
    files=progress.must_take_for_agency,
    asks=form_of,
)
def report(reference: str, action_id: UUID, step: str) -> ResponseReturnValue:
    """Enter one of the four answers for the agency."""
    page = progress_page.action_page(reference, action_id, by=current_person(), at=this_moment())
    form = form_for(step, page, on_behalf=True)

    def take(entry: ReportEntry, version: int, file: Incoming | None) -> UUID:
        return progress.report_for_agency(
            reference, action_id, entry, version, file, by=current_person(), at=this_moment()
        )

    def check(entry: ReportEntry) -> None:
        progress.check_report_for_agency(reference, action_id, entry, by=current_person(), at=this_moment())

    found = answered(form, page, take, check)
    if found.taken:
        file = ", with a file" if found.with_file else ", without a file" if "file" in form else ""
        said = f"The report on action {page.action.label} is entered{file}."
        return done(said, url_for("plan.see", reference=reference) + f"#a-{action_id}")
    return show_again("plan/report.html", form, found, page=page, words=WORDS, step=step, **around(reference))


@room.form(f"{ACTION}/longer", permission="plan.answer_longer")
def answer_longer(reference: str, action_id: UUID) -> ResponseReturnValue:
    """Answer an agency that asks for longer: move the date on its own page, or say here why it stays."""
    found = progress_page.wish_page(reference, action_id, by=current_person(), at=this_moment())
    asked = found.wish.seq if found.wish else 0
    form = LongerAnswerForm(data={"version": asked})

    def take() -> None:
        progress.refuse_longer(
            reference, action_id, form.because.data or "", form.version.data or 0, by=current_person(), at=this_moment()
        )

    if taken(form, take):
        said = f"Action {found.page.action.label}: the agency is answered, and its date stays."
        return done(said, url_for("plan.see", reference=reference) + f"#a-{action_id}")
    form.renew(asked)
    return show_part("plan/longer.html", reference, form, page=found.page, wish=found.wish, minute=found.needs_minute)


@room.get("/reviews/<reference>/plan/evidence/<uuid:evidence_id>", permission="progress.see")
def take_out(reference: str, evidence_id: UUID) -> Response:
    """A file that shows what was done."""
    found = evidence.take_out(reference, evidence_id, by=current_person(), at=this_moment())
    return sent(found.content, name=found.name, media_type=found.media_type, size=found.size)
