"""The sign-in forms: an address and a password, then the code of an authenticator; or the answer of a passkey."""

from __future__ import annotations

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovTextInput
from wtforms import HiddenField, PasswordField, StringField

from dhr_app.casework.passwords import LONGEST
from dhr_app.web.codes import code_box
from dhr_app.web.fields import AtMost, Needed
from dhr_app.workflows.email_address import LONGEST_ADDRESS


class SignInForm(FlaskForm):
    """Both boxes are asked for; whether they fit together is the work's to say, not the form's."""

    email = StringField(
        "Work e-mail address",
        [Needed("Enter your work e-mail address."), AtMost(LONGEST_ADDRESS)],
        widget=GovTextInput(),
        render_kw={"params": {"type": "email", "autocomplete": "username", "spellcheck": False}},
    )
    password = PasswordField("Password", [Needed("Enter your password."), AtMost(LONGEST)], widget=GovPasswordInput())


class CodeForm(FlaskForm):
    """The six figures, or a recovery code."""

    code = code_box(
        "Code",
        hint="The six figures that your authenticator app shows now. If you have lost it, one of your recovery codes.",
    )


class FirstCodeForm(FlaskForm):
    """The first code of an authenticator that is being set up."""

    code = code_box("Code", hint="The six figures that the app shows now.")


class AnswerForm(FlaskForm):
    """What a passkey signed: passkey.js puts it there."""

    answer = HiddenField()
