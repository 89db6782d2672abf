"""The review panel: who chairs it, who writes for it, and which agencies sit on it."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import panel, panel_page
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.panel.forms import EndSeatForm, SeatForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale

room = Room("panel", __name__)


@room.get("/reviews/<reference>/panel", permission="panel.see")
def see(reference: str) -> ResponseReturnValue:
    """Chair, author and panel."""
    page = panel_page.panel_page(reference, by=current_person(), at=this_moment())
    return show_part("panel/see.html", reference, page=page)


@room.form("/reviews/<reference>/panel/seats/new", permission="panel.change")
def take(reference: str) -> ResponseReturnValue:
    """Give an agency a seat on the panel."""
    panel_page.may_take_seat(reference, by=current_person(), at=this_moment())
    form = SeatForm(data={"from_on": london_date(this_moment())})
    form.offer()
    if taken(form, lambda: panel.take_seat(reference, form.entry, by=current_person(), at=this_moment())):
        return done("The agency sits on the review panel.", url_for("panel.see", reference=reference))
    return show_part("panel/seat.html", reference, form, page=None)


@room.form("/reviews/<reference>/panel/seats/<uuid:seat_id>", permission="panel.change")
def correct(reference: str, seat_id: UUID) -> ResponseReturnValue:
    """Correct a seat. Where somebody else saved first, each answer that differs is chosen."""
    page = panel_page.seat_page(reference, seat_id, by=current_person(), at=this_moment())
    form = SeatForm(data={**vars(page.entry), "agency_id": str(page.entry.agency_id), "version": page.version})
    form.offer()
    try:
        if taken(form, lambda: _correct(reference, seat_id, form, page)):
            return done(f"The seat of {page.line.agency} is saved.", url_for("panel.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=page.entry, version=page.version)
    return show_part("panel/seat.html", reference, form, page=page)


@room.form("/reviews/<reference>/panel/seats/<uuid:seat_id>/end", permission="panel.change")
def end(reference: str, seat_id: UUID) -> ResponseReturnValue:
    """Record that an agency left the panel."""
    page = panel_page.seat_page(reference, seat_id, by=current_person(), at=this_moment())
    form = EndSeatForm(data={"to_on": london_date(this_moment())})
    if taken(form, lambda: _end(reference, seat_id, form)):
        return done(f"{page.line.agency} has left the review panel.", url_for("panel.see", reference=reference))
    return show_part("panel/end.html", reference, form, page=page)


def _correct(reference: str, seat_id: UUID, form: SeatForm, page: panel_page.SeatPage) -> None:
    entry = settled(form.entry, page.entry)
    panel.correct_seat(reference, seat_id, entry, version_of(form), by=current_person(), at=this_moment())


def _end(reference: str, seat_id: UUID, form: EndSeatForm) -> None:
    panel.end_seat(reference, seat_id, form.to_on.data, by=current_person(), at=this_moment())
