"""A form that was sent what no page of ours puts into it: whose it is, who did it, where it stands. It is noted.

No verb reads such a box: what a form may hold is what its class names, and who acts comes from the sign-in. Whoever
sends one all the same was trying something, and the audit trail says which box, never what was in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, request
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField
from wtforms.fields.core import UnboundField

from dhr_app.casework.front_door import note_unasked
from dhr_app.web.security import current_sign_in, this_moment
from dhr_app.web.words_kept import kinds_here

# Attributes of rows that a form could be meant to set: each is set by a verb, or by nobody.
PROTECTED = frozenset({
    "id", "review_id", "reference", "account_id", "user_id", "person_id", "membership_id", "agency_id", "owner_id",
    "partnership_id", "rule_set_id", "role", "stage", "status", "state", "permission", "conflicts", "password_hash",
    "blocked_on", "ended_at", "from_on", "to_on", "actor", "by", "by_id", "by_name", "at", "action", "record_action",
    "kind", "recorded_at", "created_at", "voided_on", "lifted_at",
})  # fmt: skip


def install(app: Flask) -> None:
    """Look at each form once, after its token was found good and before its view."""

    @app.before_request
    def look() -> None:
        signed_in = current_sign_in()
        if signed_in is None or request.method != "POST":
            return
        sent = {name.rpartition("-")[2] for name in request.form} & PROTECTED
        unasked = sent.difference(*map(names_of, kinds_here())) if sent else sent
        if unasked:
            note_unasked(unasked, by=signed_in.person, at=this_moment())


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
