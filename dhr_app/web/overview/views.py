"""Looking at all reviews at once: as they stand now, and as they stood at the end of a day. Nothing is opened."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework.last_proof import trail_holds
from dhr_app.casework.outgoing import MayNotLeave
from dhr_app.casework.overview import overview
from dhr_app.casework.steering_actions import NAMED
from dhr_app.casework.steering_report import MARKING, Report, report_for
from dhr_app.web.answering import put_beside, show
from dhr_app.web.overview.charts import BAND_WORDS, WAITS_FOR, charts
from dhr_app.web.overview.forms import ASKED, AsAtForm, day_asked, usual_days
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.lateness import LOOK_AGAIN

room = Room("overview", __name__)


@room.get("/overview", permission="overview.see")
def see() -> ResponseReturnValue:
    """Every review at a glance, and what waits for whoever looks."""
    page = overview(by=current_person(), at=this_moment())
    return render_template(
        "overview/see.html", page=page, charts=charts(page), bands=BAND_WORDS, waits_for=WAITS_FOR, asked=ASKED,
        named=NAMED, look_again=LOOK_AGAIN, trail_broken=not trail_holds(),
    )  # fmt: skip


@room.get("/overview/report", permission="overview.see")
def report() -> ResponseReturnValue:
    """The report as at a day; without one, which day it is to be."""
    typed = "as_at-year" in request.args
    form = AsAtForm(formdata=request.args if typed else None)
    if typed and form.validate():
        return redirect(url_for("overview.report", **{ASKED: form.as_at.data.isoformat()}), 303)
    found = _found(form)
    today = london_date(this_moment())
    return show(
        "report_steering/page.html", form, report=found, today=today, usual=usual_days(today), asked=ASKED,
        bands=BAND_WORDS, waits_for=WAITS_FOR, marking=MARKING, made_on=today,
    )  # fmt: skip


def _found(form: AsAtForm) -> Report | None:
    """The report of the day in the address, or None; what is wrong with that day, or the report, stands in the form."""
    try:
        day = day_asked(request.args)
        if day is None:
            return None
        form.as_at.typed = form.as_at.spread(day)
        return report_for(day, by=current_person(), at=this_moment())
    except Invalid as wrong:
        put_beside(form, wrong)
    except MayNotLeave as held:
        form.form_errors.append(held.sentence)
    except ValueError as wrong:
        form.as_at.errors = [str(wrong)]
    return None
