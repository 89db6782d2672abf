"""The one box of a search."""

from __future__ import annotations

from flask_wtf import FlaskForm

from dhr_app.web.fields import line
from dhr_app.workflows.name_search import LONGEST


class SearchForm(FlaskForm):
    """What is looked for. It comes by POST alone, so that it stands in no address."""

    looked_for = line(
        "Name, address, date of birth or crime number",
        missing="Enter a name, an address, a date of birth or a crime number.",
        hint="For example Harding, 14 High Street, BA1 2CD or 27 3 1980. A part of a name is enough.",
        limit=LONGEST,
        autocomplete="off",
        spellcheck=False,
    )
