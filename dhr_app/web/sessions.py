"""A browser’s sign-in: Flask’s signed cookie carries a random token, and our own row says whether it still counts.

Flask-Login keeps the token in the session (`get_id`) and asks for the person behind it at each request. Nothing in the
cookie is trusted beyond that: a copy of it is dead as soon as the row is ended, idle, too old, or its account blocked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from dhr_app.adapters.clock import SystemClock
from dhr_app.casework import account, sign_ins
from dhr_app.casework.account import SignedIn
from dhr_app.settings import Settings


@dataclass(frozen=True, eq=False)
class Visitor(UserMixin):
    """Whoever Flask-Login found behind a token."""

    signed_in: SignedIn
    token: str

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie."""
        return self.token


def cookie(settings: Settings) -> dict[str, object]:
    """The cookie's settings: it ends with the browser, no script reads it, no other site's form sends it."""
    return {
        "SESSION_COOKIE_NAME": "__Host-dhr" if settings.secure_cookies else "dhr",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
    }


def install(app: Flask) -> None:
    """Let Flask-Login ask for the person behind a token. It remembers nobody beyond the session."""
    manager = LoginManager()
    manager.session_protection = None
    # Its context processor would ask the database again while a page says that the database is gone.
    manager.init_app(app, add_context_processor=False)

    @manager.user_loader
    def visitor(token: str) -> Visitor | None:
        found = account.person_for_token(token, at=g.at)
        return Visitor(found, token) if found else None


def who_is_here() -> SignedIn | None:
    """The sign-in behind this request's cookie, if it still counts."""
    return current_user.signed_in if current_user.is_authenticated else None


def enter(token: str) -> None:
    """Begin a session for a fresh token; whatever the browser's session held before is thrown away."""
    _empty()
    found = account.person_for_token(token, at=g.at)
    if found is not None:
        login_user(Visitor(found, token))


def half_way(token: str) -> None:
    """Remember that the password was right and a code is awaited; whatever the session held before is thrown away."""
    _empty()
    session["half"] = token


def half_token() -> str | None:
    """The token of this browser’s half sign-in, which opens nothing."""
    token = session.get("half")
    return token if isinstance(token, str) else None


def keep_challenge(token: str) -> None:
    """Remember which challenge this browser’s passkey is to answer."""
    session["challenge"] = token


def challenge_token() -> str:
    """The token of the challenge that waits for this browser’s passkey; empty for none."""
    token = session.get("challenge")
    return token if isinstance(token, str) else ""


def keep_proof(token: str) -> None:
    """Remember which challenge shows that it is whoever is signed in; adding a passkey has one of its own."""
    session["proof"] = token


def proof_token() -> str:
    """The token of that challenge; empty for none."""
    token = session.get("proof")
    return token if isinstance(token, str) else ""


def renew(token: str | None) -> None:
    """Go on by the new token of the same sign-in; whatever else the session holds stays. Nothing for none."""
    if token is not None:
        session["_user_id"] = token
        session.pop("proof", None)


def going(token: str, then: str | None) -> None:
    """Remember what this browser went to an organisation's sign-in with, and where the person was going here."""
    session["going"], session["then"] = token, then


def came_back() -> tuple[str | None, str | None]:
    """Both, and forget where the person was going; the token is good once in any case."""
    token, then = session.get("going"), session.pop("then", None)
    return token if isinstance(token, str) else None, then if isinstance(then, str) else None


def keep_link(*, asked: str | None = None, visit: str | None = None) -> None:
    """Remember that this browser asked for the code of a one-action link, or that its visit began; None forgets it."""
    session["link_asked"], session["link_visit"] = asked, visit


def link_asked() -> str:
    """What this browser shows with the code of a link; empty where it asked for none."""
    token = session.get("link_asked")
    return token if isinstance(token, str) else ""


def link_visit() -> str:
    """The token of this browser’s visit by a link; empty for none. It is no sign-in, and opens one action only."""
    token = session.get("link_visit")
    return token if isinstance(token, str) else ""


def why_ended() -> str:
    """What there is to tell a browser whose sign-in was ended from elsewhere; empty for any other."""
    token = session.get("_user_id")
    return sign_ins.why_ended(token) if isinstance(token, str) else ""


def leave(signed_in: SignedIn | None) -> None:
    """End the sign-in for every copy of its cookie, and empty this browser's."""
    if signed_in is not None:
        account.sign_out(signed_in, at=g.at)
    logout_user()
    session.clear()
    session["left"] = int(SystemClock().now().timestamp())


def left_since(shown: datetime | None) -> bool:
    """Whether somebody signed out in this browser since a form was shown; `shown` is None where that is not known.

    By the machine’s own clock, which dates the tokens of forms. It counts in whole seconds: the same second is since.
    """
    left = session.get("left")
    return isinstance(left, int) and (shown is None or shown.timestamp() < left + 1)


def _empty() -> None:
    """Throw away what the session holds, but when somebody last signed out in this browser."""
    left = session.get("left")
    session.clear()
    if left is not None:
        session["left"] = left
