"""Where mail is handed over: to a mail server, or to GOV.UK Notify; the address in the settings says which."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

from dhr_app.adapters.letter import Letter
from dhr_app.adapters.mail import postbox
from dhr_app.adapters.notify import SCHEME, counter
from dhr_app.settings import Settings


class Post(Protocol):
    """Something that takes mail."""

    def send(self, letter: Letter) -> UUID | None:
        """Hand a message over: the number by which one can ask what became of it, None where one cannot.

        Raises MailRefused for this message alone, or ServerGone.
        """


def tells_what_became_of_it(settings: Settings) -> bool:
    """Whether one can ask later if a message arrived: GOV.UK Notify says, a mail server does not."""
    return urlsplit(settings.mail_url).scheme == SCHEME


def post(settings: Settings) -> AbstractContextManager[Post]:
    """An open way out, for several messages. Raises ServerGone."""
    if tells_what_became_of_it(settings):
        return counter(settings.mail_url, settings.notify_key)
    return postbox(settings.mail_url, settings.mail_from)
