"""Every way a request can fail, as a page that says what happened and what to do, and gives nothing away."""

from __future__ import annotations

import sys
import traceback
from dataclasses import replace

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, Unauthorized

from dhr_app.adapters.keys import KeyProviderError
from dhr_app.casework.house import House
from dhr_app.casework.scene import NOT_YOURS
from dhr_app.casework.troubles import (
    ChangedMeanwhile,
    DatabaseUnavailable,
    FileUnreadable,
    KeyDestroyed,
    KeyUnavailable,
    OpeningRefused,
    SealError,
    ValueDestroyed,
)
from dhr_app.web import sessions, troubles
from dhr_app.web.mending import mending_url
from dhr_app.web.navigation import WAYS, home_of
from dhr_app.web.request_log import log_failure
from dhr_app.web.security import current_sign_in
from dhr_app.web.troubles import Trouble
from dhr_app.web.uploads import words_sent
from dhr_app.web.words_kept import as_a_question, shown_at, way_back, words_of
from dhr_app.workflows.errors import (
    Invalid,
    NotAllowed,
    NotYet,
    OutOfReach,
    Over,
    ProofNeeded,
    Reason,
    RuleError,
    SeatShut,
    Stale,
)


def install(app: Flask, house: House) -> None:
    """Give each error its page. What nobody foresaw is logged without its message, and shown without it too."""
    pages: dict[type[Exception], Trouble] = {
        OutOfReach:          troubles.NOTHING_HERE,
        OpeningRefused:      troubles.NOT_THIS_PART,
        ChangedMeanwhile:    troubles.CHANGED_MEANWHILE,
        DatabaseUnavailable: troubles.DATABASE_GONE,
        ValueDestroyed:      troubles.DESTROYED,
        KeyDestroyed:        troubles.DESTROYED,
        SealError:           troubles.CANNOT_BE_READ,
        FileUnreadable:      troubles.CANNOT_BE_READ,
        KeyUnavailable:      troubles.CANNOT_BE_READ,
        KeyProviderError:    troubles.CANNOT_BE_READ,
    }  # fmt: skip

    def foreseen(error: Exception) -> ResponseReturnValue:
        trouble = next(trouble for kind, trouble in pages.items() if isinstance(error, kind))
        if trouble.status >= 500:
            log_failure(app, error)
        return _page(trouble)

    for kind in pages:
        app.register_error_handler(kind, foreseen)
    app.register_error_handler(SeatShut, _seat_shut)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(NotYet, _not_yet)
    app.register_error_handler(Over, lambda error: _page(troubles.OVER, sentence=error.sentence))
    app.register_error_handler(Stale, _stale)
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(ProofNeeded, _prove_first)
    app.register_error_handler(RuleError, lambda error: _page(troubles.REFUSED, sentence=error.sentence))
    app.register_error_handler(CSRFError, lambda _: _words_kept(troubles.FORM_EXPIRED))
    app.register_error_handler(Unauthorized, lambda _: _words_kept(troubles.SIGNED_OUT))
    app.register_error_handler(HTTPException, _by_status)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> ResponseReturnValue:
        log_failure(app, error)
        if not house.settings.production:  # where all people are invented, the developer may read the message
            traceback.print_exception(error, file=sys.stderr)
        return _page(troubles.UNFORESEEN)


def _page(trouble: Trouble, *, sentence: str = "", steps: list[str] | None = None) -> ResponseReturnValue:
    body = render_template(
        "error.html",
        title=trouble.title,
        sentence=sentence or trouble.sentence,
        next_steps=steps if steps is not None else trouble.steps,
        reference=g.get("request_id") if trouble.with_reference else None,
    )
    return body, trouble.status, trouble.headers


def _by_status(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.get_response()
    status = error.code or 500
    return _page(troubles.BY_STATUS.get(status) or replace(troubles.NOT_UNDERSTOOD, status=status))


def _seat_shut(error: SeatShut) -> ResponseReturnValue:
    """Somebody whose seat is not open yet is led to what is asked of them first, whatever page they asked for."""
    return redirect(url_for("before_start.see", reference=error.reference), 303)


def _not_allowed(error: NotAllowed) -> ResponseReturnValue:
    """A step is for somebody else to take; a page that was only to be read is not open, whatever it shows."""
    if request.method not in ("GET", "HEAD"):
        return _page(troubles.NOT_ALLOWED, sentence=error.sentence)
    sentence = troubles.NOT_OPEN.sentence if error.sentence == NOT_YOURS else error.sentence
    return _page(troubles.NOT_OPEN, sentence=sentence, steps=[*_way_home(), *troubles.NOT_OPEN.steps])


def _way_home() -> list[str]:
    """Where the person’s day begins, by its name."""
    signed_in = current_sign_in()
    if signed_in is None:
        return []
    home = home_of(signed_in.person.role)
    name = next((text for text, path, _ in WAYS if path == home), "Reviews")
    return [Markup('Go to <a class="govuk-link" href="{}">{}</a>.').format(home, name)]


def _not_yet(error: NotYet) -> ResponseReturnValue:
    reference = str((request.view_args or {}).get("reference", ""))
    return _page(troubles.NOT_YET, steps=[_missing(reason, reference, error.move) for reason in error.reasons])


def _missing(reason: Reason, reference: str, step: str) -> str:
    url = mending_url(reference, reason, step) if reference else None
    if url is None:
        return reason.sentence
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(url, reason.sentence)


def _prove_first(error: ProofNeeded) -> ResponseReturnValue:
    """Ask whoever is signed in to show that it is they, and lead them back to the page they were on.

    Whoever wrote for longer than the proof holds has their words given back.
    """
    proving = url_for("sign_ins.prove", next=way_back())
    if request.method == "POST" and words_of(words_sent().words):
        return _words_kept(troubles.PROVE_FIRST, again=proving)
    return redirect(proving, 303)


def _invalid(error: Invalid) -> ResponseReturnValue:
    return _page(troubles.INVALID, steps=list(error.fields.values()))


def _stale(error: Stale) -> ResponseReturnValue:
    texts = [(as_a_question(name), error.theirs.get(name, ""), yours) for name, yours in error.yours.items()]
    body = render_template("errors/stale.html", sentence=error.sentence, texts=texts, again=request.path)
    return body, 409


def _words_kept(trouble: Trouble, *, again: str = "") -> ResponseReturnValue:
    """What was typed goes back to the one who typed it, to copy: the page before cannot be shown again by “back”.

    `again` is where the way to the form begins, where that is not the form itself.

    Not where somebody has signed out in this browser since the form was shown: browsers keep a form that was sent, and
    whoever sits there next could have it sent again.
    """
    try:
        sent = words_sent()
    except RequestEntityTooLarge:
        return _page(troubles.BY_STATUS[413])
    if sessions.left_since(shown_at(sent.words)):
        return _page(replace(troubles.LEFT, status=trouble.status))
    body = render_template(
        "errors/words_kept.html",
        trouble=trouble,
        words=words_of(sent.words),
        with_file=sent.with_file,
        again=again or way_back(),
        prove=bool(again),
    )
    return body, trouble.status
