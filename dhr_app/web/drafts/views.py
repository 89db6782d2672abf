"""The drafts of a review on their pages: listed by version, handed in, shared, and sent to whoever reads one."""

from __future__ import annotations

from uuid import UUID

from flask import Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from dhr_app.casework import draft, draft_forms, draft_page
from dhr_app.casework.incoming import LARGEST, TOO_LARGE
from dhr_app.web.drafts.forms import HandInForm, ShareForm
from dhr_app.web.drafts.outcome import Outcome, take_all
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.sending import sent
from dhr_app.workflows.roles import Role

room = Room("drafts", __name__)

LIMITS = {"largest": LARGEST, "too_large": TOO_LARGE}
TOLD = "The coordinator sees it on the page “What needs you today”."


@room.get("/reviews/<reference>/drafts", permission="draft.see")
def see(reference: str) -> ResponseReturnValue:
    """Every version that one may read, and for those who answer for the report, who has read it."""
    page = draft_page.drafts_page(reference, by=current_person(), at=this_moment())
    return show_part("drafts/see.html", reference, page=page)


@room.form("/reviews/<reference>/drafts/new", permission="draft.hand_in", files=draft.must_take_drafts)
def hand_in(reference: str) -> ResponseReturnValue:
    """Hand in one or several files. Each is taken or refused by itself; a script asks for each and is told in JSON.

    Before a script sends the first of them it asks for the form’s token anew: one signs in again in another tab.
    """
    draft.must_take_drafts(reference, by=current_person(), at=this_moment())
    if _by_script() and request.method == "GET":
        return jsonify(token=generate_csrf())
    form = HandInForm(data={"readers": "ourselves"})
    outcomes: list[Outcome] = []
    if form.validate_on_submit():
        outcomes = take_all(reference, form)
        if outcomes and all(one.taken for one in outcomes) and not _by_script():
            return done(_sentence(outcomes), url_for("drafts.see", reference=reference))
    if _by_script():
        return jsonify(outcomes=[vars(one) for one in outcomes], errors=[] if outcomes else form.wrong)
    page = draft_forms.hand_in_page(reference, _asked_for(), by=current_person(), at=this_moment())
    if request.method == "GET":
        form.title.data = page.title
    taken = [one for one in outcomes if one.taken]
    return show_part("drafts/new.html", reference, form, taken=taken, page=page, limits=LIMITS, told=_told())


@room.form("/reviews/<reference>/drafts/<uuid:draft_id>/share", permission="draft.share")
def share(reference: str, draft_id: UUID) -> ResponseReturnValue:
    """Let the panel read a version, once it is said who that is."""
    page = draft_forms.share_page(reference, draft_id, by=current_person(), at=this_moment())
    form = ShareForm()
    if form.validate_on_submit():
        draft.share(reference, draft_id, by=current_person(), at=this_moment())
        return done("The review panel can read this draft now.", url_for("drafts.see", reference=reference))
    return show_part("drafts/share.html", reference, form, page=page)


@room.get("/reviews/<reference>/drafts/<uuid:draft_id>/file", permission="draft.see")
def take_out(reference: str, draft_id: UUID) -> Response:
    """The file itself. That it was read is written down before the first byte leaves."""
    found = draft.take_out(reference, draft_id, by=current_person(), at=this_moment())
    return sent(found.content, name=found.name, media_type=found.media_type, size=found.size)


def _by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _asked_for() -> int | None:
    """The number of the other document whose next version is handed in, where one came from its link."""
    return request.args.get("document", type=int)


def _sentence(outcomes: list[Outcome]) -> str:
    if len(outcomes) == 1:
        what = f"Your draft is handed in at {outcomes[0].time}: {outcomes[0].sentence}."
    else:
        what = f"Your {len(outcomes)} drafts are handed in at {outcomes[0].time}."
    return f"{what} {_told()}".rstrip()


def _told() -> str:
    """Who is told of a draft, for whoever hands one in: a coordinator who does so knows."""
    return "" if current_person().role is Role.COORDINATOR else TOLD
