"""The public name of a review is given and corrected."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from dhr_app.casework import public_name
from dhr_app.casework.public_name import PublicNamePage
from dhr_app.web.answering import taken
from dhr_app.web.choosing import choose, settled, version_of
from dhr_app.web.public_name.forms import PublicNameForm
from dhr_app.web.review_part import done, review_url, show_part
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Stale

room = Room("public_name", __name__)


@room.form("/reviews/<reference>/public-name", permission="review.change")
def give(reference: str) -> ResponseReturnValue:
    """Give a review its public name, or correct it. Where somebody else saved first, it is chosen."""
    page = public_name.public_name_page(reference, by=current_person(), at=this_moment())
    form = PublicNameForm(data={**vars(page.entry), "version": page.version})
    try:
        if taken(form, lambda: _give(reference, form, page)):
            return done("The public name is saved.", review_url(reference))
    except Stale:
        return choose(reference, form, yours=form.entry, saved=page.entry, version=page.version)
    return show_part("public_name/give.html", reference, form, page=page)


def _give(reference: str, form: PublicNameForm, page: PublicNamePage) -> None:
    entry = settled(form.entry, page.entry)
    public_name.give_public_name(reference, entry, version_of(form), by=current_person(), at=this_moment())
