"""The forms of a new password: how an administrator made sure of somebody, and the password that is chosen."""

from __future__ import annotations

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput
from wtforms import PasswordField

from dhr_app.casework.passwords import LONGEST, SHORTEST
from dhr_app.casework.way_in import NOT_SAID, NOT_SURE, WayInEntry
from dhr_app.web.fields import AtMost, Needed, one_of
from dhr_app.workflows.way_in import MADE_SURE


class WayInForm(FlaskForm):
    """What is stated before a link goes."""

    made_sure = one_of(
        "How did you make sure that it is they?",
        MADE_SURE,
        missing=NOT_SURE,
        hint="Ring a number that you had before, never one that came with the question.",
    )
    with_factor = one_of(
        "Have they lost their authenticator or passkey too?",
        {"no": "No, the password alone", "yes": "Yes, or they do not find their recovery codes"},
        missing=NOT_SAID,
        hint="If yes, authenticator, recovery codes and passkeys open nothing once the link is used.",
    )

    @property
    def entry(self) -> WayInEntry:
        """What was stated."""
        return WayInEntry(self.made_sure.data or "", with_factor=self.with_factor.data == "yes")


class NewPasswordForm(FlaskForm):
    """One box: it can be shown while it is typed, so it is not asked for twice."""

    password = PasswordField(
        "New password",
        [Needed("Choose a password."), AtMost(LONGEST)],
        widget=GovPasswordInput(),
        description=f"{SHORTEST} characters or more. Three random words are good.",
        render_kw={"params": {"autocomplete": "new-password"}},
    )
