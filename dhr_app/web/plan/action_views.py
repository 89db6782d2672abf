"""Actions: entered, corrected, their dates moved, reported as done, and closed by a minute."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import action, action_progress, plan_parts, progress_page, sign_off
from dhr_app.casework.action import BY_A_DATE, ActionEntry
from dhr_app.web.agency_choices import agency_names
from dhr_app.web.answering import taken
from dhr_app.web.choosing import settled, version_of
from dhr_app.web.plan.action_forms import ActionForm, DoneForm, MoveDateForm, OutcomeForm
from dhr_app.web.plan.room import answered, room
from dhr_app.web.review_part import done, show_part
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid

NOBODY = "Not agreed yet"


@room.form("/reviews/<reference>/plan/recommendations/<uuid:recommendation_id>/actions/new", permission="plan.change")
def add_action(reference: str, recommendation_id: UUID) -> ResponseReturnValue:
    """Enter what an agency does about a recommendation."""
    part = plan_parts.new_action_part(reference, recommendation_id, by=current_person(), at=this_moment())
    form = _form(part.entry, version=0)

    def take() -> None:
        action.add_action(reference, recommendation_id, form.entry, by=current_person(), at=this_moment())

    if taken(form, take):
        said = f"An action of recommendation {part.number} is entered.{_late_at_once(form)}"
        return done(said, url_for("plan.see", reference=reference) + f"#r-{recommendation_id}")
    return show_part("plan/action.html", reference, form, part=part, recommendation_id=recommendation_id)


@room.form("/reviews/<reference>/plan/actions/<uuid:action_id>", permission="plan.change")
def correct_action(reference: str, action_id: UUID) -> ResponseReturnValue:
    """Correct an action; a date that stands is only shown."""
    part = plan_parts.action_part(reference, action_id, by=current_person(), at=this_moment())
    form = _form(part.entry, version=part.version)
    if part.entry.when == BY_A_DATE and "when" not in request.form:
        form.when.data, form.target_on.data, form.look_again_on.data = BY_A_DATE, part.entry.target_on, None

    def take() -> None:
        entry = settled(form.entry, part.entry)
        action.correct_action(reference, action_id, entry, version_of(form), by=current_person(), at=this_moment())

    said = f"Action {part.number} is saved."
    words = {"owner_id": form.owner_id.choices}
    return answered(form, part, take, said, "plan/action.html", at=f"a-{action_id}", words=words)


@room.form("/reviews/<reference>/plan/actions/<uuid:action_id>/date", permission="plan.move_date")
def move_date(reference: str, action_id: UUID) -> ResponseReturnValue:
    """Move the date of an action, and say why; where its agency asks for longer, to the day that it asks for."""
    part = plan_parts.date_part(reference, action_id, by=current_person(), at=this_moment())
    wish = progress_page.wish_to_move(reference, action_id, by=current_person(), at=this_moment())
    asked = wish.wanted_on if wish else None
    form = MoveDateForm(data={"when": BY_A_DATE, "to_on": asked, "version": part.version})

    def take() -> None:
        action_progress.move_date(
            reference, action_id, form.entry, form.version.data or 0, by=current_person(), at=this_moment()
        )

    def check() -> None:
        action_progress.check_move(reference, action_id, form.entry, by=current_person(), at=this_moment())

    if taken(form, take, check=check):
        said = f"The date of action {part.number} is moved."
        return done(said, url_for("plan.see", reference=reference) + f"#a-{action_id}")
    form.renew(part.version)  # what stands now is shown above the form
    return show_part("plan/date.html", reference, form, part=part, wish=wish)


@room.form("/reviews/<reference>/plan/actions/<uuid:action_id>/done", permission="plan.report_done")
def report_done(reference: str, action_id: UUID) -> ResponseReturnValue:
    """Enter that an agency reports its action as done, and what shows it."""
    part = plan_parts.done_part(reference, action_id, by=current_person(), at=this_moment())
    form = DoneForm(data={**vars(part.entry), "version": part.version})

    def take() -> None:
        entry = settled(form.entry, part.entry)
        action_progress.report_done(
            reference, action_id, entry, version_of(form), by=current_person(), at=this_moment()
        )

    return answered(form, part, take, f"Action {part.number} is saved.", "plan/done.html", at=f"a-{action_id}")


@room.form("/reviews/<reference>/plan/actions/<uuid:action_id>/close", permission="plan.close_action")
def close_action(reference: str, action_id: UUID) -> ResponseReturnValue:
    """Close one action by a minute, correct that, or open it again."""
    part = plan_parts.outcome_part(reference, action_id, by=current_person(), at=this_moment())
    form = OutcomeForm(data={**vars(part.entry), "version": part.version})

    def take() -> None:
        entry = settled(form.entry, part.entry)
        sign_off.close_action(reference, action_id, entry, version_of(form), by=current_person(), at=this_moment())

    return answered(form, part, take, f"Action {part.number} is saved.", "plan/close.html", at=f"a-{action_id}")


@room.post("/reviews/<reference>/plan/actions/<uuid:action_id>/remove", permission="plan.change")
def remove_action(reference: str, action_id: UUID) -> ResponseReturnValue:
    """Take an action entered by mistake off the plan."""
    part = plan_parts.action_part(reference, action_id, by=current_person(), at=this_moment())
    try:
        action.remove_action(reference, action_id, by=current_person(), at=this_moment())
    except Invalid as wrong:
        form = _form(part.entry, version=part.version, as_it_stands=True)
        form.form_errors.extend(wrong.fields.values())
        return show_part("plan/action.html", reference, form, part=part)
    return done(f"Action {part.number} is taken off the plan.", url_for("plan.see", reference=reference))


def _late_at_once(form: ActionForm) -> str:
    """What is said beside of a date that has passed: it may be right, of a plan agreed long ago, or a slip."""
    day = form.target_on.data if form.when.data == BY_A_DATE else None
    if day is None or day >= london_date(this_moment()):
        return ""
    return f" Its date, {in_words(day)}, has passed, so it shows as late: if the year is a slip, correct it."


def _form(entry: ActionEntry, *, version: int, as_it_stands: bool = False) -> ActionForm:
    """The form of an action, as it was sent where it was; `as_it_stands` leaves out what another form sent."""
    values: dict[str, Any] = {**vars(entry), "owner_id": str(entry.owner_id or ""), "version": version}
    form = ActionForm(formdata=None, data=values) if as_it_stands else ActionForm(data=values)
    also = (entry.owner_id,) if entry.owner_id else ()
    form.owner_id.choices = {"": NOBODY, **agency_names(*also)}
    return form
