"""Looking for a person: the answer to the form is the page itself, so that no address holds what was looked for."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from dhr_app.adapters.clock import london_date
from dhr_app.casework.search import SearchResult, search
from dhr_app.web.answering import put_beside, show
from dhr_app.web.routes import Room
from dhr_app.web.search.forms import SearchForm
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.name_search import COMPARED
from dhr_app.workflows.permissions import allows

room = Room("search", __name__)


@room.form("/search", permission="search.see")
def see() -> ResponseReturnValue:
    """The box, and below it whom it found. Read again, the page asks the browser whether to search again."""
    form = SearchForm()
    found: SearchResult | None = None
    if form.validate_on_submit():
        try:
            found = search(form.looked_for.data or "", by=current_person(), at=this_moment())
        except Invalid as wrong:
            put_beside(form, wrong)
    person, on = current_person(), london_date(this_moment())
    duplicates = allows(person, "duplicates.see", on=on)
    return show("search/see.html", form, found=found, compared=COMPARED, duplicates=duplicates)
