"""Seminars, each entered once however many reviews it was about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import seminar
from dhr_app.casework.seminar import SeminarPage
from dhr_app.web.agency_choices import agency_names, local_names
from dhr_app.web.answering import show, taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.seminars.forms import FiguresForm, SeminarForm, figures_form
from dhr_app.workflows import record_wording
from dhr_app.workflows.errors import NotAllowed, Stale

room = Room("seminars", __name__)


@room.form("/seminars/new", permission="seminar.change")
def hold() -> ResponseReturnValue:
    """Record a seminar; whoever comes from a review finds that one ticked."""
    form = SeminarForm(data={"reviews": request.args.getlist("review")})
    form.offer(seminar.reviews_to_choose(by=current_person(), at=this_moment()), ())
    made: list[UUID] = []
    if taken(form, lambda: made.append(seminar.hold_seminar(form.entry, by=current_person(), at=this_moment()))):
        return done("The seminar is recorded. Now say who came.", url_for("seminars.see", seminar_id=made[0]))
    return show("seminars/edit.html", form, page=None)


@room.get("/seminars/<uuid:seminar_id>", permission="seminar.see")
def see(seminar_id: UUID) -> ResponseReturnValue:
    """One seminar, with its figures."""
    page = seminar.seminar_page(seminar_id, by=current_person(), at=this_moment())
    return render_template("seminars/see.html", page=page, words=record_wording)


@room.form("/seminars/<uuid:seminar_id>/correct", permission="seminar.change")
def correct(seminar_id: UUID) -> ResponseReturnValue:
    """Correct what a seminar was. Where somebody else saved first, each answer that differs is chosen."""
    page = _to_change(seminar_id)
    form = SeminarForm(data=_typed_from(page))
    form.offer(seminar.reviews_to_choose(by=current_person(), at=this_moment()), page.entry.reviews)
    try:
        if taken(form, lambda: _correct(form, page)):
            return done("The seminar is corrected.", url_for("seminars.see", seminar_id=seminar_id))
    except Stale:
        return choose(page.entry.reviews[0], form, yours=form.entry, saved=page.entry, version=page.version)
    return show("seminars/edit.html", form, page=page)


@room.form("/seminars/<uuid:seminar_id>/figures", permission="seminar.change")
def figures(seminar_id: UUID) -> ResponseReturnValue:
    """Who came, by agency, and what the survey said."""
    page = _to_change(seminar_id)
    form = figures_form(_agencies(page), data={**vars(page.figures), "version": page.version})
    try:
        if taken(form, lambda: _record(form, page)):
            return done("The figures are recorded.", url_for("seminars.see", seminar_id=seminar_id))
    except Stale:
        return choose(page.entry.reviews[0], form, yours=form.entry, saved=page.figures, version=page.version)
    return show("seminars/figures.html", form, page=page)


@room.post("/seminars/<uuid:seminar_id>/remove", permission="seminar.change")
def remove(seminar_id: UUID) -> ResponseReturnValue:
    """Take off a seminar that was entered by mistake."""
    page = _to_change(seminar_id)
    seminar.remove_seminar(seminar_id, by=current_person(), at=this_moment())
    return done("The seminar is taken off.", url_for("learning.see", reference=page.entry.reviews[0]))


def _to_change(seminar_id: UUID) -> SeminarPage:
    page = seminar.seminar_page(seminar_id, by=current_person(), at=this_moment())
    if not page.may_change:
        raise NotAllowed("seminar.change", seminar.SOMEBODY_ELSE_S)
    return page


def _agencies(page: SeminarPage) -> dict[str, str]:
    """Whoever may have come, by id: the agencies here, and every one that is recorded already."""
    here, recorded = local_names(), page.figures.attendance
    known = agency_names(*(UUID(each) for each in recorded))
    return {agency_id: name for agency_id, name in known.items() if agency_id in here or agency_id in recorded}


def _typed_from(page: SeminarPage) -> dict[str, Any]:
    entry = page.entry
    return {
        **vars(entry), "version": page.version, "reviews": list(entry.reviews), "speakers": list(entry.speakers),
    }  # fmt: skip


def _correct(form: SeminarForm, page: SeminarPage) -> None:
    entry = settled(form.entry, page.entry)
    seminar.correct_seminar(page.id, entry, version_of(form), by=current_person(), at=this_moment())


def _record(form: FiguresForm, page: SeminarPage) -> None:
    entry = settled(form.entry, page.figures)
    seminar.record_figures(page.id, entry, version_of(form), by=current_person(), at=this_moment())
