"""The action plan as a whole: read, counted against the report, and signed off as a consent list."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import plan, plan_parts, sign_off
from dhr_app.web.answering import taken
from dhr_app.web.choosing import settled, version_of
from dhr_app.web.filters import plural
from dhr_app.web.plan.action_forms import SignOffForm
from dhr_app.web.plan.forms import InReportForm
from dhr_app.web.plan.room import answered, room
from dhr_app.web.review_part import done, show_part
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.record_wording import MOVED_BECAUSE, ORIGINS, REPORT_KINDS, SCOPES, WITHDRAWN_BECAUSE

WORDS = {
    "scopes": SCOPES, "origins": ORIGINS, "moved": MOVED_BECAUSE, "withdrawn": WITHDRAWN_BECAUSE,
    "kinds": REPORT_KINDS,
}  # fmt: skip


@room.get("/reviews/<reference>/plan", permission="plan.see")
def see(reference: str) -> ResponseReturnValue:
    """Every recommendation in its order, with what is done about it and what it still lacks."""
    page = plan.plan_page(reference, by=current_person(), at=this_moment())
    return show_part("plan/see.html", reference, page=page, words=WORDS)


@room.form("/reviews/<reference>/plan/in-report", permission="plan.change")
def in_report(reference: str) -> ResponseReturnValue:
    """Say how many recommendations the report makes in all."""
    part = plan_parts.in_report_part(reference, by=current_person(), at=this_moment())
    form = InReportForm(data={**vars(part.entry), "version": part.version})

    def take() -> None:
        entry = settled(form.entry, part.entry)
        plan.count_in_report(reference, entry, version_of(form), by=current_person(), at=this_moment())

    return answered(form, part, take, "The number is recorded.", "plan/in_report.html")


@room.form("/reviews/<reference>/plan/sign-off", permission="plan.close_action")
def consent(reference: str) -> ResponseReturnValue:
    """Sign off every action reported as done, but those unticked."""
    listed = plan.consent_list(reference, by=current_person(), at=this_moment())
    form = SignOffForm()
    form.offer(listed)
    if taken(form, lambda: _sign_off(reference, form)):
        said = f"{plural(len(form.ticked), 'action')} signed off."
        return done(said, url_for("plan.see", reference=reference))
    return show_part("plan/sign_off.html", reference, form, listed=listed)


def _sign_off(reference: str, form: SignOffForm) -> None:
    sign_off.sign_off(
        reference, form.ticked, form.minute.data or "", form.minute_on.data, by=current_person(), at=this_moment()
    )
