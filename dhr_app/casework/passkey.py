"""Passkeys of one's own: how one is added, which there are, and how one is ended.

token = begin_passkey(by=by, at=at)                  what the browser is given to answer is options_of(token, …)
add_passkey(token, name, answer, here=…, by=by, at=at)
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from webauthn import generate_registration_options, options_to_json, verify_registration_response
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from dhr_app.adapters.clock import london_date
from dhr_app.casework.authenticator import lock_account
from dhr_app.casework.house import house
from dhr_app.casework.kept_passkeys import kept_passkeys
from dhr_app.casework.passkey_challenge import LASTS, MILLISECONDS, begin_challenge, use_up, waiting_challenge
from dhr_app.casework.relying_party import NAME, RelyingParty, relying_party
from dhr_app.casework.sign_ins import end_others
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.passkey import Passkey
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

NAMELESS = "Give the passkey a name, such as “Work laptop”."
NO_ANSWER = "No passkey was made. Your browser may not know passkeys, or may run no scripts: try another browser."
NOT_TAKEN = "That passkey could not be added. Try again; if it fails again, try another device or browser."


@dataclass(frozen=True)
class PasskeyLine:
    """One passkey that lets its owner in; `last_used_at` is none for one that was never used."""

    id: UUID
    name: str
    made_at: datetime
    last_used_at: datetime | None


def passkeys_offered() -> bool:
    """Whether browsers make passkeys for this site."""
    return relying_party(house().settings) is not None


def own_passkeys(*, by: Person, at: datetime) -> tuple[PasskeyLine, ...]:
    """Every passkey of one's own that lets one in."""
    with house().reading() as session:
        return tuple(
            PasskeyLine(row.id, row.name, row.made_at, row.last_used_at) for row in kept_passkeys(session, by.id)
        )


def begin_passkey(*, by: Person, at: datetime) -> str:
    """Make a challenge for a new passkey, and return its token. Raises OutOfReach where the site takes none."""
    _site()
    token = secrets.token_urlsafe(32)
    with house().transaction(by=by, at=at) as session:
        begin_challenge(session, token, account_id=by.id, at=at)
    return token


def options_of(token: str, *, by: Person, at: datetime) -> str | None:
    """What the browser is told to make, as JSON; None once the challenge is used up, or too old.

    The passkey has to be found without a name being typed, and to ask for a finger, a face or a PIN. Which make of
    device it is, is not asked.
    """
    site = relying_party(house().settings)
    with house().reading() as session:
        challenge = waiting_challenge(session, token, account_id=by.id, at=at)
        if challenge is None or site is None:
            return None
        account = session.get_one(Account, by.id)
        options = generate_registration_options(
            rp_id=site.id,
            rp_name=NAME,
            user_id=by.id.bytes,
            user_name=account.email,
            user_display_name=account.name,
            challenge=challenge,
            timeout=int(LASTS.total_seconds()) * MILLISECONDS,
            attestation=AttestationConveyancePreference.NONE,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=row.credential_id) for row in kept_passkeys(session, by.id)
            ],
        )
    return options_to_json(options)


def add_passkey(token: str, name: str, answer: str, *, here: UUID | None, by: Person, at: datetime) -> None:
    """Let a new passkey count from now on; every sign-in but `here` ends.

    Raises Invalid beside “name” where it has none, or where the answer is not the one that was asked for; the challenge
    is used up then, unless nothing was answered. Raises OutOfReach where the site takes no passkeys.
    """
    site, name = _site(), name.strip()
    if not name or not answer:
        raise Invalid({"name": NO_ANSWER if name else NAMELESS})
    with house().transaction(by=by, at=at) as session:
        challenge = use_up(session, token, account_id=by.id, at=at)
    made = _made(answer, challenge.signed, site) if challenge else None
    if made is None:
        raise Invalid({"name": NOT_TAKEN})
    with house().transaction(by=by, at=at) as session:
        lock_account(session, by.id)
        if session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)) is not None:
            raise Invalid({"name": NOT_TAKEN})
        row = Passkey(
            account_id=by.id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name,
            made_at=at,
            last_used_at=None,
            ended_at=None,
        )
        session.add(row)
        end_others(session, by.id, here, at=at)
        record(session, Happened.PASSKEY_ADDED, happened_on=london_date(at), subject=row)


def end_passkey(passkey_id: UUID, *, here: UUID | None, by: Person, at: datetime) -> None:
    """End one of one's own, and every sign-in but `here`. Raises OutOfReach for anybody else's, and for none."""
    with house().transaction(by=by, at=at) as session:
        lock_account(session, by.id)
        row = session.get(Passkey, passkey_id, with_for_update=True)
        if row is None or row.account_id != by.id:
            raise OutOfReach
        if row.ended_at is None:
            row.ended_at = at
            end_others(session, by.id, here, at=at)
            record(session, Happened.PASSKEY_ENDED, happened_on=london_date(at), subject=row)


def _site() -> RelyingParty:
    site = relying_party(house().settings)
    if site is None:
        raise OutOfReach
    return site


def _made(answer: str, challenge: bytes, site: RelyingParty) -> VerifiedRegistration | None:
    """The passkey of an answer; None for one that was not asked for here, or asked nobody for a finger, face or PIN."""
    try:
        return verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception:  # the library reads what anybody may have written: whatever it stumbles over is refused
        return None
