"""From the link in a mail to the report on one action. Anybody may come here; a page is shown for the right code only.

The link’s token stands in the first two addresses alone. From the code on it is the visit in the browser’s cookie that
says which action it is, so that no address holds an id that somebody could change.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import link_door, link_visit
from dhr_app.casework.files import Incoming
from dhr_app.casework.link_door import NoLink
from dhr_app.casework.link_visit import VisitPage
from dhr_app.casework.progress_entry import ReportEntry
from dhr_app.casework.throttle import TooManyTries
from dhr_app.web import sessions
from dhr_app.web.answering import show, taken
from dhr_app.web.by_link.forms import AskForm, LinkCodeForm
from dhr_app.web.owed.forms import ANY_STEP, FORMS, STEPS, ReportForm, form_of
from dhr_app.web.owed.reporting import answered, show_again
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.web.security import this_moment

room = Room("by_link", __name__)


def must_be_visiting(*, at: datetime, **_: object) -> None:
    """Asked before a byte of a file comes in: this browser’s visit is under way. Raises NoLink."""
    link_visit.must_be_visiting(sessions.link_visit(), at=at)


@room.errorhandler(NoLink)
def nothing(_: NoLink) -> ResponseReturnValue:
    """One page for every link that opens nothing, whyever."""
    return render_template("by_link/none.html"), 404


@room.errorhandler(TooManyTries)
def wait(tired: TooManyTries) -> ResponseReturnValue:
    """From when on another try is taken."""
    seconds = math.ceil((tired.until - this_moment()).total_seconds())
    until = tired.until.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return render_template("by_link/wait.html", until=until), 429, {"Retry-After": str(max(seconds, 1))}


@room.form("/link/<token>", permission=PUBLIC)
def ask(token: str) -> ResponseReturnValue:
    """What is behind the link is not shown yet: a button sends a code to the address that the link went to."""
    address, at = request.remote_addr, this_moment()
    form = AskForm()
    if form.validate_on_submit():
        sessions.keep_link(asked=link_door.ask_code(token, address=address, at=at))
        return redirect(url_for("by_link.enter_code", token=token), 303)
    link_door.opened(token, address=address, at=at)
    return show("by_link/ask.html", form)


@room.form("/link/<token>/code", permission=PUBLIC)
def enter_code(token: str) -> ResponseReturnValue:
    """Enter the code; then the action is shown."""
    address, at = request.remote_addr, this_moment()
    form = LinkCodeForm()

    def enter() -> None:
        typed, browser = form.code.data or "", sessions.link_asked()
        sessions.keep_link(visit=link_door.enter_code(token, browser, typed, address=address, at=at))

    if taken(form, enter):
        return redirect(url_for("by_link.see"), 303)
    link_door.opened(token, address=address, at=at)
    return show("by_link/code.html", form, token=token, ask=AskForm(formdata=None))


@room.get("/answer", permission=PUBLIC)
def see() -> ResponseReturnValue:
    """The one action, and the answers to choose from."""
    page = link_visit.visit_page(sessions.link_visit(), at=this_moment())
    return render_template("by_link/action.html", page=page, steps=STEPS)


@room.form(f"/answer/<{ANY_STEP}:step>", permission=PUBLIC, files=must_be_visiting, asks=form_of)
def report(step: str) -> ResponseReturnValue:
    """Give one of the answers; the link is over by that."""
    visit, at = sessions.link_visit(), this_moment()
    page = link_visit.visit_page(visit, at=at)
    form = _form(step, page)

    def take(entry: ReportEntry, version: int, file: Incoming | None) -> None:
        link_visit.report(visit, entry, version, file, at=at)

    found = answered(form, page, take, lambda entry: link_visit.check_report(visit, entry, at=at))
    if found.taken:
        sessions.keep_link()
        return redirect(url_for("by_link.sent"), 303)
    return show_again("by_link/report.html", form, found, page=page, step=step)


@room.get("/answer/sent", permission=PUBLIC)
def sent() -> ResponseReturnValue:
    """The report is sent, and the link is over."""
    return render_template("by_link/sent.html")


def _form(step: str, page: VisitPage) -> ReportForm:
    """The form of an answer; nothing that was said before is filled in, since it may be somebody else’s."""
    form = FORMS[step](data={"version": page.version})
    del form.came_from
    return form
