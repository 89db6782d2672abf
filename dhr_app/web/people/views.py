"""Everybody involved in a review, each opened, corrected, or taken off the page if entered by mistake."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import people
from dhr_app.casework.people import PersonEntry
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.duplicates.telling import and_matches
from dhr_app.web.people.forms import NewPersonForm, PersonForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows import wording
from dhr_app.workflows.errors import Stale

room = Room("people", __name__)


@room.get("/reviews/<reference>/people", permission="people.see")
def see(reference: str) -> ResponseReturnValue:
    """Everybody involved, opened."""
    page = people.open_people(reference, by=current_person(), at=this_moment())
    return show_part("people/see.html", reference, page=page, words=wording)


@room.form("/reviews/<reference>/people/new", permission="people.change")
def add(reference: str) -> ResponseReturnValue:
    """Add somebody."""
    parts = people.parts_to_add(reference, by=current_person(), at=this_moment())
    form = NewPersonForm(data=vars(PersonEntry()) | {"part": None})
    form.part.choices = parts
    if taken(form, lambda: _add(reference, form)):
        return and_matches(reference, f"{parts[form.part.data]} added.", url_for("people.see", reference=reference))
    return show_part("people/edit.html", reference, form, shown=None)


@room.form("/reviews/<reference>/people/<uuid:person_id>", permission="people.change")
def correct(reference: str, person_id: UUID) -> ResponseReturnValue:
    """Correct somebody’s record. Where somebody else saved first, each answer that differs is chosen."""
    shown = people.open_person(reference, person_id, by=current_person(), at=this_moment()).shown
    form = PersonForm(data={**vars(shown.entry), "version": shown.version})
    yours = form.entry(shown.entry.part)
    try:
        if taken(form, lambda: _correct(reference, person_id, form, settled(yours, shown.entry))):
            return and_matches(reference, f"{shown.label} saved.", url_for("people.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=yours, saved=shown.entry, version=shown.version)
    return show_part("people/edit.html", reference, form, shown=shown)


@room.post("/reviews/<reference>/people/<uuid:person_id>/remove", permission="people.change")
def remove(reference: str, person_id: UUID) -> ResponseReturnValue:
    """Take somebody entered by mistake off the page."""
    people.remove_person(reference, person_id, by=current_person(), at=this_moment())
    return done("The record entered by mistake was removed.", url_for("people.see", reference=reference))


def _add(reference: str, form: NewPersonForm) -> None:
    people.add_person(reference, form.entry(form.part.data), by=current_person(), at=this_moment())


def _correct(reference: str, person_id: UUID, form: PersonForm, entry: PersonEntry) -> None:
    people.correct_person(reference, person_id, entry, version_of(form), by=current_person(), at=this_moment())
