"""A new password for oneself, after a fresh proof: whoever knew the old one is signed in nowhere any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework import passwords
from dhr_app.casework.authenticator import lock_account
from dhr_app.casework.house import house
from dhr_app.casework.letting_in import ACCOUNTS
from dhr_app.casework.outbox import message_of
from dhr_app.casework.sign_ins import end_half_sign_ins, end_others
from dhr_app.casework.way_in import take_back_all
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

SAME = "This is the password that you have. Choose another, or go back: nothing was changed."


def choose_password(password: str, *, here: UUID, by: Person, at: datetime) -> None:
    """Sign in by this password from now on. Every sign-in but `here` ends, and a mail tells that it was changed.

    The caller has made certain that it is they (casework/again.py). Raises Invalid for a password that may not be
    chosen, or that they have already.
    """
    passwords.check_choice(password)
    settings = house().settings
    with house().reading() as session:
        before = session.scalars(select(Account.password_hash).where(Account.id == by.id)).one()
    if passwords.fits(password, before, settings):
        raise Invalid({"password": SAME})
    kept = passwords.hashed(password, settings)
    with house().transaction(by=by, at=at) as session:
        session.queue(ACCOUNTS)
        lock_account(session, by.id)
        account = session.get_one(Account, by.id)
        account.password_hash = kept
        take_back_all(session, by.id, at=at)
        end_half_sign_ins(session, by.id, at=at)
        end_others(session, by.id, here, at=at)
        record(session, Happened.PASSWORD_CHANGED, happened_on=london_date(at), subject=account)
        subject = "Your password was changed"
        # One for each change, however many there are on a day: so a word of its own stands in the kind.
        kind = f"password_changed_{uuid4().hex}"
        session.add(message_of(kind, by.id, london_date(at), subject, _mail(settings.site_url, at), at=at))


def _mail(site_url: str, at: datetime) -> str:
    moment = f"{in_words(london_date(at))} at {at.astimezone(LONDON):%H:%M}"
    return "\n".join(
        (
            f"The password by which you sign in was changed on {moment}. Your other sign-ins have ended.",
            "",
            "If that was you, there is nothing to do. If it was not, ring the administrator of your partnership now, "
            "and let them block your account:",
            f"{site_url}/sign-ins",
            "",
            "Nobody reads answers to this message.",
            "",
        )
    )
