"""The form in which whoever was invited chooses a password."""

from __future__ import annotations

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput
from wtforms import PasswordField

from dhr_app.casework.passwords import LONGEST, SHORTEST
from dhr_app.web.fields import AtMost, Needed


class JoinForm(FlaskForm):
    """One box: it can be shown while it is typed, so it is not asked for twice."""

    password = PasswordField(
        "Choose a password",
        [Needed("Choose a password."), AtMost(LONGEST)],
        widget=GovPasswordInput(),
        description=f"{SHORTEST} characters or more. Three random words are good.",
        render_kw={"params": {"autocomplete": "new-password"}},
    )
