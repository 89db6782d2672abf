"""The page from which a browser goes to an organisation's own sign-in, and what is said where that cannot be.

A form of ours may not lead to another site, not even by a redirect (the policy’s form-action): so its answer is a page
with one link.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework.tenant_question import Going, NotProved, TenantAway, TenantRefused
from dhr_app.casework.throttle import TooManyTries
from dhr_app.web import sessions
from dhr_app.web.security import current_sign_in
from dhr_app.web.signing_in.views import sign_in_page, wait


def onward(ask: Callable[[], Going], *, then: str | None = None) -> ResponseReturnValue:
    """Ask, and show the link; `then` is the page of this site that the person was going to."""
    try:
        going = ask()
    except (TenantRefused, TenantAway) as sorry:
        return refused(sorry)
    except TooManyTries as tired:
        return wait(tired)
    sessions.going(going.token, then)
    return render_template("organisation/onward.html", going=going)


def not_proved(sorry: NotProved, then: str | None) -> ResponseReturnValue:
    """Back on the page that asks for a proof, with the sentence; whoever is signed out meanwhile signs in first."""
    if current_sign_in() is None:
        return refused(sorry)
    flash(sorry.sentence, "notice")
    return redirect(url_for("sign_ins.prove", next=then), 303)


def refused(sorry: TenantRefused | TenantAway) -> ResponseReturnValue:
    """The sign-in page with the sentence; whoever is signed in reads it among their sign-ins."""
    if current_sign_in() is not None:
        flash(sorry.sentence, "notice")
        return redirect(url_for("sign_ins.see"), 303)
    return sign_in_page(sorry.sentence, 503 if isinstance(sorry, TenantAway) else 422)
