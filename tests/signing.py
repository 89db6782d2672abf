"""Authenticators for tests: set up as a person does, and the codes they show at a moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp

from dhr_app.casework.authenticator import begin_authenticator, confirm_authenticator, to_set_up
from dhr_app.workflows.permissions import Person

HERE = "198.51.100.7"


def code_of(secret: str, at: datetime, *, steps: int = 0) -> str:
    """What the app shows at a moment, or so many half minutes later."""
    return pyotp.TOTP(secret).at(at + timedelta(seconds=30 * steps))


def begun(person: Person, *, at: datetime) -> str:
    """The secret of an authenticator that somebody has begun to set up."""
    begin_authenticator(person.id, at=at)
    return secret_to_set_up(person, at=at)


def secret_to_set_up(person: Person, *, at: datetime) -> str:
    """The secret that is shown to be typed into the app."""
    shown = to_set_up(person.id, at=at)
    assert shown is not None
    return shown.secret.replace(" ", "")


def with_authenticator(person: Person, *, at: datetime) -> tuple[str, tuple[str, ...]]:
    """The secret of somebody's authenticator, set up five minutes before, and their recovery codes."""
    before = at - timedelta(minutes=5)
    secret = begun(person, at=before)
    return secret, confirm_authenticator(code_of(secret, before), by=person, at=before)
