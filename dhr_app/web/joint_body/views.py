"""The other bodies of a joint review: added, corrected, agreeing the report, removed."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import joint_body
from dhr_app.casework.approval_page import approval_page
from dhr_app.casework.joint_body import JointAgreementEntry, JointBodyEntry, JointBodyShown
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.joint_body.forms import JointAgreementForm, JointBodyForm, RemoveForm
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale

room = Room("joint_body", __name__)


@room.form("/reviews/<reference>/approval/bodies/new", permission="approval.record")
def add(reference: str) -> ResponseReturnValue:
    """Record that the review is another body’s too."""
    approval_page(reference, permission="approval.record", by=current_person(), at=this_moment())
    form = JointBodyForm()
    if taken(form, lambda: joint_body.add_joint_body(reference, form.entry, by=current_person(), at=this_moment())):
        return done("The body is added.", url_for("approval.see", reference=reference))
    return show_part("joint_body/edit.html", reference, form, shown=None)


@room.form("/reviews/<reference>/approval/bodies/<uuid:body_id>", permission="approval.record")
def correct(reference: str, body_id: UUID) -> ResponseReturnValue:
    """Correct a body’s name. Where somebody else saved first, it is chosen."""
    shown = _opened(reference, body_id)
    form = JointBodyForm(data={**vars(shown.entry), "version": shown.version})
    try:
        if taken(form, lambda: _correct(reference, body_id, form, shown.entry)):
            return done("The name is saved.", url_for("approval.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version)
    return show_part("joint_body/edit.html", reference, form, shown=shown)


@room.form("/reviews/<reference>/approval/bodies/<uuid:body_id>/agreed", permission="approval.record")
def agree(reference: str, body_id: UUID) -> ResponseReturnValue:
    """Record that the body agreed the report, or correct its agreement."""
    shown = _opened(reference, body_id)
    begins = vars(shown.agreement) if shown.approval_id else {"agreed_on": london_date(this_moment())}
    form = JointAgreementForm(data={**begins, "version": shown.agreed_version})
    try:
        if taken(form, lambda: _agree(reference, body_id, form, shown.agreement)):
            return done("Its agreement is recorded.", url_for("approval.see", reference=reference))
    except Stale:
        saved, version = shown.agreement, shown.agreed_version
        return choose(reference, form, yours=form.entry, saved=saved, version=version)
    return show_part("joint_body/agree.html", reference, form, shown=shown)


@room.form("/reviews/<reference>/approval/bodies/<uuid:body_id>/remove", permission="approval.record")
def remove(reference: str, body_id: UUID) -> ResponseReturnValue:
    """Remove a body that has no part in the review, after asking once."""
    shown = _opened(reference, body_id)
    form = RemoveForm()
    if taken(form, lambda: joint_body.remove_joint_body(reference, body_id, by=current_person(), at=this_moment())):
        return done("The body is removed.", url_for("approval.see", reference=reference))
    return show_part("joint_body/remove.html", reference, form, shown=shown)


def _opened(reference: str, body_id: UUID) -> JointBodyShown:
    return joint_body.open_joint_body(reference, body_id, by=current_person(), at=this_moment())


def _correct(reference: str, body_id: UUID, form: JointBodyForm, saved: JointBodyEntry) -> None:
    entry = settled(form.entry, saved)
    joint_body.correct_joint_body(reference, body_id, entry, version_of(form), by=current_person(), at=this_moment())


def _agree(reference: str, body_id: UUID, form: JointAgreementForm, saved: JointAgreementEntry) -> None:
    entry = settled(form.entry, saved)
    joint_body.record_agreement(reference, body_id, entry, version_of(form), by=current_person(), at=this_moment())
