"""The box in which whoever is signed in types their password once more, and what comes of it beside that box.

Whoever has a passkey may use it instead, by a button beside (macros/again.html, passkey.js); its answer comes in the
same form, so that no word of it is lost.

class DisposeForm(AsksAgain):
    password = password_again()
    code = code_again()

if taken(form, after_password(form, "dispose.confirm", lambda: confirm(reference, …, by=by, at=at))):
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput
from markupsafe import Markup
from wtforms import Field, HiddenField, PasswordField

from dhr_app.casework.again import address_of, check_proof, prove_again
from dhr_app.casework.passkey import passkeys_offered
from dhr_app.casework.passkey_again import prove_by_passkey, proves_by_passkey
from dhr_app.casework.passwords import LONGEST
from dhr_app.casework.throttle import TooManyTries
from dhr_app.web import sessions
from dhr_app.web.codes import code_box
from dhr_app.web.fields import AtMost, Needed
from dhr_app.web.filters import time_of_day
from dhr_app.web.security import current_person, current_sign_in, this_moment
from dhr_app.workflows.errors import Invalid

PROVED = "Thank you. For five minutes you are not asked again: do now what you were about to do."
TIRED = "Too many wrong tries. Your account is not locked: try again at {until}. Nothing was changed."


class _Again(GovPasswordInput):
    """The password’s box, after whose it is. Hidden and never sent: it is for password managers.

    Without it they take the box before, which may be anybody’s name, for the address to be kept with the password.
    """

    def __call__(self, field: Field, **options: Any) -> Markup:
        whose = Markup('<input type="text" value="{}" autocomplete="username" readonly hidden>')
        return whose.format(address_of(current_person())) + Markup(super().__call__(field, **options))  # noqa: S704


def password_again() -> PasswordField:
    """The box. What is typed into it is never kept and never shown again."""
    return PasswordField(
        "Your password",
        [Needed("Type your password once more."), AtMost(LONGEST)],
        widget=_Again(),
        description="The one you sign in with: so that it is certain that it is you, and that you mean it.",
        render_kw={"params": {"autocomplete": "current-password"}},
    )


def code_again() -> Any:
    """The box for the code beside it, for whoever has an authenticator (see AsksAgain)."""
    return code_box("Your code", hint="The six figures that your authenticator shows, or one of your recovery codes.")


class AsksAgain(FlaskForm):
    """A form with both boxes. Whoever has no authenticator is asked for no code, whoever uses a passkey for neither.

    `lacks_passkey` is whether somebody may have no password, since they came through a tenant, and has no passkey.
    """

    passkey_answer = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        signed_in = current_sign_in()
        if "code" in self and not (signed_in is not None and signed_in.with_code):
            del self.code
        self.lacks_passkey = False
        if signed_in is None or not proves_by_passkey(signed_in.person):
            del self.passkey_answer
            self.lacks_passkey = signed_in is not None and signed_in.through_tenant and passkeys_offered()
        elif self.passkey_answer.data:
            for name in {"password", "code"} & {field.short_name for field in self}:
                self[name].validators = ()


def after_password(form: FlaskForm, doing: str, do: Callable[[], object]) -> Callable[[], object]:
    """The same work, once the form’s password is that of whoever is signed in. A form without the box asks for none.

    The work raises Invalid beside “password” or “code” for a wrong one, or says until when no more are taken.
    """
    return (lambda: _first(form, doing, do)) if "password" in form else do


def need_proof() -> None:
    """Raise ProofNeeded, which leads to the page that asks for it, unless they showed who they are just now."""
    signed_in = current_sign_in()
    check_proof(signed_in.proved_at if signed_in else None, at=this_moment())


def _first(form: FlaskForm, doing: str, do: Callable[[], object]) -> object:
    try:
        sessions.renew(_prove(form, doing))
    except TooManyTries as tired:
        whole_minute = tired.until.replace(second=0, microsecond=0) + timedelta(minutes=1)
        raise Invalid({"password": TIRED.format(until=time_of_day(whole_minute))}) from None
    return do()


def _prove(form: FlaskForm, doing: str) -> str | None:
    """By a passkey where one answered, else by the password; the new token of the sign-in."""
    by, at, address, signed_in = current_person(), this_moment(), request.remote_addr, current_sign_in()
    answer = form.passkey_answer.data if "passkey_answer" in form else ""
    if answer and signed_in is not None:
        return prove_by_passkey(
            sessions.proof_token(), answer, doing, sign_in=signed_in.id, address=address, by=by, at=at
        )
    return prove_again(
        form.password.data or "",
        doing,
        code=(form.code.data if "code" in form else "") or "",
        sign_in=signed_in.id if signed_in else None,
        address=address,
        by=by,
        at=at,
    )
