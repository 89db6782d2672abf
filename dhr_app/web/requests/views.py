"""The log of requests for information: a list, one of them, and the two forms that fill it."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import information_request
from dhr_app.casework.request_page import request_page, requests_page
from dhr_app.casework.working_days import working_days_now
from dhr_app.web.agency_choices import agency_names
from dhr_app.web.answering import show, taken
from dhr_app.web.requests.forms import AnswerForm, RequestForm
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.saved_meanwhile import kept_to_look_at
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows import request_wording
from dhr_app.workflows.errors import Stale

room = Room("requests", __name__)


@room.get("/requests", permission="requests.see")
def index() -> ResponseReturnValue:
    """Every request, the most urgent first."""
    page = requests_page(by=current_person(), at=this_moment())
    return render_template("requests/list.html", page=page, words=request_wording)


@room.form("/requests/new", permission="requests.change")
def receive() -> ResponseReturnValue:
    """Write a request down; whoever comes from a review finds its reference typed."""
    form = RequestForm(data={"reviews": request.args.get("review", "")})
    form.offer(agency_names())
    made: list[UUID] = []
    if taken(form, lambda: made.append(_receive(form))):
        return done("The request is recorded. Its last day is counted below.", _page_of(made[0]))
    return show("requests/edit.html", form, page=None)


@room.get("/requests/<uuid:asking_id>", permission="requests.see")
def see(asking_id: UUID) -> ResponseReturnValue:
    """One request: its day with the working, and how it was decided."""
    page = request_page(asking_id, by=current_person(), at=this_moment())
    bodies = agency_names(page.entry.body_id) if page.entry.body_id else {}
    return render_template("requests/see.html", page=page, words=request_wording, bodies=bodies)


@room.form("/requests/<uuid:asking_id>/correct", permission="requests.change")
def correct(asking_id: UUID) -> ResponseReturnValue:
    """Correct a request, or write down what came since: whom it was passed to, who asked, a later day."""
    page = request_page(asking_id, "requests.change", by=current_person(), at=this_moment())
    entry = page.entry
    form = RequestForm(
        data={
            **vars(entry), "version": page.version, "body_id": str(entry.body_id or ""),
            "extended_months": str(entry.extended_months or ""),
        }
    )  # fmt: skip
    form.offer(agency_names(*([entry.body_id] if entry.body_id else [])))
    try:
        if taken(form, lambda: _correct(asking_id, form)):
            return done("The request is saved.", _page_of(asking_id))
    except Stale:
        kept_to_look_at(form, page.version)
    return show("requests/edit.html", form, page=page)


@room.form("/requests/<uuid:asking_id>/answer", permission="requests.change")
def answer(asking_id: UUID) -> ResponseReturnValue:
    """Write down how a request was decided and what was given."""
    page = request_page(asking_id, "requests.change", by=current_person(), at=this_moment())
    form = AnswerForm(data={**vars(page.answer), "version": page.version})
    form.offer(page.entry.kind, page.files)
    try:
        if taken(form, lambda: _decide(asking_id, form)):
            return done("The decision is recorded.", _page_of(asking_id))
    except Stale:
        kept_to_look_at(form, page.version)
    return show("requests/answer.html", form, page=page)


def _receive(form: RequestForm) -> UUID:
    return information_request.receive(form.entry, calendar=working_days_now(), by=current_person(), at=this_moment())


def _correct(asking_id: UUID, form: RequestForm) -> None:
    information_request.correct(
        asking_id, form.entry, form.version.data or 0, calendar=working_days_now(), by=current_person(),
        at=this_moment(),
    )  # fmt: skip


def _decide(asking_id: UUID, form: AnswerForm) -> None:
    information_request.decide(asking_id, form.entry, form.version.data or 0, by=current_person(), at=this_moment())


def _page_of(asking_id: UUID) -> str:
    return url_for("requests.see", asking_id=asking_id)
