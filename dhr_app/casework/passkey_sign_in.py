"""Signing in with a passkey: no name is typed, since the answer says which passkey it is, and that says whose.

It counts as password and code together: the device was held, and asked for a finger, a face or a PIN.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from webauthn import generate_authentication_options, options_to_json
from webauthn.helpers.structs import UserVerificationRequirement

from dhr_app.adapters.clock import london_date
from dhr_app.casework.account import SIGN_IN_PAGE, WrongSignIn
from dhr_app.casework.authenticator import lock_account
from dhr_app.casework.house import house
from dhr_app.casework.passkey_answer import Begun, Found, count_signed, find_passkey, note_use, read_answer
from dhr_app.casework.passkey_challenge import LASTS, MILLISECONDS, begin_challenge, use_up
from dhr_app.casework.principal import person_of
from dhr_app.casework.relying_party import relying_party
from dhr_app.casework.sign_ins import UNKNOWN, Where, open_sign_in, token_hash
from dhr_app.casework.throttle import network_of, take_try, telling_of_throttling
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account, SignInAttempt
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened


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
    read = read_answer(answer)
    claimed = hashlib.sha256(read.raw_id if read else b"").digest()
    with telling_of_throttling(by=SIGN_IN_PAGE, at=at), house().database.transaction(by=SIGN_IN_PAGE, at=at) as session:
        attempt = take_try(session, claimed, address, settings, at=at)
        challenge = use_up(session, token, at=at)
        found = find_passkey(session, read)
    count = count_signed(read, challenge, found)
    if count is None or challenge is None or found is None or not found.is_of(found.account_id, named=True):
        _refuse(found, at=at)
        raise WrongSignIn
    return _admit(found, count, (attempt.id, challenge.attempt_id), Where(network_of(address), browser), at=at)


def _admit(found: Found, count: int, attempts: tuple[UUID, UUID | None], where: Where, *, at: datetime) -> str:
    with house().reading() as session:
        person = person_of(session, session.get_one(Account, found.account_id))
    with house().transaction(by=person, at=at) as session:
        account = lock_account(session, found.account_id)
        if not note_use(session, account, found, count, at=at):
            raise WrongSignIn
        for attempt_id in attempts:
            if attempt_id is not None:
                session.get_one(SignInAttempt, attempt_id).succeeded = True
        return open_sign_in(session, found.account_id, where, at=at)


def _refuse(found: Found | None, *, at: datetime) -> None:
    with house().database.transaction(by=SIGN_IN_PAGE, at=at) as session:
        account = session.get_one(Account, found.account_id) if found else None
        record(session, Happened.SIGN_IN_FAILED, happened_on=london_date(at), subject=account)
