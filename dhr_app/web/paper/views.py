"""The report’s page: the three papers by version; a new one put on file, marked, corrected."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import draft, paper, report_page
from dhr_app.casework.draft import Fingerprint
from dhr_app.casework.paper_entry import PaperEntry
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.paper.forms import MarkForm, NewVersionForm, PaperForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import OutOfReach, Stale
from dhr_app.workflows.roles import Role

room = Room("paper", __name__)


@room.get("/reviews/<reference>/report", permission="paper.see")
def see(reference: str) -> ResponseReturnValue:
    """The papers, opened: current versions and earlier ones, and what rests on them."""
    page = report_page.report_page(reference, by=current_person(), at=this_moment())
    return show_part("paper/see.html", reference, page=page)


@room.form("/reviews/<reference>/report/new", permission="paper.change")
def add(reference: str) -> ResponseReturnValue:
    """Put a new version on file."""
    page = report_page.new_version_page(reference, by=current_person(), at=this_moment())
    handed_in = _draft(reference)
    form = NewVersionForm(data=_known(handed_in))
    if handed_in is not None:
        form.ask_less()
    form.agency_ids.choices = {str(agency_id): name for agency_id, name in page.agencies.items()}
    if not (page.submitted and page.agencies):
        del form.agency_ids
    if taken(form, lambda: _add(reference, form, handed_in)):
        return done("The new version is on file.", url_for("paper.see", reference=reference))
    return show_part("paper/new.html", reference, form, page=page, handed_in=handed_in)


@room.form("/reviews/<reference>/report/final", permission="paper.finish")
def finish(reference: str) -> ResponseReturnValue:
    """The chair marks papers as final, or the coordinator on the chair’s behalf."""
    page = report_page.mark_page(reference, "final_on", by=current_person(), at=this_moment())
    form = MarkForm(data={"final_on": london_date(this_moment()), "chair": page.chair, **_all_of(page.papers)})
    form.paper_ids.choices = {str(paper_id): name for paper_id, name in page.papers.items()}
    del form.panel_agreed_on
    if current_person().role is Role.INDEPENDENT_CHAIR:
        del form.chair
    if taken(form, lambda: _finish(reference, form)):
        return done("Marked as final.", url_for("paper.see", reference=reference))
    return show_part("paper/mark.html", reference, form, page=page, heading="Mark papers as final")


@room.form("/reviews/<reference>/report/agreed", permission="paper.finish")
def agree(reference: str) -> ResponseReturnValue:
    """The review panel agreed papers."""
    page = report_page.mark_page(reference, "panel_agreed_on", by=current_person(), at=this_moment())
    form = MarkForm(data={"panel_agreed_on": london_date(this_moment()), **_all_of(page.papers)})
    form.paper_ids.choices = {str(paper_id): name for paper_id, name in page.papers.items()}
    del form.final_on, form.chair
    if taken(form, lambda: _agree(reference, form)):
        return done("The panel’s agreement is recorded.", url_for("paper.see", reference=reference))
    return show_part("paper/mark.html", reference, form, page=page, heading="Record that the review panel agreed")


@room.form("/reviews/<reference>/report/<uuid:paper_id>", permission="paper.change")
def correct(reference: str, paper_id: UUID) -> ResponseReturnValue:
    """Correct a version’s words and days. Where somebody else saved first, each answer that differs is chosen."""
    shown = report_page.open_version(reference, paper_id, by=current_person(), at=this_moment())
    form = PaperForm(data={**vars(shown.entry), "version": shown.version})
    form.without_marks(shown.entry, may_finish=shown.may_finish)
    try:
        if taken(form, lambda: _correct(reference, paper_id, form, shown.entry)):
            return done("The record of this version is saved.", url_for("paper.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry(shown.entry), saved=shown.entry, version=shown.version)
    return show_part("paper/correct.html", reference, form, shown=shown)


def _draft(reference: str) -> Fingerprint | None:
    """The draft that is put on file, where the way led here from one. Raises OutOfReach."""
    if "draft" not in request.args:
        return None
    try:
        draft_id = UUID(request.args["draft"])
    except ValueError:
        raise OutOfReach from None
    return draft.fingerprint(reference, draft_id, by=current_person(), at=this_moment())


def _known(handed_in: Fingerprint | None) -> dict[str, object]:
    """What the form of a new version begins with: the paper it was asked for, and the day."""
    if handed_in is not None:
        return {"added_on": handed_in.added_on}
    return {"kind": request.args.get("paper"), "added_on": london_date(this_moment())}


def _add(reference: str, form: NewVersionForm, handed_in: Fingerprint | None) -> None:
    paper.add_version(reference, form.entry(handed_in), by=current_person(), at=this_moment())


def _all_of(papers: dict[UUID, str]) -> dict[str, list[str]]:
    """Every paper ticked to begin with: the three are marked together."""
    return {"paper_ids": [str(paper_id) for paper_id in papers]}


def _finish(reference: str, form: MarkForm) -> None:
    named = (form.chair.data or "") if "chair" in form else ""
    paper.mark_final(reference, form.chosen, form.final_on.data, named, by=current_person(), at=this_moment())


def _agree(reference: str, form: MarkForm) -> None:
    paper.agree(reference, form.chosen, form.panel_agreed_on.data, by=current_person(), at=this_moment())


def _correct(reference: str, paper_id: UUID, form: PaperForm, saved: PaperEntry) -> None:
    entry = settled(form.entry(saved), saved)
    paper.correct(reference, paper_id, entry, version_of(form), by=current_person(), at=this_moment())
