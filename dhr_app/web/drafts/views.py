"""The drafts of a review on their pages: listed by version, handed in, shared, and sent to whoever reads one."""

from __future__ import annotations

from uuid import UUID

from flask import Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import draft, draft_page
from dhr_app.casework.incoming import LARGEST, TOO_LARGE
from dhr_app.web.drafts.forms import HandInForm, ShareForm
from dhr_app.web.drafts.outcome import Outcome, take_all
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.sending import sent

room = Room("drafts", __name__)

LIMITS = {"largest": LARGEST, "too_large": TOO_LARGE}


@room.get("/reviews/<reference>/drafts", permission="draft.see")
def see(reference: str) -> ResponseReturnValue:
    """Every version that one may read, and for those who answer for the report, who has read it."""
    page = draft_page.drafts_page(reference, by=current_person(), at=this_moment())
    return show_part("drafts/see.html", reference, page=page)


@room.form("/reviews/<reference>/drafts/new", permission="draft.hand_in", files=draft.must_take_drafts)
def hand_in(reference: str) -> ResponseReturnValue:
    """Hand in one or several files. Each is taken or refused by itself; a script asks for each and is told in JSON."""
    draft.must_take_drafts(reference, by=current_person(), at=this_moment())
    form = HandInForm(data={"readers": "ourselves"})
    outcomes: list[Outcome] = []
    if form.validate_on_submit():
        outcomes = take_all(reference, form)
        if outcomes and all(one.taken for one in outcomes) and not _by_script():
            return done(_sentence(outcomes), url_for("drafts.see", reference=reference))
    if _by_script():
        return jsonify(outcomes=[vars(one) for one in outcomes], errors=form.errors)
    members = draft_page.panel_members(reference, by=current_person(), at=this_moment())
    taken = [one for one in outcomes if one.taken]
    return show_part("drafts/new.html", reference, form, taken=taken, members=members, limits=LIMITS)


@room.form("/reviews/<reference>/drafts/<uuid:draft_id>/share", permission="draft.hand_in")
def share(reference: str, draft_id: UUID) -> ResponseReturnValue:
    """Let the panel read a version, once it is said who that is."""
    page = draft_page.share_page(reference, draft_id, by=current_person(), at=this_moment())
    form = ShareForm()
    if form.validate_on_submit():
        draft.share(reference, draft_id, by=current_person(), at=this_moment())
        return done("The review panel can read this version now.", url_for("drafts.see", reference=reference))
    return show_part("drafts/share.html", reference, form, page=page)


@room.get("/reviews/<reference>/drafts/<uuid:draft_id>/file", permission="draft.see")
def take_out(reference: str, draft_id: UUID) -> Response:
    """The file itself. That it was read is written down before the first byte leaves."""
    found = draft.take_out(reference, draft_id, by=current_person(), at=this_moment())
    return sent(found.content, name=found.name, media_type=found.media_type, size=found.size)


def _by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _sentence(outcomes: list[Outcome]) -> str:
    if len(outcomes) == 1:
        return f"Your draft is handed in: {outcomes[0].sentence}."
    return f"Your {len(outcomes)} drafts are handed in."
