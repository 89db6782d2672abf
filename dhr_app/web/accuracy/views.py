"""Whether each agency finds what the draft says of it true: asked, answered, settled, asked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from dhr_app.adapters.clock import london_date
from dhr_app.casework import accuracy, accuracy_answer, accuracy_page
from dhr_app.casework.accuracy_page import CheckPage, SendingEntry
from dhr_app.web.accuracy.forms import (
    ANSWERS,
    BY_MISTAKE,
    OWN_ANSWERS,
    OWN_MISTAKE,
    TO_THE_AGENCY,
    CheckForm,
    SendForm,
    SentOnForm,
    SettlingForm,
)
from dhr_app.web.agency_choices import asked_names
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.said_to import said_to
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Invalid, Stale

room = Room("accuracy", __name__)


@room.form("/reviews/<reference>/accuracy", permission="review.reach", sends="accuracy.ask")
def see(reference: str) -> ResponseReturnValue:
    """Every check, and whom to send passages yet; an agency’s contributor sees only that agency’s own."""
    page = accuracy_page.accuracy_checks(reference, by=current_person(), at=this_moment())
    again = [str(line.agency_id) for line in page.checks if line.state == "ask_again"]
    form = SendForm(data={"sent_on": london_date(this_moment()), "agency_ids": again})
    has_it = {str(one) for one in page.has_this_version}
    form.agency_ids.choices = {key: name for key, name in asked_names().items() if key not in has_it}
    if taken(form, lambda: _send(reference, form)):
        count = len(form.chosen)
        said = "1 agency was sent its passages." if count == 1 else f"{count} agencies were sent their passages."
        return done(said, url_for("accuracy.see", reference=reference))
    return show_part("accuracy/see.html", reference, form, page=page)


@room.form("/reviews/<reference>/accuracy/<uuid:check_id>", permission="review.reach")
def answer(reference: str, check_id: UUID) -> ResponseReturnValue:
    """One agency’s check: read, answered or corrected. Where somebody else saved first, it is chosen."""
    page = accuracy_page.open_check(reference, check_id, by=current_person(), at=this_moment())
    form = _check_form(page, sent=True)
    try:
        if taken(
            form,
            lambda: _answer(reference, check_id, form, settled(form.entry, page.entry)),
            check=lambda: accuracy_answer.check_answer(
                reference, check_id, form.entry, by=current_person(), at=this_moment()
            ),
        ):
            return _recorded(reference, page)
    except Stale:
        return choose(reference, form, yours=form.entry, saved=page.entry, version=page.version)
    return _show(reference, page, answering=form)


@room.form("/reviews/<reference>/accuracy/<uuid:check_id>/settle", permission="accuracy.settle")
def settle(reference: str, check_id: UUID) -> ResponseReturnValue:
    """What became of the corrections an agency asked for."""
    page = accuracy_page.open_settling(reference, check_id, by=current_person(), at=this_moment())
    form = SettlingForm(data={**vars(page.entry), "version": page.version})
    try:
        if taken(form, lambda: _settle(reference, check_id, form, settled(form.entry, page.entry))):
            said = f"The corrections of {page.line.agency} are settled."
            return done(said, url_for("accuracy.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=page.entry, version=page.version)
    return show_part("accuracy/settle.html", reference, form, page=page)


@room.form("/reviews/<reference>/accuracy/<uuid:check_id>/sent", permission="accuracy.ask")
def sent(reference: str, check_id: UUID) -> ResponseReturnValue:
    """The day on which one agency was sent its passages, corrected."""
    page = accuracy_page.sending(reference, check_id, by=current_person(), at=this_moment())
    form = SentOnForm(data={"sent_on": page.entry.sent_on, "version": page.version})
    yours = replace(page.entry, sent_on=form.sent_on.data)
    try:
        if taken(form, lambda: _correct(reference, check_id, form, settled(yours, page.entry))):
            said = f"The day for {page.line.agency} is corrected."
            return done(said, url_for("accuracy.answer", reference=reference, check_id=check_id))
    except Stale:
        return choose(reference, form, yours=yours, saved=page.entry, version=page.version)
    return show_part("accuracy/sent.html", reference, form, page=page)


@room.post("/reviews/<reference>/accuracy/<uuid:check_id>/lapse", permission="accuracy.ask")
def lapse(reference: str, check_id: UUID) -> ResponseReturnValue:
    """Stop waiting for an answer that did not come in its time."""
    return _pressed(reference, check_id, accuracy.lapse, "Recorded as lapsed without an answer.")


@room.post("/reviews/<reference>/accuracy/<uuid:check_id>/take-back", permission="accuracy.ask")
def take_back(reference: str, check_id: UUID) -> ResponseReturnValue:
    """Take back what was sent by mistake."""
    return _pressed(reference, check_id, accuracy.take_back, "Taken back: this check counts no more.")


@room.post("/reviews/<reference>/accuracy/<uuid:check_id>/stand", permission="accuracy.ask")
def stand(reference: str, check_id: UUID) -> ResponseReturnValue:
    """Let a check stand though the report has a new version."""
    return _pressed(reference, check_id, accuracy.let_stand, "The check stands again.")


def _pressed(reference: str, check_id: UUID, do: Callable[..., None], said: str) -> ResponseReturnValue:
    """A button without a form of its own; what is wrong is said at the top of the page."""
    try:
        do(reference, check_id, by=current_person(), at=this_moment())
    except Invalid as wrong:
        page = accuracy_page.open_check(reference, check_id, by=current_person(), at=this_moment())
        form = _check_form(page, sent=False)
        form.form_errors.extend(wrong.fields.values())
        return _show(reference, page, answering=form)
    return done(said, url_for("accuracy.see", reference=reference))


def _check_form(page: CheckPage, *, sent: bool) -> CheckForm:
    """The form of the answer, in words for its reader; only what has been answered can be taken back."""
    own = _of_the_agency(page)
    data = {**vars(page.entry), "version": page.version}
    if own and not page.answered:
        data["answered_on"] = london_date(this_moment())
    form = CheckForm(data=data) if sent else CheckForm(formdata=None, data=data)
    answers, mistake = (OWN_ANSWERS, OWN_MISTAKE) if own else (ANSWERS, BY_MISTAKE)
    form.outcome.choices = answers | (mistake if page.answered else {})
    if own:
        said_to(form, TO_THE_AGENCY)
    return form


def _of_the_agency(page: CheckPage) -> bool:
    """Whether the reader answers for their own agency."""
    return current_person().agency_id == page.line.agency_id


def _recorded(reference: str, page: CheckPage) -> ResponseReturnValue:
    if _of_the_agency(page):
        return done(f"{reference}: your answer to the accuracy check is sent.", url_for("owed.see"))
    return done(f"The answer of {page.line.agency} is recorded.", url_for("accuracy.see", reference=reference))


def _show(reference: str, page: CheckPage, *, answering: FlaskForm) -> ResponseReturnValue:
    return show_part("accuracy/check.html", reference, answering, page=page, on_behalf=not _of_the_agency(page))


def _send(reference: str, form: SendForm) -> None:
    accuracy.send(reference, form.chosen, form.sent_on.data, by=current_person(), at=this_moment())


def _answer(reference: str, check_id: UUID, form: CheckForm, entry: accuracy_answer.CheckEntry) -> None:
    accuracy_answer.answer(reference, check_id, entry, version_of(form), by=current_person(), at=this_moment())


def _settle(reference: str, check_id: UUID, form: SettlingForm, entry: accuracy_answer.SettlingEntry) -> None:
    accuracy_answer.settle(reference, check_id, entry, version_of(form), by=current_person(), at=this_moment())


def _correct(reference: str, check_id: UUID, form: SentOnForm, entry: SendingEntry) -> None:
    accuracy.correct_sending(
        reference, check_id, entry.sent_on, version_of(form), by=current_person(), at=this_moment()
    )
