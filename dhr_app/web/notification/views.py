"""A death is notified on one long page, of which everything unknown may be left; later it is corrected and added to."""

from __future__ import annotations

from uuid import uuid4

from flask import request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import notification
from dhr_app.casework.notification import NotificationEntry, NotificationPage
from dhr_app.casework.people import PersonEntry
from dhr_app.web.agency_choices import agency_names, leading_names
from dhr_app.web.answering import put_beside, show
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.duplicates.telling import and_matches
from dhr_app.web.notification.forms import MOST_VICTIMS, NewNotificationForm, NotificationForm, typed_from
from dhr_app.web.review_part import review_url, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows import wording
from dhr_app.workflows.errors import Invalid, NotAllowed, Stale

room = Room("notification", __name__)


@room.form("/reviews/new", permission="review.notify")
def notify() -> ResponseReturnValue:
    """Take a notification. The buttons that add or take away a person who died save nothing and keep every word."""
    form = NewNotificationForm(
        kinds_of_review=notification.kinds_of_review(),
        agencies=agency_names(),
        leads=leading_names(),
        data={**typed_from(NotificationEntry()), "victims": [vars(PersonEntry())], "once": str(uuid4())},
    )
    if "add_victim" in request.form or "remove_victim" in request.form:
        _change_the_victims(form)
    elif form.validate_on_submit():
        try:
            reference = notification.notify(
                form.entry, tuple(victim.form.entry for victim in form.victims), form.rule_set.data or "",
                once=form.mark, by=current_person(), at=this_moment(),
            )  # fmt: skip
        except Invalid as wrong:
            _put_beside(form, wrong)
        else:
            return and_matches(
                reference, f"The death is recorded. The reference is {reference}.", review_url(reference)
            )
    return show("notification/new.html", form, most_victims=MOST_VICTIMS)


@room.get("/reviews/<reference>/notification", permission="notification.see")
def see(reference: str) -> ResponseReturnValue:
    """The notification as it stands."""
    page = notification.open_notification(reference, by=current_person(), at=this_moment())
    entry = page.entry
    also = tuple(one for one in (entry.lead_partnership_id, entry.notifier_agency_id) if one)
    return show_part("notification/see.html", reference, page=page, agencies=agency_names(*also), words=wording)


@room.form("/reviews/<reference>/notification/correct", permission="notification.change")
def correct(reference: str) -> ResponseReturnValue:
    """Correct or add to it. Where somebody else saved first, each answer that differs is chosen."""
    page = notification.open_notification(reference, by=current_person(), at=this_moment())
    form = _form_of(page)
    if form.validate_on_submit():
        try:
            notification.correct_notification(
                reference, settled(form.entry, page.entry), version_of(form), by=current_person(), at=this_moment()
            )
        except Invalid as wrong:
            put_beside(form, wrong)
        except Stale:
            return choose(reference, form, yours=form.entry, saved=page.entry, version=page.version)
        else:
            return and_matches(
                reference, "The notification is saved.", url_for("notification.see", reference=reference)
            )
    return show_part("notification/correct.html", reference, form)


def _form_of(page: NotificationPage) -> NotificationForm:
    if not page.may_change:
        raise NotAllowed("notification.change", "You may read the notification, but not change it.")
    entry = page.entry
    return NotificationForm(
        agencies=agency_names(*filter(None, [entry.notifier_agency_id])),
        leads=leading_names(*filter(None, [entry.lead_partnership_id])),
        data={**typed_from(entry), "version": page.version},
    )


def _change_the_victims(form: NewNotificationForm) -> None:
    if "add_victim" in request.form:
        if len(form.victims) < MOST_VICTIMS:
            form.victims.append_entry(vars(PersonEntry()))
        return
    which = request.form.get("remove_victim", -1, type=int)
    if len(form.victims) > 1 and 0 <= which < len(form.victims):
        del form.victims.entries[which]


def _put_beside(form: NewNotificationForm, wrong: Invalid) -> None:
    """Each sentence beside its box; the boxes of the second person who died are victim_2_…"""
    of_the_form = {}
    for name, sentence in wrong.fields.items():
        number, _, box = name.removeprefix("victim_").partition("_")
        if name.startswith("victim_") and number.isdecimal():
            field = form.victims[int(number) - 1].form[box]
            field.errors = [*field.errors, sentence]
        else:
            of_the_form[name] = sentence
    form.victims.errors = [victim.errors for victim in form.victims if victim.errors]
    put_beside(form, Invalid(of_the_form))
