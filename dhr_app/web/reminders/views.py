"""The table of reminders as the coordinator changes it: each row is shown as the next morning would be, then saved."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import quiet_days, reminder_rules
from dhr_app.casework.reminder_preview import Preview, preview
from dhr_app.web.answering import show, taken
from dhr_app.web.reminders.forms import QuietForm, RuleForm
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Over

room = Room("reminders", __name__)

SAVED = "Saved. The next morning’s mail goes by it."
BACK = "The house’s own days hold again."
QUIET = (
    "No mail goes out on those days. What falls on them is said on the next morning; breaches are said all the same."
)
ENDED = "Mail goes out again from the next working morning on."


@room.get("/reminders", permission="reminders.change")
def see() -> ResponseReturnValue:
    """The table in words, the quiet days, and what was changed."""
    return _see(QuietForm(formdata=None))


@room.form("/reminders/rules/<key>", permission="reminders.change")
def change(key: str) -> ResponseReturnValue:
    """The days of one row; what is sent is shown as the next morning would be, and nothing is saved yet."""
    by, at = current_person(), this_moment()
    page, form = reminder_rules.rule_page(key, by=by, at=at), RuleForm()
    form.fill(page)
    shown: list[Preview] = []
    if taken(form, lambda: shown.append(preview(key, form.entry, by=by, at=at))):
        return render_template("reminders/preview.html", page=page, form=form, found=shown[0], entry=form.entry)
    return show("reminders/change.html", form, page=page)


@room.post("/reminders/rules/<key>/save", permission="reminders.change")
def save(key: str) -> ResponseReturnValue:
    """Save what was shown."""
    by, at = current_person(), this_moment()
    page, form = reminder_rules.rule_page(key, by=by, at=at), RuleForm()
    form.fill(page)
    if taken(form, lambda: reminder_rules.change_rule(key, form.entry, by=by, at=at)):
        return done(SAVED, url_for("reminders.see"))
    return show("reminders/change.html", form, page=page)


@room.form("/reminders/rules/<key>/house", permission="reminders.change")
def put_back(key: str) -> ResponseReturnValue:
    """What the next morning would be with the house’s own days, and the button that puts them back."""
    by, at = current_person(), this_moment()
    page, form = reminder_rules.rule_page(key, by=by, at=at), RuleForm()
    if taken(form, lambda: reminder_rules.put_back(key, by=by, at=at)):
        return done(BACK, url_for("reminders.see"))
    found = preview(key, None, by=by, at=at)
    return show("reminders/preview.html", form, page=page, found=found, entry=None)


@room.post("/reminders/quiet", permission="reminders.change")
def set_quiet() -> ResponseReturnValue:
    """Let no mail go out on some days."""
    by, at, form = current_person(), this_moment(), QuietForm()
    if taken(form, lambda: quiet_days.set_quiet(form.entry, by=by, at=at)):
        return done(QUIET, url_for("reminders.see"))
    return _see(form)


@room.post("/reminders/quiet/<uuid:quiet_id>/end", permission="reminders.change")
def end_quiet(quiet_id: UUID) -> ResponseReturnValue:
    """Let mail go out again."""
    try:
        quiet_days.end_quiet(quiet_id, by=current_person(), at=this_moment())
    except Over as over:
        flash(str(over), "notice")
        return redirect(url_for("reminders.see"), 303)
    return done(ENDED, url_for("reminders.see"))


def _see(form: QuietForm) -> ResponseReturnValue:
    page = reminder_rules.rules_page(by=current_person(), at=this_moment())
    return show("reminders/see.html", form, page=page)
