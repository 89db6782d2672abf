"""Until when a review’s records are kept, what holds them, and their destruction by two people."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import disposal, disposal_notice, legal_hold
from dhr_app.casework.destroying import Held, Unfinished, carry_on
from dhr_app.casework.house import house
from dhr_app.casework.records_page import hold_to_lift, records_page, running_one
from dhr_app.web.again import after_password
from dhr_app.web.answering import taken
from dhr_app.web.records.forms import ConfirmForm, HoldForm, LiftForm, NoticeForm, SecondForm, StopForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment

room = Room("records", __name__)

HELD = "The hold is in force: nothing is destroyed until it is lifted."
HELD_LATE = "The hold is in force: nothing else is destroyed until it is lifted."
LIFTED = "The hold is lifted."
ASKED = "It is recorded that you ask for the hold to be lifted. Somebody else has to agree."
DESTROYED = (
    "The records are destroyed. The certificate says what was, and until when an old backup could still open them."
)


@room.get("/reviews/<reference>/records", permission="records.see")
def see(reference: str) -> ResponseReturnValue:
    """What is kept until when, what holds it, and what was destroyed."""
    page = records_page(reference, by=current_person(), at=this_moment())
    return show_part("records/see.html", reference, page=page)


@room.form("/reviews/<reference>/records/hold", permission="hold.place")
def hold(reference: str) -> ResponseReturnValue:
    """Forbid that anything of this review is destroyed."""
    by, at = current_person(), this_moment()
    page = records_page(reference, "hold.place", by=by, at=at)
    form = HoldForm()
    too_late: list[str] = []
    if taken(form, lambda: too_late.extend(legal_hold.place(reference, form.entry, by=by, at=at))):
        for sentence in too_late:
            flash(sentence, "notice")
        return done(HELD_LATE if too_late else HELD, _back(reference))
    return show_part("records/hold.html", reference, form, page=page)


@room.form("/reviews/<reference>/records/holds/<uuid:hold_id>/lift", permission="hold.lift")
def lift(reference: str, hold_id: UUID) -> ResponseReturnValue:
    """Lift a hold, or ask that somebody else does."""
    by, at = current_person(), this_moment()
    held, form = hold_to_lift(reference, hold_id, by=by, at=at), LiftForm()
    lifted: list[bool] = []
    work = after_password(form, "hold.lift", lambda: lifted.append(legal_hold.lift(reference, hold_id, by=by, at=at)))
    if taken(form, work):
        return done(LIFTED if lifted[0] else ASKED, _back(reference))
    return show_part("records/lift.html", reference, form, held=held, alone=by.role in legal_hold.ALONE)


@room.form("/reviews/<reference>/records/notice", permission="disposal.notice")
def notice(reference: str) -> ResponseReturnValue:
    """Give notice that records which are due are to be destroyed."""
    by, at = current_person(), this_moment()
    page = records_page(reference, "disposal.notice", by=by, at=at)
    form = NoticeForm(page.due)
    if taken(form, lambda: disposal_notice.give_notice(reference, form.classes.data or (), by=by, at=at)):
        return done("The notice is given. Nothing is destroyed before it is over.", _back(reference))
    return show_part("records/notice.html", reference, form, page=page, days=house().rule_book.retention.notice_days)


@room.form("/reviews/<reference>/records/<int:number>/stop", permission="disposal.notice")
def stop(reference: str, number: int) -> ResponseReturnValue:
    """End a notice."""
    by, at = current_person(), this_moment()
    page, form = running_one(reference, number, "disposal.notice", by=by, at=at), StopForm()
    if taken(form, lambda: disposal_notice.stop(reference, number, form.because.data or "", by=by, at=at)):
        return done("The notice is ended. Nothing was destroyed.", _back(reference))
    return show_part("records/stop.html", reference, form, page=page)


@room.form("/reviews/<reference>/records/<int:number>/confirm", permission="disposal.confirm")
def confirm(reference: str, number: int) -> ResponseReturnValue:
    """The first person confirms."""
    by, at = current_person(), this_moment()
    page, form = running_one(reference, number, "disposal.confirm", by=by, at=at), ConfirmForm()
    disposal.ask_first(reference, number, by=by, at=at)
    work = after_password(form, "disposal.confirm", lambda: disposal.confirm(reference, number, by=by, at=at))
    if taken(form, work):
        return done("You have confirmed it. A second person has to confirm it too.", _back(reference))
    return show_part("records/confirm.html", reference, form, page=page)


@room.form("/reviews/<reference>/records/<int:number>/second", permission="disposal.second")
def second(reference: str, number: int) -> ResponseReturnValue:
    """The second person confirms, and the records are destroyed."""
    by, at = current_person(), this_moment()
    page, form = running_one(reference, number, "disposal.second", by=by, at=at), SecondForm()
    disposal.ask_second(reference, number, by=by, at=at)
    begun: list[UUID] = []
    work = after_password(
        form,
        "disposal.second",
        lambda: begun.append(disposal.second(reference, number, form.typed.data or "", by=by, at=at)),
    )
    if taken(form, work):
        try:
            carry_on(house(), begun[0], at=at)
        except (Held, Unfinished) as trouble:
            flash(trouble.sentence, "notice")
            return redirect(_back(reference), 303)
        return done(DESTROYED, _back(reference))
    return show_part("records/second.html", reference, form, page=page)


def _back(reference: str) -> str:
    return url_for("records.see", reference=reference)
