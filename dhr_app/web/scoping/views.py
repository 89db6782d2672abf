"""Who was asked what they know of a death, who answered, and what becomes of silence."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import scoping, scoping_page
from dhr_app.casework.scoping_page import ReturnPage
from dhr_app.web.agency_choices import asked_names
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.said_to import said_to
from dhr_app.web.scoping.forms import OWN_ANSWERS, TO_THE_AGENCY, WORDS, AskForm, EscalateForm, ReturnForm
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Invalid, Stale
from dhr_app.workflows.wording import SCOPING_OUTCOMES

room = Room("scoping", __name__)


@room.form("/reviews/<reference>/scoping", permission="review.reach", sends="scoping.ask")
def see(reference: str) -> ResponseReturnValue:
    """Everybody asked, and whom to ask yet; an agency’s contributor sees only what that agency was asked."""
    page = scoping_page.what_was_asked(reference, by=current_person(), at=this_moment())
    form = AskForm(data={"asked_on": london_date(this_moment())})
    asked = {str(one.agency_id) for one in page.requests}
    form.agency_ids.choices = {key: name for key, name in asked_names().items() if key not in asked}
    if taken(form, lambda: _ask(reference, form)):
        count = len(form.chosen)
        said = "1 agency was asked." if count == 1 else f"{count} agencies were asked."
        return done(said, url_for("scoping.see", reference=reference))
    today = london_date(this_moment())
    return show_part("scoping/see.html", reference, form, page=page, today=today, outcomes=SCOPING_OUTCOMES)


@room.form("/reviews/<reference>/scoping/<uuid:request_id>", permission="review.reach")
def answer(reference: str, request_id: UUID) -> ResponseReturnValue:
    """One agency’s return: read, entered or corrected. Where somebody else saved first, it is chosen."""
    page = scoping_page.open_return(reference, request_id, by=current_person(), at=this_moment())
    form = _return_form(page)
    try:
        if taken(
            form,
            lambda: _record(reference, request_id, form, page),
            check=lambda: scoping.check_return(
                reference, request_id, form.entry, by=current_person(), at=this_moment()
            ),
        ):
            return _recorded(reference, page)
    except Stale:
        return choose(reference, form, yours=form.entry, saved=page.entry, version=page.version, words=WORDS)
    return _show(reference, page, form, EscalateForm(formdata=None))


@room.post("/reviews/<reference>/scoping/<uuid:request_id>/escalate", permission="scoping.ask")
def escalate(reference: str, request_id: UUID) -> ResponseReturnValue:
    """Write down that an agency’s silence was taken further."""
    form = EscalateForm()
    onward = url_for("scoping.answer", reference=reference, request_id=request_id)
    if taken(form, lambda: _escalate(reference, request_id, form)):
        return done("The escalation is recorded.", onward)
    page = scoping_page.open_return(reference, request_id, by=current_person(), at=this_moment())
    return _show(reference, page, ReturnForm(formdata=None, data={**vars(page.entry), "version": page.version}), form)


@room.post("/reviews/<reference>/scoping/<uuid:request_id>/close", permission="scoping.ask")
def close(reference: str, request_id: UUID) -> ResponseReturnValue:
    """Stop waiting for an agency that did not answer even after escalation."""
    try:
        scoping.close_as_no_reply(reference, request_id, by=current_person(), at=this_moment())
    except Invalid as wrong:
        form = EscalateForm(formdata=None)
        form.escalated_on.errors = list(wrong.fields.values())
        page = scoping_page.open_return(reference, request_id, by=current_person(), at=this_moment())
        return _show(reference, page, ReturnForm(formdata=None, data=vars(page.entry)), form)
    return done("Closed as no reply after escalation.", url_for("scoping.see", reference=reference))


def _of_the_agency(page: ReturnPage) -> bool:
    """Whether the reader answers for their own agency."""
    return current_person().agency_id == page.line.agency_id


def _return_form(page: ReturnPage) -> ReturnForm:
    """The form of the return; to somebody of the agency it says “your agency”, and that they answer today."""
    data = {**vars(page.entry), "version": page.version}
    if not _of_the_agency(page):
        return ReturnForm(data=data)
    form = ReturnForm(data={**data, "answered_on": page.entry.answered_on or london_date(this_moment())})
    said_to(form, TO_THE_AGENCY)
    form.outcome.choices = OWN_ANSWERS
    return form


def _recorded(reference: str, page: ReturnPage) -> ResponseReturnValue:
    if _of_the_agency(page):
        return done(f"{reference}: your scoping return is sent.", url_for("owed.see"))
    return done(f"The return of {page.line.agency} is recorded.", url_for("scoping.see", reference=reference))


def _show(reference: str, page: ReturnPage, form: ReturnForm, escalation: EscalateForm) -> ResponseReturnValue:
    """The return with both its forms; the errors listed at the top are those of the form that was sent."""
    return show_part(
        "scoping/return.html", reference, escalation if escalation.errors else form,
        page=page, answering=form, escalation=escalation, outcomes=SCOPING_OUTCOMES,
        on_behalf=not _of_the_agency(page), today=london_date(this_moment()),
    )  # fmt: skip


def _ask(reference: str, form: AskForm) -> None:
    scoping.ask(reference, form.chosen, form.asked_on.data, by=current_person(), at=this_moment())


def _record(reference: str, request_id: UUID, form: ReturnForm, page: ReturnPage) -> None:
    entry = settled(form.entry, page.entry)
    scoping.record_return(reference, request_id, entry, version_of(form), by=current_person(), at=this_moment())


def _escalate(reference: str, request_id: UUID, form: EscalateForm) -> None:
    scoping.escalate(reference, request_id, form.escalated_on.data, by=current_person(), at=this_moment())
