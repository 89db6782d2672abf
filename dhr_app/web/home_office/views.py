"""The Home Office’s page: submissions, letters, and the points answered one by one."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import home_office, home_office_page, letter_points
from dhr_app.casework.home_office_page import LetterShown, PointShown
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.home_office.forms import AnswerForm, LetterForm, PointForm, PointsForm, in_points
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale
from dhr_app.workflows.record_wording import POINT_OUTCOMES, VERDICTS

room = Room("home_office", __name__)

WORDS = {"touches_family": {"True": "Yes", "False": "No"}}


@room.get("/reviews/<reference>/home-office", permission="home_office.see")
def see(reference: str) -> ResponseReturnValue:
    """Each submission with its letters and their points, opened."""
    page = home_office_page.home_office_page(reference, by=current_person(), at=this_moment())
    return show_part("home_office/see.html", reference, page=page, verdicts=VERDICTS, outcomes=POINT_OUTCOMES)


@room.form("/reviews/<reference>/home-office/new", permission="home_office.change")
def add_letter(reference: str) -> ResponseReturnValue:
    """Put a letter on file, with its points."""
    rounds = home_office_page.submissions(reference, by=current_person(), at=this_moment())
    form = LetterForm(data={"round": str(len(rounds)), "received_on": london_date(this_moment())})
    form.offer(rounds)
    if taken(form, lambda: _add_letter(reference, form)):
        return done("The letter is on file.", _back(reference))
    return show_part("home_office/letter.html", reference, form, shown=None, rounds=rounds)


@room.form("/reviews/<reference>/home-office/<uuid:letter_id>", permission="home_office.change")
def correct_letter(reference: str, letter_id: UUID) -> ResponseReturnValue:
    """Correct a letter’s record. Where somebody else saved first, each answer that differs is chosen."""
    shown = home_office_page.open_letter(reference, letter_id, by=current_person(), at=this_moment())
    rounds = home_office_page.submissions(reference, by=current_person(), at=this_moment())
    form = LetterForm(data={**vars(shown.entry), "round": str(shown.entry.round), "version": shown.version})
    form.offer(rounds)
    del form.points
    try:
        if taken(form, lambda: _correct_letter(reference, form, shown)):
            return done("The record of the letter is saved.", _back(reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return show_part("home_office/letter.html", reference, form, shown=shown, rounds=rounds)


@room.form("/reviews/<reference>/home-office/<uuid:letter_id>/points", permission="home_office.change")
def add_points(reference: str, letter_id: UUID) -> ResponseReturnValue:
    """Enter more points of a letter."""
    shown = home_office_page.open_letter(reference, letter_id, by=current_person(), at=this_moment())
    form = PointsForm()
    if taken(form, lambda: _add_points(reference, letter_id, form)):
        return done("The points are entered.", _back(reference))
    return show_part("home_office/points.html", reference, form, shown=shown)


@room.form("/reviews/<reference>/home-office/points/<uuid:point_id>", permission="home_office.change")
def correct_point(reference: str, point_id: UUID) -> ResponseReturnValue:
    """Correct the words of a point. Where somebody else saved first, each answer that differs is chosen."""
    shown = home_office_page.open_point(
        reference, point_id, "home_office.change", by=current_person(), at=this_moment()
    )
    form = PointForm(data={**vars(shown.asked), "version": shown.version})
    try:
        if taken(form, lambda: _correct_point(reference, form, shown)):
            return done(f"Point {shown.number} is saved.", _back(reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.asked, version=shown.version, words=WORDS)
    return show_part("home_office/point.html", reference, form, shown=shown)


@room.form("/reviews/<reference>/home-office/points/<uuid:point_id>/answer", permission="home_office.answer")
def answer(reference: str, point_id: UUID) -> ResponseReturnValue:
    """Answer a point, or correct its answer. Where somebody else saved first, each answer that differs is chosen."""
    shown = home_office_page.open_point(
        reference, point_id, "home_office.answer", by=current_person(), at=this_moment()
    )
    today = london_date(this_moment())
    form = AnswerForm(data={**vars(shown.answer), "version": shown.version})
    if shown.answer.outcome == "open" and not form.is_submitted():
        form = AnswerForm(data={**vars(shown.answer), "outcome": None, "answered_on": today, "version": shown.version})
    try:
        if taken(form, lambda: _answer(reference, form, shown)):
            return done(f"The answer to point {shown.number} is saved.", _back(reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.answer, version=shown.version, words=WORDS)
    return show_part("home_office/answer.html", reference, form, shown=shown)


def _back(reference: str) -> str:
    return url_for("home_office.see", reference=reference)


def _add_letter(reference: str, form: LetterForm) -> None:
    home_office.add_letter(reference, form.entry, in_points(form.points.data), by=current_person(), at=this_moment())


def _correct_letter(reference: str, form: LetterForm, shown: LetterShown) -> None:
    entry = settled(form.entry, shown.entry)
    home_office.correct_letter(reference, shown.id, entry, version_of(form), by=current_person(), at=this_moment())


def _add_points(reference: str, letter_id: UUID, form: PointsForm) -> None:
    points = in_points(form.points.data)
    letter_points.add_points(reference, letter_id, points, by=current_person(), at=this_moment())


def _correct_point(reference: str, form: PointForm, shown: PointShown) -> None:
    entry = settled(form.entry, shown.asked)
    letter_points.correct_point(reference, shown.id, entry, version_of(form), by=current_person(), at=this_moment())


def _answer(reference: str, form: AnswerForm, shown: PointShown) -> None:
    entry = settled(form.entry, shown.answer)
    letter_points.answer_point(reference, shown.id, entry, version_of(form), by=current_person(), at=this_moment())
