"""The family of whoever died: seen, added to and corrected by those who speak with them."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework import family
from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.family.forms import FamilyMemberForm, typed_from
from dhr_app.web.review_part import done, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale
from dhr_app.workflows.record_wording import FAMILY_STEPS_AHEAD
from dhr_app.workflows.wording import NOT_CONTACTED_BECAUSE

room = Room("family", __name__)

WORDS = {
    "not_contacted_because": {"": "They may be contacted", **NOT_CONTACTED_BECAUSE},
    "contact_details": {"": "What is kept apart stays as it is"},
}


@room.get("/reviews/<reference>/family", permission="family.see")
def see(reference: str) -> ResponseReturnValue:
    """The family, opened."""
    page = family.open_family(reference, by=current_person(), at=this_moment())
    today = london_date(this_moment())
    return show_part("family/see.html", reference, page=page, today=today, because=NOT_CONTACTED_BECAUSE,
                     ahead=FAMILY_STEPS_AHEAD)  # fmt: skip


@room.form("/reviews/<reference>/family/new", permission="family.change")
def add(reference: str) -> ResponseReturnValue:
    """Add a relative or friend."""
    family.may_add_family(reference, by=current_person(), at=this_moment())
    form = FamilyMemberForm(data=typed_from(FamilyMemberEntry()))
    if taken(form, lambda: family.add_family_member(reference, form.entry, by=current_person(), at=this_moment())):
        return done("The family member is added.", url_for("family.see", reference=reference))
    return show_part("family/edit.html", reference, form, shown=None)


@room.form("/reviews/<reference>/family/<uuid:member_id>", permission="family.change")
def correct(reference: str, member_id: UUID) -> ResponseReturnValue:
    """Correct somebody’s record. Where somebody else saved first, each answer that differs is chosen."""
    shown = family.open_family_member(reference, member_id, by=current_person(), at=this_moment())
    form = FamilyMemberForm(data={**typed_from(shown.entry), "version": shown.version})
    try:
        if taken(form, lambda: _correct(reference, member_id, form, settled(form.entry, shown.entry))):
            return done(f"Family member {shown.number} saved.", url_for("family.see", reference=reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=shown.entry, version=shown.version, words=WORDS)
    return show_part("family/edit.html", reference, form, shown=shown)


def _correct(reference: str, member_id: UUID, form: FamilyMemberForm, entry: FamilyMemberEntry) -> None:
    family.correct_family_member(reference, member_id, entry, version_of(form), by=current_person(), at=this_moment())
