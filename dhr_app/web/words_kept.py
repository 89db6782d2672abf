"""A form that came back before its view could run: each answer under its own question, for its writer to copy.

Which form it was is told by the names of its boxes, among the forms of the room whose door it came to; a door whose
forms cannot be told apart so says which it is (`asks` of web/routes.py). What nobody can type again, a version or an
id, is left out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app, request
from flask_wtf import FlaskForm
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, FieldList, FormField, SelectFieldBase
from wtforms.form import BaseForm
from wtforms.widgets import HiddenInput

from dhr_app.web.date_fields import ThreeBoxes
from dhr_app.web.routes import Door
from dhr_app.web.security import asked_for, own_path

Words = list[tuple[str, str]]

UNTYPED = re.compile(r"csrf_token|password|passkey_answer|submit|^(code|version|version_seen|choosing|keep-.*)$")
ID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}(\.\d+)?")
ROOMS = "dhr_app.web."


def words_of(sent: Words) -> Words:
    """Each question with what was written, in the order of the form; what no form knows stands under its own name."""
    told = [(name, text) for name, text in sent if text.strip() and not UNTYPED.search(name) and not ID.match(text)]
    form = _likeliest(told)
    words = list(_of_fields(form)) if form is not None else []
    known = [field.name for field in form] if form is not None else []
    return words + [(as_a_question(name), text) for name, text in told if not _belongs(name, known)]


def shown_at(sent: Words) -> datetime | None:
    """When a form was shown, by the token that it holds; None where it holds none of ours."""
    signer = URLSafeTimedSerializer(current_app.secret_key or "", salt="wtf-csrf-token")  # as Flask-WTF makes them
    try:
        _, shown = signer.loads(dict(sent).get("csrf_token", ""), return_timestamp=True)
    except BadData:
        return None
    return shown if isinstance(shown, datetime) else None


def way_back() -> str:
    """The page of the form: the address it was sent to, or where that shows nothing, the page it was sent from."""
    door = request.url_rule
    if door is not None and "GET" in (door.methods or ()):
        return asked_for()
    came_from = urlsplit(request.referrer or "")
    return (came_from.netloc == request.host and own_path(came_from.path)) or "/"


def _likeliest(told: Words) -> BaseForm | None:
    """The form most of whose boxes were sent, and the fewest of which were not."""
    names = {name for name, _ in told}
    forms = [form for kind in kinds_here() if (form := _filled(kind, told)) is not None]
    return max(forms, key=lambda form: _match(form, names), default=None)


def _match(form: BaseForm, names: set[str]) -> tuple[int, int]:
    sent = [field for field in form if any(_belongs(name, [field.name]) for name in names)]
    return len(sent), -sum(1 for _ in form)


def kinds_here() -> Iterable[type[FlaskForm]]:
    """The forms that this door may have shown."""
    door = request.url_rule
    if isinstance(door, Door) and door.asks is not None:
        return [door.asks(**(request.view_args or {}))]
    view = current_app.view_functions.get(request.endpoint or "")
    room = getattr(view, "__module__", "").rpartition(".")[0]
    if not room.startswith(ROOMS):
        return []
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith(f"{room}.")]
    found = [kind for module in modules for kind in vars(module).values() if isinstance(kind, type)]
    return dict.fromkeys(kind for kind in found if issubclass(kind, FlaskForm) and kind.__module__.startswith(ROOMS))


def _filled(kind: type[FlaskForm], told: Words) -> BaseForm | None:
    """The form as it was sent; None for one that cannot be made without what its view knows."""
    with suppress(TypeError):
        return kind(formdata=MultiDict(told), meta={"csrf": False})
    return None


def _of_fields(fields: Iterable[Field], before: str = "") -> Iterator[tuple[str, str]]:
    for field in fields:
        question = before + str(field.label.text)
        if isinstance(field, FieldList):
            for number, entry in enumerate(field, start=1):
                inner = entry if isinstance(entry, FormField) else [entry]
                yield from _of_fields(inner, f"{question} {number}: ")
        elif isinstance(field, FormField):
            yield from _of_fields(field, f"{question}: ")
        elif text := _text(field):
            yield question, text


def _text(field: Field) -> str:
    """What was written in one box, or the words of what was chosen; empty for what cannot be typed again."""
    if isinstance(field.widget, HiddenInput):
        return ""
    if isinstance(field, ThreeBoxes):
        return " ".join(part for part in field.typed.values() if part)
    if isinstance(field, SelectFieldBase):
        return _chosen(field)
    if isinstance(field, BooleanField):
        return "Yes" if field.data else ""
    written = getattr(field, "_value", str)()
    return str(written or "").strip()


def _chosen(field: SelectFieldBase) -> str:
    choices = getattr(field, "choices", None) or {}
    codes = field.data if isinstance(field.data, list) else [field.data] if field.data else []
    return "; ".join(str(choices[code]) for code in codes if isinstance(choices, dict) and code in choices)


def _belongs(name: str, fields: Iterable[str]) -> bool:
    return any(name == field or name.startswith(f"{field}-") for field in fields)


def as_a_question(name: str) -> str:
    """A box’s own name, where nothing better is known: what_happened is “What happened”."""
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
