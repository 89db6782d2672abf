"""The forms of one’s own account: showing that it is you, a new password, a new passkey."""

from __future__ import annotations

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovTextInput
from wtforms import HiddenField, PasswordField, StringField

from dhr_app.casework.passwords import LONGEST, SHORTEST
from dhr_app.web.again import AsksAgain, code_again, password_again
from dhr_app.web.fields import AtMost, Needed

LONGEST_NAME = 60


class ProveForm(AsksAgain):
    """The password, and the code of whoever has an authenticator."""

    password = password_again()
    code = code_again()


class PasswordForm(FlaskForm):
    """One box: it can be shown while it is typed, so it is not asked for twice."""

    password = PasswordField(
        "New password",
        [Needed("Choose a password."), AtMost(LONGEST)],
        widget=GovPasswordInput(),
        description=f"{SHORTEST} characters or more. Three random words are good.",
        render_kw={"params": {"autocomplete": "new-password"}},
    )


class PasskeyForm(FlaskForm):
    """What a new passkey is called, and what the browser made: passkey.js puts it there."""

    name = StringField(
        "What do you call it?",
        [AtMost(LONGEST_NAME)],
        widget=GovTextInput(),
        description="So that you know it again, such as “Work laptop”.",
        render_kw={"params": {"autocomplete": "off", "classes": "govuk-input--width-20"}},
    )
    answer = HiddenField()
