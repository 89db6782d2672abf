"""Looking at the audit trail, and taking it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework.last_proof import trail_holds
from dhr_app.casework.trail_files import trail_as_csv, trail_as_lines
from dhr_app.casework.trail_page import TrailPage, trail_choices, trail_page
from dhr_app.web.again import need_proof
from dhr_app.web.answering import put_beside, show
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.sending import sent
from dhr_app.web.trail.forms import TrailForm
from dhr_app.workflows.errors import Invalid

room = Room("trail", __name__)
PIECE = 64 * 1024
NOTHING = TrailPage((), None)


@room.get("/trail", permission="trail.see")
def see() -> ResponseReturnValue:
    """What was done, latest first, narrowed as the address says."""
    form = _form()
    page = NOTHING
    if form.validate():
        try:
            start = _id(request.args.get("from", ""))
            page = trail_page(form.filters, from_line=start, by=current_person(), at=this_moment())
        except Invalid as wrong:
            put_beside(form, wrong)
    return _shown(form, page, later="from" in request.args)


@room.post("/trail/table", permission="trail.export")
def table() -> ResponseReturnValue:
    """What was asked for, as a table for a spreadsheet."""
    need_proof()
    form = _form()
    if not form.validate():
        return _shown(form, NOTHING)
    try:
        data = trail_as_csv(form.filters, by=current_person(), at=this_moment())
    except Invalid as wrong:
        put_beside(form, wrong)
        return _shown(form, NOTHING)
    return sent([data], name=f"audit-trail-{_today()}.csv", media_type="text/csv", size=len(data))


@room.post("/trail/whole", permission="trail.export")
def whole() -> Response:
    """The whole trail, for the auditor's own tool."""
    need_proof()
    file = trail_as_lines(by=current_person(), at=this_moment())
    size = file.seek(0, 2)
    file.seek(0)
    answer = sent(_pieces(file), name=f"audit-trail-{_today()}.jsonl", media_type="application/jsonl", size=size)
    answer.call_on_close(file.close)  # also where nobody waited for the first piece
    return answer


def _shown(form: TrailForm, page: TrailPage, *, later: bool = False) -> ResponseReturnValue:
    return show("trail/see.html", form, page=page, later=later, trail_broken=not trail_holds())


def _form() -> TrailForm:
    form = TrailForm(formdata=request.form if request.method == "POST" else request.args)
    form.offer(trail_choices(by=current_person(), at=this_moment()))
    return form


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _today() -> str:
    return london_date(this_moment()).isoformat()


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
