"""Each family member taking part: their choice, what they were offered and told, what they said, days to avoid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from dhr_app.adapters.clock import london_date
from dhr_app.casework import family_comments, family_part, family_steps, promises
from dhr_app.casework import family_part_page as pages
from dhr_app.casework.family_comments import CommentEntry
from dhr_app.casework.family_part import PartEntry
from dhr_app.casework.family_part_page import MemberShown
from dhr_app.casework.family_steps import StepEntry
from dhr_app.casework.promises import NewsEntry
from dhr_app.web.answering import put_beside, taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.family_part.forms import MEANING, CommentForm, DayForm, NewsForm, PartForm, StepForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows import record_wording as r
from dhr_app.workflows.errors import Invalid, Stale
from dhr_app.workflows.family_steps import answers_to, step_words
from dhr_app.workflows.promises import ENDED_BECAUSE
from dhr_app.workflows.wording import CHANNELS, NOT_CONTACTED_BECAUSE

room = Room("family_part", __name__)

MEMBER = "/reviews/<reference>/family/<uuid:member_id>"


@room.get(f"{MEMBER}/part", permission="family.see")
def see(reference: str, member_id: UUID) -> ResponseReturnValue:
    """How one family member takes part, opened."""
    page = pages.open_part(reference, member_id, by=current_person(), at=this_moment())
    return show_part(
        "family_part/see.html", reference, page=page, today=london_date(this_moment()), because=NOT_CONTACTED_BECAUSE,
        takes_part=r.TAKES_PART, steps=r.FAMILY_STEPS, ahead=r.FAMILY_STEPS_AHEAD, answers=r.FAMILY_ANSWERS,
        channels=CHANNELS,
    )  # fmt: skip


@room.form(f"{MEMBER}/part/change", permission="family.change")
def change(reference: str, member_id: UUID) -> ResponseReturnValue:
    """Whether they take part, and their advocate. Where somebody else saved first, it is chosen."""
    shown = pages.open_part_form(reference, member_id, by=current_person(), at=this_moment())
    form = PartForm(data={**vars(shown.entry), "version": shown.version})
    try:
        if taken(form, lambda: _change(reference, member_id, form, settled(form.entry, shown.entry))):
            return done(f"How family member {shown.member.number} takes part is saved.", _page(reference, member_id))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return _show("change", reference, shown.member, form)


@room.form(f"{MEMBER}/news", permission="family.change")
def news(reference: str, member_id: UUID) -> ResponseReturnValue:
    """When they hear from us again, as they wish. Where somebody else saved first, it is chosen."""
    shown = promises.open_news(reference, member_id, by=current_person(), at=this_moment())
    form = NewsForm(data={**vars(shown.entry), "version": shown.version})
    try:
        if taken(form, lambda: _settle_news(reference, member_id, form, settled(form.entry, shown.entry))):
            return done(f"When family member {shown.number} hears from us is saved.", _page(reference, member_id))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return show_part(
        "family_part/news.html", reference, form, shown=shown, member_id=member_id, because=ENDED_BECAUSE,
        today=london_date(this_moment()),
    )  # fmt: skip


# --- What was offered and told ----------------------------------------------------------------------------------------


@room.form(f"{MEMBER}/steps/new/<kind>", permission="family.change")
def add_step(reference: str, member_id: UUID, kind: str) -> ResponseReturnValue:
    """Write down that they were offered, given or told something."""
    new = pages.open_new_step(reference, member_id, kind, by=current_person(), at=this_moment())
    first = {"done_on": london_date(this_moment()), "answer": answers_to(kind)[0], "about_on": new.planned_on}
    form = StepForm(kind, data=first)
    if taken(form, lambda: _add_step(reference, member_id, kind, form)):
        return done(f"Saved for family member {new.member.number}: {step_words(kind)}.",
                    _page(reference, member_id))  # fmt: skip
    closed = bool(new.member.not_contacted_because) and not form.errors
    return _show("step", reference, new.member, form, kind=kind, shown=None, closed=closed)


@room.form(f"{MEMBER}/steps/<uuid:step_id>", permission="family.change")
def step(reference: str, member_id: UUID, step_id: UUID) -> ResponseReturnValue:
    """Correct a step, or write down their answer. Where somebody else saved first, it is chosen."""
    page = pages.open_step(reference, member_id, step_id, by=current_person(), at=this_moment())
    shown = page.shown
    form = StepForm(shown.kind, data={**vars(shown.entry), "version": shown.version})
    try:
        if taken(form, lambda: _correct_step(reference, member_id, step_id, form, settled(form.entry, shown.entry))):
            return done("The step is saved.", _page(reference, member_id))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return _show("step", reference, page.member, form, kind=shown.kind, shown=shown)


@room.post(f"{MEMBER}/steps/<uuid:step_id>/remove", permission="family.change")
def remove_step(reference: str, member_id: UUID, step_id: UUID) -> ResponseReturnValue:
    """A step was entered by mistake."""
    try:
        family_steps.remove_step(reference, member_id, step_id, by=current_person(), at=this_moment())
    except Invalid as wrong:
        page = pages.open_step(reference, member_id, step_id, by=current_person(), at=this_moment())
        shown = page.shown
        form = StepForm(shown.kind, formdata=None, data={**vars(shown.entry), "version": shown.version})
        put_beside(form, wrong)
        return _show("step", reference, page.member, form, kind=shown.kind, shown=shown)
    return done("The step is taken away. The audit trail keeps that it was there.", _page(reference, member_id))


# --- Comments on the draft --------------------------------------------------------------------------------------------


@room.form(f"{MEMBER}/comments/new", permission="family.change")
def add_comment(reference: str, member_id: UUID) -> ResponseReturnValue:
    """Write down what they said of the draft."""
    member = pages.open_member(reference, member_id, by=current_person(), at=this_moment())
    form = CommentForm(data={"made_on": london_date(this_moment())})
    if taken(form, lambda: _add_comment(reference, member_id, form)):
        return done(f"The comment of family member {member.number} is saved.", _page(reference, member_id))
    return _show("comment", reference, member, form, shown=None)


@room.form(f"{MEMBER}/comments/<uuid:comment_id>", permission="family.change")
def comment(reference: str, member_id: UUID, comment_id: UUID) -> ResponseReturnValue:
    """Answer or correct a comment. Where somebody else saved first, it is chosen."""
    page = pages.open_comment(reference, member_id, comment_id, by=current_person(), at=this_moment())
    shown = page.shown
    form = CommentForm(data={**vars(shown.entry), "version": shown.version})
    try:
        if taken(
            form, lambda: _correct_comment(reference, member_id, comment_id, form, settled(form.entry, shown.entry))
        ):
            return done("The comment is saved.", _page(reference, member_id))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return _show("comment", reference, page.member, form, shown=shown)


@room.post(f"{MEMBER}/comments/<uuid:comment_id>/remove", permission="family.change")
def remove_comment(reference: str, member_id: UUID, comment_id: UUID) -> ResponseReturnValue:
    """A comment was entered by mistake."""
    family_comments.remove_comment(reference, member_id, comment_id, by=current_person(), at=this_moment())
    return done("The comment is taken away. The audit trail keeps that it was there.", _page(reference, member_id))


# --- Days to avoid ----------------------------------------------------------------------------------------------------


@room.form(f"{MEMBER}/days/new", permission="family.change")
def add_day(reference: str, member_id: UUID) -> ResponseReturnValue:
    """Write down a day on which nothing of the review may reach them."""
    member = pages.open_member(reference, member_id, by=current_person(), at=this_moment())
    form = DayForm()
    if taken(form, lambda: _add_day(reference, member_id, form)):
        return done(f"The day to avoid of family member {member.number} is saved.", _page(reference, member_id))
    return _show("day", reference, member, form)


@room.post(f"{MEMBER}/days/<uuid:day_id>/remove", permission="family.change")
def remove_day(reference: str, member_id: UUID, day_id: UUID) -> ResponseReturnValue:
    """A day no longer has to be avoided."""
    family_part.remove_date_to_avoid(reference, member_id, day_id, by=current_person(), at=this_moment())
    return done("The day is taken away.", _page(reference, member_id))


def _page(reference: str, member_id: UUID) -> str:
    return url_for("family_part.see", reference=reference, member_id=member_id)


def _show(
    name: str, reference: str, member: MemberShown, form: FlaskForm, *, closed: bool = False, **context: Any
) -> ResponseReturnValue:
    """One of the forms, with whose it is above it; `closed` where nothing can be written down."""
    return show_part(
        f"family_part/{name}.html", reference, form, member=member, today=london_date(this_moment()),
        because=NOT_CONTACTED_BECAUSE, steps=r.FAMILY_STEPS, meaning=MEANING, closed=closed,
        **context,
    )  # fmt: skip


def _settle_news(reference: str, member_id: UUID, form: NewsForm, entry: NewsEntry) -> None:
    promises.settle_news(reference, member_id, entry, version_of(form), by=current_person(), at=this_moment())


def _change(reference: str, member_id: UUID, form: PartForm, entry: PartEntry) -> None:
    family_part.record_part(reference, member_id, entry, version_of(form), by=current_person(), at=this_moment())


def _add_step(reference: str, member_id: UUID, kind: str, form: StepForm) -> None:
    family_steps.add_step(reference, member_id, kind, form.entry, by=current_person(), at=this_moment())


def _correct_step(reference: str, member_id: UUID, step_id: UUID, form: StepForm, entry: StepEntry) -> None:
    version = version_of(form)
    family_steps.correct_step(reference, member_id, step_id, entry, version, by=current_person(), at=this_moment())


def _add_comment(reference: str, member_id: UUID, form: CommentForm) -> None:
    family_comments.add_comment(reference, member_id, form.entry, by=current_person(), at=this_moment())


def _correct_comment(reference: str, member_id: UUID, comment_id: UUID, form: CommentForm, entry: CommentEntry) -> None:
    family_comments.correct_comment(
        reference, member_id, comment_id, entry, version_of(form), by=current_person(), at=this_moment()
    )


def _add_day(reference: str, member_id: UUID, form: DayForm) -> None:
    family_part.add_date_to_avoid(reference, member_id, form.entry, by=current_person(), at=this_moment())
