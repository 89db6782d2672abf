"""Signing in with a passkey: no name is typed, since the answer says which passkey it is, and that says whose.

It counts as password and code together: the device was held, and asked for a finger, a face or a PIN.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from webauthn import generate_authentication_options, options_to_json, verify_authentication_response
from webauthn.helpers import encode_cbor, parse_authentication_credential_json
from webauthn.helpers.structs import AuthenticationCredential, UserVerificationRequirement

from dhr_app.adapters.clock import london_date
from dhr_app.casework.account import SIGN_IN_PAGE, WrongSignIn
from dhr_app.casework.authenticator import lock_account
from dhr_app.casework.house import house
from dhr_app.casework.passkey_challenge import BYTES, LASTS, Challenge, begin_challenge, use_up
from dhr_app.casework.principal import person_of
from dhr_app.casework.relying_party import relying_party
from dhr_app.casework.sign_ins import UNKNOWN, Where, open_sign_in, token_hash
from dhr_app.casework.throttle import network_of, take_try, telling_of_throttling
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account, SignInAttempt
from dhr_app.database.models.passkey import Passkey
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened

MILLISECONDS = 1000


@dataclass(frozen=True)
class Begun:
    """A challenge for a browser: its token, and what the browser is told, as JSON."""

    token: str
    options: str


@dataclass(frozen=True)
class Found:
    """The passkey that an answer names; `shut` where it was ended, its account is blocked, or it is not as it says."""

    id: UUID
    account_id: UUID
    public_key: bytes
    shut: bool


def begin_passkey_sign_in(*, address: str | None, at: datetime) -> Begun:
    """Make a challenge for a browser of which nothing is known.

    It counts as a failed try of its network until it is answered rightly, so that nobody has them made without end.
    Raises TooManyTries, and OutOfReach where the site takes no passkeys.
    """
    settings = house().settings
    site = relying_party(settings)
    if site is None:
        raise OutOfReach
    token = secrets.token_urlsafe(32)
    with telling_of_throttling(by=SIGN_IN_PAGE, at=at), house().database.transaction(by=SIGN_IN_PAGE, at=at) as session:
        attempt = take_try(session, token_hash(token), address, settings, at=at)
        session.flush()
        challenge = begin_challenge(session, token, attempt_id=attempt.id, at=at)
    options = generate_authentication_options(
        rp_id=site.id,
        challenge=challenge,
        timeout=int(LASTS.total_seconds()) * MILLISECONDS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Begun(token, options_to_json(options))


def sign_in_with_passkey(token: str, answer: str, *, address: str | None, at: datetime, browser: str = UNKNOWN) -> str:
    """Sign in whoever's passkey signed the challenge of this token, and return the token for their browser.

    The challenge is used up, whatever comes of it. Raises WrongSignIn, the same whatever was wrong, and TooManyTries
    before the answer is looked at. Tries are counted by network and by passkey, so that whoever tries passwords keeps
    nobody from their passkey.
    """
    settings = house().settings
    read = _read(answer)
    claimed = hashlib.sha256(read.raw_id if read else b"").digest()
    with telling_of_throttling(by=SIGN_IN_PAGE, at=at), house().database.transaction(by=SIGN_IN_PAGE, at=at) as session:
        attempt = take_try(session, claimed, address, settings, at=at)
        challenge = use_up(session, token, at=at)
        found = _found(session, read)
    count = _count_signed(read, challenge, found)
    if count is None or challenge is None or found is None or found.shut:
        _refuse(found, at=at)
        raise WrongSignIn
    return _admit(found, count, (attempt.id, challenge.attempt_id), Where(network_of(address), browser), at=at)


def _read(answer: str) -> AuthenticationCredential | None:
    try:
        return parse_authentication_credential_json(answer)
    except Exception:  # anybody may have written it: whatever the library stumbles over is no answer
        return None


def _found(session: NamedSession, read: AuthenticationCredential | None) -> Found | None:
    """The passkey that an answer names, if it says itself whose it is."""
    if read is None:
        return None
    row = session.execute(
        select(Passkey, Account)
        .join(Account, Account.id == Passkey.account_id)
        .where(Passkey.credential_id == read.raw_id)
    ).one_or_none()
    if row is None:
        return None
    passkey, account = row
    shut = (
        passkey.ended_at is not None
        or account.blocked_on is not None
        or read.response.user_handle != passkey.account_id.bytes
    )
    return Found(passkey.id, account.id, passkey.public_key, shut)


def _count_signed(
    read: AuthenticationCredential | None, challenge: Challenge | None, found: Found | None
) -> int | None:
    """The count that came with an answer which signs the challenge for this site; None where it does not.

    Where no passkey or no challenge is known, a key that nobody has is tried, so that it takes as long.
    """
    site = relying_party(house().settings)
    if read is None or site is None:
        return None
    try:
        verified = verify_authentication_response(
            credential=read,
            expected_challenge=challenge.signed if challenge else secrets.token_bytes(BYTES),
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=found.public_key if found else _nobodys_key(),
            credential_current_sign_count=0,  # one that went back lets in, and is told: see _admit
            require_user_verification=True,
        )
    except Exception:  # as in _read
        return None
    return verified.new_sign_count


def _admit(found: Found, count: int, attempts: tuple[UUID, UUID | None], where: Where, *, at: datetime) -> str:
    with house().reading() as session:
        person = person_of(session, session.get_one(Account, found.account_id))
    with house().transaction(by=person, at=at) as session:
        account = lock_account(session, found.account_id)
        passkey = session.get_one(Passkey, found.id, with_for_update=True)
        if account.blocked_on is not None or passkey.ended_at is not None:
            raise WrongSignIn
        if passkey.sign_count > 0 and count <= passkey.sign_count:
            record(session, Happened.PASSKEY_WENT_BACK, happened_on=london_date(at), subject=account)
        passkey.sign_count, passkey.last_used_at = count, at
        for attempt_id in attempts:
            if attempt_id is not None:
                session.get_one(SignInAttempt, attempt_id).succeeded = True
        record(session, Happened.PASSKEY_USED, happened_on=london_date(at), subject=passkey)
        return open_sign_in(session, found.account_id, where, at=at)


def _refuse(found: Found | None, *, at: datetime) -> None:
    with house().database.transaction(by=SIGN_IN_PAGE, at=at) as session:
        account = session.get_one(Account, found.account_id) if found else None
        record(session, Happened.SIGN_IN_FAILED, happened_on=london_date(at), subject=account)


@lru_cache
def _nobodys_key() -> bytes:
    """A public key whose secret is thrown away, in the form passkeys have theirs (COSE, ES256)."""
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
    return encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
