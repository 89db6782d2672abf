"""The decision whether to review is prepared here; it takes effect with the move that uses it."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import decision
from dhr_app.casework.decision import DecisionPage
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.decision.forms import DecisionForm
from dhr_app.web.review_part import done, review_url, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale
from dhr_app.workflows.wording import DECISIONS

room = Room("decision", __name__)

MOVES = {
    "review":     ("Commission the review",      "commission"),
    "not_review": ("Record the decision not to review", "decide_not_to_review"),
}  # fmt: skip


@room.form("/reviews/<reference>/decision", permission="decision.see")
def prepare(reference: str) -> ResponseReturnValue:
    """The decision that is being prepared, and those that were taken. Where somebody else saved first, it is chosen."""
    page = decision.open_decision(reference, by=current_person(), at=this_moment())
    form = DecisionForm(data=_typed_from(page))
    form.offer(page)
    try:
        if taken(form, lambda: _prepare(reference, form, page)):
            said = "The decision is written down. It takes effect with the next step."
            return done(said, url_for("decision.prepare", reference=reference))
    except Stale:
        words = {"criteria": dict((*page.criteria, *page.reasons_not_to))}
        return choose(reference, form, yours=form.entry, saved=page.entry, version=page.version, words=words)
    next_step = [(text, f"{review_url(reference)}/moves/{name}") for text, name in _moves(page)]
    return show_part("decision/prepare.html", reference, form, page=page, kinds=DECISIONS, next_step=next_step)


def _moves(page: DecisionPage) -> list[tuple[str, str]]:
    return [MOVES[page.entry.kind]] if page.entry.kind in MOVES else []


def _typed_from(page: DecisionPage) -> dict[str, object]:
    ticked = page.entry.criteria
    against = {key for key, _ in page.reasons_not_to}
    return {
        "version": page.version,
        "kind": page.entry.kind,
        "criteria": [key for key in ticked if key not in against],
        "against": [key for key in ticked if key in against],
        "reasons": page.entry.reasons,
    }


def _prepare(reference: str, form: DecisionForm, page: DecisionPage) -> None:
    entry = settled(form.entry, page.entry)
    decision.prepare_decision(reference, entry, version_of(form), by=current_person(), at=this_moment())
