"""Somebody else saved while a form was filled in: its words stay, and its reader looks before saving again."""

from __future__ import annotations

from dhr_app.web.choosing import Versioned

SAVED = (
    "Somebody else saved this while you were writing. Nothing of yours is saved yet and all of it stands below: look "
    "at the page as it is now, then save again if yours shall stand."
)


def kept_to_look_at(form: Versioned, version: int) -> None:
    """Show the form again with every word, about what is saved now; saving it again replaces that."""
    form.form_errors.append(SAVED)
    form.renew(version)
