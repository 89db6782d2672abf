"""The way in and the way out."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import account, half_sign_in, passkey_sign_in
from dhr_app.casework.account import WrongSignIn
from dhr_app.casework.half_sign_in import CodeNeeded, Entered, Half, HalfOver
from dhr_app.casework.passkey import passkeys_offered
from dhr_app.casework.tenant import organisations
from dhr_app.casework.throttle import TooManyTries
from dhr_app.web import sessions
from dhr_app.web.answering import put_beside, show
from dhr_app.web.browser_words import browser_words
from dhr_app.web.qr import qr_picture
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.web.security import current_sign_in, own_path, this_moment
from dhr_app.web.signing_in.forms import AnswerForm, CodeForm, FirstCodeForm, SignInForm
from dhr_app.workflows.errors import Invalid

room = Room("signing_in", __name__)

LEFT = "You used a recovery code and have {count} left. If you have lost your authenticator, set up another one now."


@room.form("/sign-in", permission=PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Ask for address and password, then for a code or on to where the person was going."""
    if current_sign_in() is not None:
        return redirect(_onward())
    form = SignInForm()
    if not form.validate_on_submit():
        return _ask(form, ended=sessions.why_ended())
    try:
        token = account.sign_in(
            form.email.data or "",
            form.password.data or "",
            address=request.remote_addr,
            at=this_moment(),
            browser=browser_words(request.user_agent.string),
        )
    except CodeNeeded as needed:
        sessions.half_way(needed.token)
        return redirect(url_for("signing_in.enter_code", next=request.args.get("next")))
    except WrongSignIn as wrong:
        return _ask(form, wrong=wrong.sentence)
    except TooManyTries as tired:
        return wait(tired)
    sessions.enter(token)
    return redirect(_onward())


@room.form("/sign-in/code", permission=PUBLIC)
def enter_code() -> ResponseReturnValue:
    """Ask for the code; who has no authenticator yet is led to set it up, and confirms it by its first code."""
    token = sessions.half_token()
    half = half_sign_in.half_of(token, at=this_moment()) if token else None
    if token is None or half is None:
        return _from_the_start()
    form = FirstCodeForm() if half.sets_up else CodeForm()
    if not form.validate_on_submit():
        return _ask_code(half, form)
    try:
        entered = half_sign_in.enter_code(token, form.code.data or "", address=request.remote_addr, at=this_moment())
    except Invalid as wrong:
        put_beside(form, wrong)
        return _ask_code(half, form)
    except HalfOver:
        return _from_the_start()
    except TooManyTries as tired:
        return wait(tired)
    return _enter(entered)


@room.post("/sign-in/passkey/begin", permission=PUBLIC)
def begin_passkey() -> ResponseReturnValue:
    """Make a challenge for whoever’s passkey this browser will find, and say what it is to sign."""
    try:
        begun = passkey_sign_in.begin_passkey_sign_in(address=request.remote_addr, at=this_moment())
    except TooManyTries as tired:
        return wait(tired)
    sessions.keep_challenge(begun.token)
    return begun.options, {"Content-Type": "application/json"}


@room.form("/sign-in/passkey", permission=PUBLIC)
def enter_by_passkey() -> ResponseReturnValue:
    """Take what a passkey signed; whatever was wrong, the page says what it says of a wrong password."""
    form = AnswerForm()
    if current_sign_in() is not None or not form.validate_on_submit():
        return redirect(url_for("signing_in.sign_in", next=request.args.get("next")))
    try:
        token = passkey_sign_in.sign_in_with_passkey(
            sessions.challenge_token(),
            form.answer.data or "",
            address=request.remote_addr,
            at=this_moment(),
            browser=browser_words(request.user_agent.string),
        )
    except WrongSignIn as wrong:
        return _ask(SignInForm(formdata=None), wrong=wrong.sentence)
    except TooManyTries as tired:
        return wait(tired)
    sessions.enter(token)
    return redirect(_onward())


@room.get("/forgotten", permission=PUBLIC)
def forgotten() -> ResponseReturnValue:
    """Whom to ask for a new password: the same page for everybody, with no form that an address goes into."""
    return render_template("signing_in/forgotten.html")


@room.post("/sign-out", permission=PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End the sign-in for good, here and wherever its cookie was copied to; the browser is to keep no page of it."""
    sessions.leave(current_sign_in())
    flash("You have signed out.", "success")
    return redirect(url_for("signing_in.sign_in")), {"Clear-Site-Data": '"cache", "storage"'}


def _ask(form: SignInForm, *, ended: str = "", wrong: str = "") -> ResponseReturnValue:
    if wrong:
        form.email.errors = [wrong]
    return show("signing_in/sign_in.html", form, ended=ended, **_ways_in())


def _ways_in() -> dict[str, Any]:
    onward = own_path(request.args.get("next"))
    return {"onward": onward, "passkeys": passkeys_offered(), "organisations": organisations()}


def _onward() -> str:
    return own_path(request.args.get("next")) or url_for("front.home")


def _from_the_start() -> ResponseReturnValue:
    if current_sign_in() is None:
        flash(HalfOver().sentence, "notice")
    return redirect(url_for("signing_in.sign_in", next=request.args.get("next")))


def _ask_code(half: Half, form: CodeForm | FirstCodeForm) -> ResponseReturnValue:
    to_set_up = half_sign_in.half_to_set_up(half, at=this_moment())
    if half.sets_up and to_set_up is None:  # taken away since
        return _from_the_start()
    if to_set_up is None:
        return show("signing_in/code.html", form)
    picture = qr_picture(to_set_up.address, "QR code for your authenticator app")
    return show("signing_in/set_up.html", form, to_set_up=to_set_up, picture=picture)


def _enter(entered: Entered) -> ResponseReturnValue:
    onward = _onward()
    sessions.enter(entered.token)
    if entered.new_codes:
        return render_template("sign_ins/recovery_codes.html", codes=entered.new_codes, onward=onward)
    if entered.by_recovery_code:
        flash(LEFT.format(count=entered.left), "notice")
    return redirect(onward)


def sign_in_page(sentence: str, status: int) -> ResponseReturnValue:
    """The page with a sentence at its top, for whoever was refused on another way in."""
    form = SignInForm(formdata=None)
    form.form_errors.append(sentence)
    return render_template("signing_in/sign_in.html", form=form, **_ways_in()), status


def wait(tired: TooManyTries) -> ResponseReturnValue:
    """The page that says from when on another try is taken."""
    seconds = math.ceil((tired.until - this_moment()).total_seconds())
    whole_minute = tired.until.replace(second=0, microsecond=0) + timedelta(minutes=1)
    page = render_template("signing_in/wait.html", sentence=tired.sentence, until=whole_minute)
    return page, 429, {"Retry-After": str(max(seconds, 1))}
