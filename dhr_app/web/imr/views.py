"""Who writes for the review: asked, answered, corrected; and what becomes of silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from dhr_app.adapters.clock import london_date
from dhr_app.casework import imr, imr_answer, imr_page
from dhr_app.casework.imr_answer import ImrEntry
from dhr_app.casework.imr_page import ImrPage
from dhr_app.web.agency_choices import asked_names
from dhr_app.web.answering import put_beside, taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.imr.forms import (
    HAS_IT_COME,
    READY,
    REQUEST_WORDS,
    TO_THE_AGENCY,
    AnswerForm,
    AskForm,
    EscalateForm,
    NotRequiredForm,
    RequestForm,
    request_typed_from,
)
from dhr_app.web.imr.saved import saved_in_words
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.said_to import said_to
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows import record_wording as words
from dhr_app.workflows.errors import Invalid, Stale

room = Room("imr", __name__)


@room.form("/reviews/<reference>/imrs", permission="review.reach", sends="imr.ask")
def see(reference: str) -> ResponseReturnValue:
    """Everybody asked, and whom to ask yet; an agency’s contributor sees only what that agency was asked."""
    page = imr_page.imrs(reference, by=current_person(), at=this_moment())
    form = AskForm(data={"requested_on": london_date(this_moment()), "kind": "imr", "chronology_requested": "yes"})
    asked = {str(one.agency_id) for one in page.lines}
    form.agency_ids.choices = {key: name for key, name in asked_names().items() if key not in asked}
    if taken(form, lambda: imr.ask(reference, form.chosen, form.entry, by=current_person(), at=this_moment())):
        count = len(form.chosen)
        said = "1 agency was asked." if count == 1 else f"{count} agencies were asked."
        return done(said, url_for("imr.see", reference=reference))
    return show_part("imr/see.html", reference, form, page=page, outcomes=words.IMR_OUTCOMES, kinds=words.IMR_KINDS)


@room.form("/reviews/<reference>/imrs/<uuid:imr_id>", permission="review.reach")
def answer(reference: str, imr_id: UUID) -> ResponseReturnValue:
    """One agency’s IMR: read, entered or corrected. Where somebody else saved first, it is chosen."""
    page = imr_page.open_imr(reference, imr_id, by=current_person(), at=this_moment())
    form = _answer_form(page, AnswerForm(data=_typed_from(page)))
    entry = _sent_today(form.entry) if _of_the_agency(page) else form.entry
    try:
        if taken(
            form,
            lambda: _record(reference, imr_id, form, entry, page),
            check=lambda: imr_answer.check_answer(reference, imr_id, entry, by=current_person(), at=this_moment()),
        ):
            onward = url_for("owed.see") if _of_the_agency(page) else url_for("imr.see", reference=reference)
            return done(saved_in_words(page, entry), onward)
    except Stale:
        return choose(reference, form, yours=entry, saved=page.entry, version=page.version)
    return _show(reference, page, answering=form)


@room.form("/reviews/<reference>/imrs/<uuid:imr_id>/request", permission="imr.ask")
def request(reference: str, imr_id: UUID) -> ResponseReturnValue:
    """What one agency was asked for, corrected: an IMR that becomes a summary report, a chronology as well."""
    page = imr_page.imr_request(reference, imr_id, by=current_person(), at=this_moment())
    form = RequestForm(data={**request_typed_from(page.entry), "version": page.version})
    try:
        if taken(form, lambda: _correct(reference, imr_id, form, settled(form.entry, page.entry))):
            said = f"What {page.line.agency} is asked for is corrected."
            return done(said, url_for("imr.answer", reference=reference, imr_id=imr_id))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=page.entry, version=page.version, words=REQUEST_WORDS)
    return show_part("imr/request.html", reference, form, page=page)


@room.post("/reviews/<reference>/imrs/<uuid:imr_id>/escalate", permission="imr.ask")
def escalate(reference: str, imr_id: UUID) -> ResponseReturnValue:
    """Write down that an agency’s silence was taken further."""
    form = EscalateForm()
    day = form.escalated_on
    if taken(form, lambda: imr.escalate(reference, imr_id, day.data, by=current_person(), at=this_moment())):
        return done("The escalation is recorded.", url_for("imr.answer", reference=reference, imr_id=imr_id))
    return _again(reference, imr_id, escalation=form)


@room.post("/reviews/<reference>/imrs/<uuid:imr_id>/not-required", permission="imr.ask")
def not_required(reference: str, imr_id: UUID) -> ResponseReturnValue:
    """Nothing has to be written after all."""
    form = NotRequiredForm()
    if taken(form, lambda: _not_required(reference, imr_id, form)):
        return done("Recorded as not required.", url_for("imr.see", reference=reference))
    return _again(reference, imr_id, excuse=form)


@room.post("/reviews/<reference>/imrs/<uuid:imr_id>/close", permission="imr.ask")
def close(reference: str, imr_id: UUID) -> ResponseReturnValue:
    """Stop waiting for an agency that did not answer even after escalation."""
    said = "Closed as no reply after escalation."
    return _pressed(reference, imr_id, imr.close_as_no_reply, said)


@room.post("/reviews/<reference>/imrs/<uuid:imr_id>/again", permission="imr.ask")
def again(reference: str, imr_id: UUID) -> ResponseReturnValue:
    """Wait again for what was closed."""
    return _pressed(reference, imr_id, imr.ask_again, "It is waited for again.")


def _typed_from(page: ImrPage) -> dict[str, Any]:
    return {**vars(page.entry), "version": page.version}


def _of_the_agency(page: ImrPage) -> bool:
    """Whether the reader answers for their own agency."""
    return current_person().agency_id == page.line.agency_id


def _sent_today(entry: ImrEntry) -> ImrEntry:
    """What the agency itself sends without a day is sent today."""
    if entry.outcome in ("received", "nil") and entry.answered_on is None:
        return replace(entry, answered_on=london_date(this_moment()))
    return entry


def _answer_form(page: ImrPage, form: AnswerForm) -> AnswerForm:
    """The form of what has come, in words for its reader; what was closed as no reply is no longer being written."""
    if _of_the_agency(page):
        said_to(form, TO_THE_AGENCY)
    answers = READY if _of_the_agency(page) else HAS_IT_COME
    form.outcome.choices = {
        code: text for code, text in answers.items() if code != "open" or page.line.outcome != "no_reply"
    }
    return form


def _pressed(reference: str, imr_id: UUID, do: Callable[..., None], said: str) -> ResponseReturnValue:
    """A button without a form of its own; what is wrong is said at the top of the page."""
    try:
        do(reference, imr_id, by=current_person(), at=this_moment())
    except Invalid as wrong:
        form = EscalateForm(formdata=None)
        put_beside(form, wrong)
        return _again(reference, imr_id, escalation=form)
    return done(said, url_for("imr.see", reference=reference))


def _again(reference: str, imr_id: UUID, **sent: FlaskForm) -> ResponseReturnValue:
    return _show(reference, imr_page.open_imr(reference, imr_id, by=current_person(), at=this_moment()), **sent)


def _show(reference: str, page: ImrPage, **sent: FlaskForm) -> ResponseReturnValue:
    """The IMR with all its forms; the errors listed at the top are those of the one that was sent."""
    forms = {
        "answering": _answer_form(page, AnswerForm(formdata=None, data=_typed_from(page))),
        "escalation": EscalateForm(formdata=None),
        "excuse": NotRequiredForm(formdata=None),
        **sent,
    }
    (form,) = sent.values()
    return show_part(
        "imr/imr.html", reference, form, page=page, **forms, outcomes=words.IMR_OUTCOMES, kinds=words.IMR_KINDS,
        because=words.IMR_NOT_REQUIRED_BECAUSE, on_behalf=not _of_the_agency(page),
    )  # fmt: skip


def _record(reference: str, imr_id: UUID, form: AnswerForm, entry: ImrEntry, page: ImrPage) -> None:
    imr_answer.record_answer(
        reference, imr_id, settled(entry, page.entry), version_of(form), by=current_person(), at=this_moment()
    )


def _correct(reference: str, imr_id: UUID, form: RequestForm, entry: imr.RequestEntry) -> None:
    imr.correct_request(reference, imr_id, entry, version_of(form), by=current_person(), at=this_moment())


def _not_required(reference: str, imr_id: UUID, form: NotRequiredForm) -> None:
    imr.not_required(reference, imr_id, form.because.data or "", by=current_person(), at=this_moment())
