"""A form that was sent what no page of ours puts into it: whose it is, who did it, where it stands. It is noted.

No verb reads such a box: what a form may hold is what its class names, and who acts comes from the sign-in. Whoever
sends one all the same was trying something, and the audit trail says which box, never what was in it.

Which boxes are a form’s own is told by which of them its view looked into (`Boxes` of web/plain_text.py): another form
of the same room may well ask for a role. Where a step was refused before its form was read, that cannot be told, and
what any form of the room asks for passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from flask import Flask, Response, g, request
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField
from wtforms.fields.core import UnboundField

from dhr_app.casework.front_door import attributes_of_rows, note_unasked
from dhr_app.casework.troubles import DatabaseUnavailable
from dhr_app.web.plain_text import Boxes
from dhr_app.web.security import current_sign_in, this_moment
from dhr_app.web.words_kept import kinds_here

# Attributes of rows that a form could be meant to set: each is set by a verb, or by nobody. Names that are not ours are
# not noted: somebody could have written a person’s into one.
PROTECTED = attributes_of_rows() | {
    "id", "review_id", "reference", "account_id", "user_id", "person_id", "membership_id", "agency_id", "owner_id",
    "partnership_id", "rule_set_id", "role", "stage", "status", "state", "permission", "conflicts", "password_hash",
    "blocked_on", "ended_at", "from_on", "to_on", "actor", "by", "by_id", "by_name", "at", "action", "record_action",
    "kind", "recorded_at", "created_at", "voided_on", "lifted_at", "lapses_on", "decided", "enabled", "counts",
    "to_stage",
}  # fmt: skip


def install(app: Flask) -> None:
    """Look at each form once: at its boxes after its token was found good, and at what was read of them at the end."""

    @app.before_request
    def look() -> None:
        signed_in = current_sign_in()
        if signed_in is not None and request.method == "POST" and isinstance(request.form, Boxes):
            g.sent = signed_in.person, request.form

    @app.after_request
    def note(response: Response) -> Response:
        by, sent = g.pop("sent", (None, Boxes()))
        unread = {_last_part(name) for name in sent if name not in sent.read} & PROTECTED
        if unread and (unasked := unread - _excused()):
            with suppress(DatabaseUnavailable):  # what the form did is done: nobody is told that it was not
                note_unasked(unasked, by=by, at=this_moment())
        return response


def _excused() -> set[str]:
    """What may have been a box of the form that its view never came to."""
    return set() if g.get("view_answered") else set().union(*map(names_of, kinds_here()))


def _last_part(name: str) -> str:
    """A box in a smaller form within the form has the smaller form’s name before its own."""
    return name.rpartition("-")[2]


def names_of(form: type[FlaskForm]) -> set[str]:
    """The boxes of a form, those of the smaller forms in it too."""
    return set(_names(form))


def _names(form: type) -> Iterator[str]:
    for name in dir(form):
        field = getattr(form, name, None)
        if isinstance(field, UnboundField):
            yield name
            yield from _names_within(field)


def _names_within(field: UnboundField) -> Iterator[str]:
    if issubclass(field.field_class, FieldList | FormField) and field.args:
        inner = field.args[0]
        yield from _names_within(inner) if isinstance(inner, UnboundField) else _names(inner)
