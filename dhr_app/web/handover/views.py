"""Handing a review over: begun, its list filled in, acknowledged by the receiver, given up."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import handover, handover_page
from dhr_app.casework.handover_page import HandoverShown, ItemShown
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.handover.forms import HandoverForm, ItemForm, ReceiptForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale
from dhr_app.workflows.record_wording import HANDED_OVER, HANDING_OVER

room = Room("handover", __name__)


@room.get("/reviews/<reference>/handover", permission="handover.see")
def see(reference: str) -> ResponseReturnValue:
    """Every handing-over with its list, opened."""
    page = handover_page.handover_page(reference, by=current_person(), at=this_moment())
    return show_part("handover/see.html", reference, page=page, kinds=HANDED_OVER, states=HANDING_OVER)


@room.form("/reviews/<reference>/handover/new", permission="handover.change")
def begin(reference: str) -> ResponseReturnValue:
    """Begin to hand the review over."""
    form = HandoverForm()
    form.offer(handover_page.receivers(reference, by=current_person(), at=this_moment()))
    del form.given_up_on
    if taken(form, lambda: handover.begin(reference, form.receiver, by=current_person(), at=this_moment())):
        return done("The handing-over is begun. Fill in its list.", _back(reference))
    return show_part("handover/begin.html", reference, form)


@room.form("/reviews/<reference>/handover/<uuid:handover_id>", permission="handover.change")
def correct(reference: str, handover_id: UUID) -> ResponseReturnValue:
    """Name another receiver, or give it up. Where somebody else saved first, each answer that differs is chosen."""
    shown = handover_page.open_handover(reference, handover_id, by=current_person(), at=this_moment())
    form = HandoverForm(
        data={**vars(shown.entry), "receiver_id": str(shown.entry.receiver_id), "version": shown.version}
    )
    form.offer(handover_page.receivers(reference, by=current_person(), at=this_moment()), shown)
    try:
        if taken(form, lambda: _correct(reference, form, shown)):
            return done("The handing-over is saved.", _back(reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return show_part("handover/edit.html", reference, form, shown=shown)


@room.form("/reviews/<reference>/handover/<uuid:handover_id>/acknowledged", permission="handover.change")
def acknowledge(reference: str, handover_id: UUID) -> ResponseReturnValue:
    """Write down that the receiver has the review. Where somebody else saved first, it is chosen."""
    shown = handover_page.open_handover(reference, handover_id, by=current_person(), at=this_moment())
    form = ReceiptForm(data={**vars(shown.receipt), "version": shown.version})
    try:
        if taken(form, lambda: _acknowledge(reference, form, shown)):
            return done("What the receiver said is saved.", _back(reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.receipt, version=shown.version)
    return show_part("handover/acknowledge.html", reference, form, shown=shown)


@room.form("/reviews/<reference>/handover/items/<uuid:item_id>", permission="handover.change")
def fill_in(reference: str, item_id: UUID) -> ResponseReturnValue:
    """Fill in a line of the list. Where somebody else saved first, each answer that differs is chosen."""
    shown = handover_page.open_item(reference, item_id, by=current_person(), at=this_moment())
    form = ItemForm(data={**vars(shown.entry), "version": shown.version})
    form.ask_about(shown.kind)
    try:
        if taken(form, lambda: _fill_in(reference, form, shown)):
            return done("This line of the list is saved.", _back(reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return show_part("handover/item.html", reference, form, shown=shown, kinds=HANDED_OVER)


def _back(reference: str) -> str:
    return url_for("handover.see", reference=reference)


def _correct(reference: str, form: HandoverForm, shown: HandoverShown) -> None:
    entry = settled(form.entry, shown.entry)
    handover.correct(reference, shown.id, entry, version_of(form), by=current_person(), at=this_moment())


def _acknowledge(reference: str, form: ReceiptForm, shown: HandoverShown) -> None:
    entry = settled(form.entry, shown.receipt)
    handover.acknowledge(reference, shown.id, entry, version_of(form), by=current_person(), at=this_moment())


def _fill_in(reference: str, form: ItemForm, shown: ItemShown) -> None:
    entry = settled(form.entry, shown.entry)
    handover.fill_in(reference, shown.id, entry, version_of(form), by=current_person(), at=this_moment())
