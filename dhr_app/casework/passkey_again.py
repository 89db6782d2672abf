"""Whoever is signed in shows by a passkey that it is they, before what cannot be undone: in place of their password.

begun = begin_proof(sign_in, by=by, at=at)           what the browser is to sign is begun.options
prove_by_passkey(begun.token, answer, "disposal.confirm", sign_in=…, address=…, by=by, at=at)
"""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from webauthn import generate_authentication_options, options_to_json
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

from dhr_app.casework.again import WRONG, note_proof, refuse_proof
from dhr_app.casework.authenticator import lock_account
from dhr_app.casework.house import house
from dhr_app.casework.kept_passkeys import has_passkey, kept_passkeys
from dhr_app.casework.passkey_answer import Begun, count_signed, find_passkey, note_use, read_answer
from dhr_app.casework.passkey_challenge import LASTS, MILLISECONDS, begin_challenge, use_up
from dhr_app.casework.relying_party import relying_party
from dhr_app.casework.throttle import address_hash, take_try, telling_of_throttling
from dhr_app.database.models.account import Account, SignInAttempt
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.permissions import Person


def proves_by_passkey(by: Person) -> bool:
    """Whether somebody has a passkey that this site takes."""
    if relying_party(house().settings) is None:
        return False
    with house().reading() as session:
        return has_passkey(session, by.id)


def begin_proof(sign_in: UUID, *, by: Person, at: datetime) -> Begun:
    """Make a challenge for somebody’s own passkeys, good in this sign-in alone. Raises OutOfReach where they have none.

    It counts as no try: whoever asks is signed in already, and nobody else’s passkey would do.
    """
    site = relying_party(house().settings)
    token = secrets.token_urlsafe(32)
    with house().transaction(by=by, at=at) as session:
        own = kept_passkeys(session, by.id)
        if site is None or not own:
            raise OutOfReach
        challenge = begin_challenge(session, token, account_id=by.id, sign_in_id=sign_in, at=at)
        ids = [row.credential_id for row in own]
    options = generate_authentication_options(
        rp_id=site.id,
        challenge=challenge,
        timeout=int(LASTS.total_seconds()) * MILLISECONDS,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in ids],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Begun(token, options_to_json(options))


def prove_by_passkey(
    token: str,
    answer: str,
    doing: str,
    *,
    sign_in: UUID,
    address: str | None,
    by: Person,
    at: datetime,
) -> str | None:
    """Check that a passkey of whoever is signed in signed the challenge of this token, before what needs `doing`.

    Otherwise as `prove_again`, and counted with its tries: the sign-in counts as proved, and its new token is returned.
    The challenge is used up, whatever comes of it. Raises TooManyTries before the answer is looked at, and Invalid
    beside “password” for whatever is wrong with it. An answer need not say whose it is, since that is known here
    (WebAuthn Level 2, 7.2, step 6); one that says so must say it rightly.
    """
    settings = house().settings
    read = read_answer(answer)
    with telling_of_throttling(by=by, at=at), house().transaction(by=by, at=at) as session:
        email = session.scalar(select(Account.email).where(Account.id == by.id))
        attempt = take_try(session, address_hash(email or ""), address, settings, at=at)
        challenge = use_up(session, token, account_id=by.id, sign_in_id=sign_in, at=at)
        found = find_passkey(session, read)
    count = count_signed(read, challenge, found)
    if count is not None and challenge is not None and found is not None and found.is_of(by.id, named=False):
        with house().transaction(by=by, at=at) as session:
            account = lock_account(session, by.id)
            if note_use(session, account, found, count, at=at):
                session.get_one(SignInAttempt, attempt.id).succeeded = True
                return note_proof(session, doing, sign_in, how="passkey", at=at)
    refuse_proof(doing, by=by, at=at)
    raise Invalid({"password": WRONG})
