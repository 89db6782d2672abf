"""Where one is signed in, ending that, authenticator and passkeys, and showing that it is really you."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from dhr_app.casework import authenticator, own_password, passkey, passkey_again, sign_ins
from dhr_app.casework.account import SignedIn, ends_at
from dhr_app.casework.again import address_of
from dhr_app.casework.tenant_identity import own_tenant
from dhr_app.casework.tenant_question import ask_to_bind, ask_to_prove
from dhr_app.web import sessions
from dhr_app.web.again import PROVED, after_password, need_proof
from dhr_app.web.answering import show, taken
from dhr_app.web.organisation.going import onward
from dhr_app.web.qr import qr_picture
from dhr_app.web.review_part import done
from dhr_app.web.routes import Room
from dhr_app.web.security import current_person, current_sign_in, own_path, this_moment
from dhr_app.web.sign_ins.forms import PasskeyForm, PasswordForm, ProveForm
from dhr_app.web.signing_in.forms import FirstCodeForm

room = Room("sign_ins", __name__)


@room.get("/sign-ins", permission="home.see")
def see() -> ResponseReturnValue:
    """Every browser in which one is signed in, this one marked; and how one signs in."""
    by, at, here = current_person(), this_moment(), _here()
    return render_template(
        "sign_ins/see.html",
        sign_ins=sign_ins.own_sign_ins(here.id, by=by, at=at),
        with_code=here.with_code,
        codes_left=authenticator.codes_left_of(by.id),
        passkeys=passkey.own_passkeys(by=by, at=at),
        passkeys_offered=passkey.passkeys_offered(),
        organisation=own_tenant(by),
    )


@room.post("/sign-ins/<uuid:sign_in_id>/end", permission="home.see")
def end(sign_in_id: UUID) -> ResponseReturnValue:
    """End one of them."""
    sign_ins.end_sign_in(sign_in_id, by=current_person(), at=this_moment())
    return done("That sign-in is ended.", url_for("sign_ins.see"))


@room.post("/sign-ins/end-others", permission="home.see")
def end_others() -> ResponseReturnValue:
    """End all but this one."""
    sign_ins.end_other_sign_ins(_here().id, by=current_person(), at=this_moment())
    return done("All your other sign-ins are ended.", url_for("sign_ins.see"))


@room.post("/sign-ins/stay", permission="home.see")
def stay() -> ResponseReturnValue:
    """Go on: the request itself counts as having read a page. Says for how long, in seconds."""
    end, last = ends_at(_here(), at=this_moment())
    return {"seconds": int((end - this_moment()).total_seconds()), "last": last}


@room.form("/sign-ins/prove", permission="home.see")
def prove() -> ResponseReturnValue:
    """Ask whoever is signed in to show that it is they, and go back to what they were about to do."""
    form = ProveForm()
    if taken(form, after_password(form, "home.see", lambda: None)):
        return done(PROVED, own_path(request.args.get("next")) or url_for("sign_ins.see"))
    then = own_path(request.args.get("next"))
    return show("sign_ins/prove.html", form, through_tenant=_here().through_tenant, then=then)


@room.post("/sign-ins/prove/passkey", permission="home.see")
def begin_proof() -> ResponseReturnValue:
    """Make a challenge by which a passkey shows that it is whoever is signed in, and say what it is to sign."""
    begun = passkey_again.begin_proof(_here().id, by=current_person(), at=this_moment())
    sessions.keep_proof(begun.token)
    return begun.options, {"Content-Type": "application/json"}


@room.post("/sign-ins/prove/organisation", permission="home.see")
def prove_at_organisation() -> ResponseReturnValue:
    """Let the organisation that somebody came through show that it is they."""
    by, at, here, then = current_person(), this_moment(), _here().id, own_path(request.args.get("next"))
    return onward(lambda: ask_to_prove(here, address=request.remote_addr, by=by, at=at), then=then)


@room.form("/sign-ins/password", permission="home.see")
def change_password() -> ResponseReturnValue:
    """Choose a new password, having shown just now that it is oneself."""
    need_proof()
    by, at, form = current_person(), this_moment(), PasswordForm()
    if taken(form, lambda: own_password.choose_password(form.password.data or "", here=_here().id, by=by, at=at)):
        return done("Your password is changed. Your other sign-ins have ended.", url_for("sign_ins.see"))
    return show("sign_ins/password.html", form, email=address_of(by))


@room.post("/sign-ins/authenticator/begin", permission="home.see")
def begin() -> ResponseReturnValue:
    """Make a secret for a new authenticator; the one before counts until the new one is confirmed."""
    need_proof()
    authenticator.begin_authenticator(current_person().id, at=this_moment())
    return redirect(url_for("sign_ins.set_up"), 303)


@room.form("/sign-ins/authenticator", permission="home.see")
def set_up() -> ResponseReturnValue:
    """Show the secret to be put into an app, and take its first code."""
    need_proof()
    by, at = current_person(), this_moment()
    form, codes = FirstCodeForm(), list[str]()
    if taken(
        form,
        lambda: codes.extend(authenticator.confirm_authenticator(form.code.data or "", here=_here().id, by=by, at=at)),
    ):
        return render_template("sign_ins/recovery_codes.html", codes=codes, onward=url_for("sign_ins.see"))
    to_set_up = authenticator.to_set_up(by.id, at=at)
    if to_set_up is None:
        return redirect(url_for("sign_ins.see"))
    picture = qr_picture(to_set_up.address, "QR code for your authenticator app")
    return show("sign_ins/set_up.html", form, to_set_up=to_set_up, picture=picture)


@room.post("/sign-ins/organisation", permission="home.see")
def by_organisation() -> ResponseReturnValue:
    """Join one’s account to the organisation’s own sign-in."""
    need_proof()
    by, at = current_person(), this_moment()
    return onward(lambda: ask_to_bind(address=request.remote_addr, by=by, at=at))


@room.post("/sign-ins/recovery-codes", permission="home.see")
def new_codes() -> ResponseReturnValue:
    """Make ten new recovery codes and show them, this once."""
    need_proof()
    codes = authenticator.make_recovery_codes(by=current_person(), at=this_moment())
    return render_template("sign_ins/recovery_codes.html", codes=codes, onward=url_for("sign_ins.see"))


@room.post("/sign-ins/passkeys/begin", permission="home.see")
def begin_passkey() -> ResponseReturnValue:
    """Make the challenge that a new passkey is to answer."""
    need_proof()
    sessions.keep_challenge(passkey.begin_passkey(by=current_person(), at=this_moment()))
    return redirect(url_for("sign_ins.add_passkey"), 303)


@room.form("/sign-ins/passkeys/add", permission="home.see")
def add_passkey() -> ResponseReturnValue:
    """Ask what the new passkey is called, and take what the browser made; after a wrong one there is another try."""
    need_proof()
    by, at, token, form = current_person(), this_moment(), sessions.challenge_token(), PasskeyForm()
    name, answer = form.name.data or "", form.answer.data or ""
    if taken(form, lambda: passkey.add_passkey(token, name, answer, here=_here().id, by=by, at=at)):
        return done("The passkey is added. You can sign in with it from now on.", url_for("sign_ins.see"))
    options = passkey.options_of(token, by=by, at=at)
    if options is None and form.errors:
        token = passkey.begin_passkey(by=by, at=at)
        sessions.keep_challenge(token)
        options = passkey.options_of(token, by=by, at=at)
    if options is None:
        return redirect(url_for("sign_ins.see"))
    return show("sign_ins/add_passkey.html", form, options=options)


@room.post("/sign-ins/passkeys/<uuid:passkey_id>/end", permission="home.see")
def end_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """End one of one’s own passkeys."""
    need_proof()
    passkey.end_passkey(passkey_id, here=_here().id, by=current_person(), at=this_moment())
    return done("That passkey is ended. It lets nobody in any more.", url_for("sign_ins.see"))


def _here() -> SignedIn:
    signed_in = current_sign_in()
    if signed_in is None:
        raise Unauthorized
    return signed_in
