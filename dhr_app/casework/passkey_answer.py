"""A passkey’s answer to what it was asked to sign: read, its passkey found, its signature checked, its use noted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from webauthn import verify_authentication_response
from webauthn.helpers import encode_cbor, parse_authentication_credential_json
from webauthn.helpers.structs import AuthenticationCredential

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.passkey_challenge import BYTES, Challenge
from dhr_app.casework.relying_party import relying_party
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.passkey import Passkey
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.events import Happened


@dataclass(frozen=True)
class Begun:
    """A challenge for a browser: its token, and what the browser is told, as JSON."""

    token: str
    options: str


@dataclass(frozen=True)
class Found:
    """The passkey that an answer names. `handle` is whose the answer says that it is; None where it says nothing.

    `shut` where the passkey was ended, or its account is blocked.
    """

    id: UUID
    account_id: UUID
    public_key: bytes
    handle: bytes | None
    shut: bool

    def is_of(self, account_id: UUID, *, named: bool) -> bool:
        """Whether it is this account's and open; `named` where the answer itself has to say so."""
        says = (account_id.bytes,) if named else (account_id.bytes, None)
        return self.account_id == account_id and not self.shut and self.handle in says


def read_answer(answer: str) -> AuthenticationCredential | None:
    """An answer as it was sent; None for whatever is none."""
    try:
        return parse_authentication_credential_json(answer)
    except Exception:  # anybody may have written it: whatever the library stumbles over is no answer
        return None


def find_passkey(session: NamedSession, read: AuthenticationCredential | None) -> Found | None:
    """The passkey that an answer names; None where there is none."""
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
    shut = passkey.ended_at is not None or account.blocked_on is not None
    return Found(passkey.id, account.id, passkey.public_key, read.response.user_handle, shut)


def count_signed(read: AuthenticationCredential | None, challenge: Challenge | None, found: Found | None) -> int | None:
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
            credential_current_sign_count=0,  # one that went back lets in, and is told: see note_use
            require_user_verification=True,
        )
    except Exception:  # as in read_answer
        return None
    return verified.new_sign_count


def note_use(session: NamedSession, account: Account, found: Found, count: int, *, at: datetime) -> bool:
    """Note in a verb that has locked the account that its passkey was right; False where it was ended meanwhile."""
    passkey = session.get_one(Passkey, found.id, with_for_update=True)
    if account.blocked_on is not None or passkey.ended_at is not None:
        return False
    if passkey.sign_count > 0 and count <= passkey.sign_count:
        record(session, Happened.PASSKEY_WENT_BACK, happened_on=london_date(at), subject=account)
    passkey.sign_count, passkey.last_used_at = count, at
    record(session, Happened.PASSKEY_USED, happened_on=london_date(at), subject=passkey)
    return True


@lru_cache
def _nobodys_key() -> bytes:
    """A public key whose secret is thrown away, in the form passkeys have theirs (COSE, ES256)."""
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
    return encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
