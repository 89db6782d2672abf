"""The second factor: the six-digit codes of an authenticator app, and ten recovery codes for whoever has lost it.

The secret is sealed and opened by the program for this purpose alone. A code is good for its half minute and the one
before and after, and once: only a half minute newer than the last that was taken counts.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import Select, exists, func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.kept_passkeys import end_every_passkey
from dhr_app.casework.purposes import SECOND_FACTOR
from dhr_app.casework.sign_ins import end_all_sign_ins, end_others
from dhr_app.database.audit import record
from dhr_app.database.keyring import announce
from dhr_app.database.models.account import Account
from dhr_app.database.models.second_factor import Authenticator, RecoveryCode
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person, allows

ISSUER = "Domestic Homicide Reviews"
STEP_SECONDS, AROUND = 30, (-1, 0, 1)
CODES, CODE_BITS = 10, 112
NOT_RIGHT = (
    "That code is not right, or it was used before. Wait until your authenticator shows the next one, and enter that."
)
NOT_YOUR_OWN = "You cannot take away your own authenticator: ask another administrator."


@dataclass(frozen=True)
class ToSetUp:
    """What an authenticator app needs: the secret in groups of four, and the address that the QR code holds."""

    secret: str
    address: str


def active(account_id: UUID) -> Select[Authenticator]:
    """The authenticator that counts, if there is one."""
    counts = select(Authenticator).where(
        Authenticator.account_id == account_id,
        Authenticator.confirmed_at.is_not(None),
        Authenticator.ended_at.is_(None),
    )
    return counts.order_by(Authenticator.confirmed_at, Authenticator.id)


def has_authenticator(session: NamedSession, account_id: UUID) -> bool:
    """Whether a code is asked for after the password of this account."""
    return bool(session.scalar(select(exists(active(account_id).with_only_columns(Authenticator.id).order_by(None)))))


def begin_authenticator(account_id: UUID, *, at: datetime) -> None:
    """Make a secret for somebody to put into their app. It counts for nothing before they confirm it by a code."""
    with house().transaction(by=SECOND_FACTOR, at=at) as session:
        lock_account(session, account_id)
        for row in session.scalars(_begun(account_id)):
            row.ended_at = at
        session.add(
            Authenticator(
                account_id=account_id,
                begun_at=at,
                confirmed_at=None,
                ended_at=None,
                last_step=0,
                secret=pyotp.random_base32(),
            )
        )


def to_set_up(account_id: UUID, *, at: datetime) -> ToSetUp | None:
    """The secret that waits to be confirmed, to be shown to whoever's it is; None where none was begun."""
    with house().with_keys(SECOND_FACTOR, at=at):
        announce(None, [DataClass.SYSTEM], at=at)
        with house().reading() as session:
            row = session.scalars(_begun(account_id)).first()
            if row is None or row.secret is None:
                return None
            email = session.get_one(Account, account_id).email
            address = pyotp.TOTP(row.secret).provisioning_uri(name=email, issuer_name=ISSUER)
            return ToSetUp(" ".join(re.findall(".{1,4}", row.secret)), address)


def confirm_authenticator(typed: str, *, here: UUID | None = None, by: Person, at: datetime) -> tuple[str, ...]:
    """Let the authenticator that was begun count from now on, by its first code, and make ten recovery codes.

    Every sign-in but `here` ends. Raises Invalid beside “code” for a wrong one; the one before goes on counting then.
    """
    with house().transaction(by=by, at=at) as session:
        lock_account(session, by.id)
        codes = confirm(session, by.id, typed, at=at)
        if codes is not None:
            end_others(session, by.id, here, at=at)
    if codes is None:
        raise Invalid({"code": NOT_RIGHT})
    return codes


def make_recovery_codes(*, by: Person, at: datetime) -> tuple[str, ...]:
    """Ten new recovery codes; those before open nothing any more. Raises Invalid without an authenticator."""
    with house().transaction(by=by, at=at) as session:
        lock_account(session, by.id)
        if not has_authenticator(session, by.id):
            raise Invalid({"code": "Set up an authenticator first."})
        codes = _new_codes(session, by.id, at=at)
        record(session, Happened.RECOVERY_CODES_MADE, happened_on=london_date(at))
        return codes


def codes_left(session: NamedSession, account_id: UUID) -> int:
    """How many recovery codes are still good."""
    return session.scalar(select(func.count()).select_from(_good_codes(account_id).subquery())) or 0


def codes_left_of(account_id: UUID) -> int:
    """How many recovery codes an account still has, for its page."""
    with house().reading() as session:
        return codes_left(session, account_id)


def forget_factor(account_id: UUID, *, by: Person, at: datetime) -> None:
    """Take away an authenticator that was lost, with its recovery codes and all passkeys, and end every sign-in.

    Raises NotAllowed for whoever is no administrator, and for oneself; OutOfReach for an account that there is not.
    """
    if not allows(by, "factor.forget", on=london_date(at)) or by.id == account_id:
        house().database.record_refusal(by=by, at=at, review_id=None, what="factor.forget", reasons=["factor.forget"])
        raise NotAllowed(
            "factor.forget", NOT_YOUR_OWN if by.id == account_id else "This is for an administrator to do."
        )
    with house().transaction(by=by, at=at) as session:
        session.hold()
        account = session.get(Account, account_id, with_for_update=True)
        if account is None:
            raise OutOfReach
        end_factor(session, account_id, at=at)
        end_all_sign_ins(session, account_id, at=at)
        record(session, Happened.AUTHENTICATOR_TAKEN_AWAY, happened_on=london_date(at), subject=account)


def end_factor(session: NamedSession, account_id: UUID, *, at: datetime) -> None:
    """End whatever an account proves beside its password, in a verb that has locked it: app, codes and passkeys."""
    for row in (*session.scalars(active(account_id)), *session.scalars(_begun(account_id))):
        row.ended_at = at
    _end_codes(session, account_id, at=at)
    end_every_passkey(session, account_id, at=at)


def lock_account(session: NamedSession, account_id: UUID) -> Account:
    """One change at a time to how somebody signs in."""
    session.hold()
    return session.get_one(Account, account_id, with_for_update=True)


def take_code(session: NamedSession, account_id: UUID, typed: str, *, at: datetime) -> bool:
    """Use up a code of the authenticator, or a recovery code; False where it is neither, or was used before.

    In a verb that has locked the account; the row is written only if it is still of the version that was read.
    """
    row = session.scalars(active(account_id)).one_or_none()
    if row is None:
        return False
    return _take_step(row, typed, at=at) or _take_recovery_code(session, account_id, typed, at=at)


def confirm(session: NamedSession, account_id: UUID, typed: str, *, at: datetime) -> tuple[str, ...] | None:
    """What `confirm_authenticator` does, in a verb that has locked the account; None for a wrong code."""
    row = session.scalars(_begun(account_id)).first()
    if row is None or not _take_step(row, typed, at=at):
        return None
    for before in session.scalars(active(account_id)):
        before.ended_at = at
    row.confirmed_at = at
    record(session, Happened.AUTHENTICATOR_SET_UP, happened_on=london_date(at), subject=row)
    return _new_codes(session, account_id, at=at)


def _begun(account_id: UUID) -> Select[Authenticator]:
    begun = select(Authenticator).where(
        Authenticator.account_id == account_id,
        Authenticator.confirmed_at.is_(None),
        Authenticator.ended_at.is_(None),
    )
    return begun.order_by(Authenticator.begun_at.desc(), Authenticator.id)


def _take_step(row: Authenticator, typed: str, *, at: datetime) -> bool:
    code = re.sub(r"\s", "", typed)
    if not re.fullmatch(r"[0-9]{6}", code):
        return False
    with house().with_keys(SECOND_FACTOR, at=at):
        secret = row.secret
    totp, now = pyotp.TOTP(secret or ""), int(at.timestamp()) // STEP_SECONDS
    right = [now + each for each in AROUND if hmac.compare_digest(totp.generate_otp(now + each), code)]
    newer = [step for step in right if step > row.last_step]
    if not newer:
        return False
    row.last_step = newer[0]
    return True


def _take_recovery_code(session: NamedSession, account_id: UUID, typed: str, *, at: datetime) -> bool:
    row = session.scalars(_good_codes(account_id).where(RecoveryCode.code_sha256 == _code_hash(typed))).first()
    if row is None:
        return False
    row.used_at = at
    record(session, Happened.RECOVERY_CODE_USED, happened_on=london_date(at), subject=row)
    return True


def _new_codes(session: NamedSession, account_id: UUID, *, at: datetime) -> tuple[str, ...]:
    _end_codes(session, account_id, at=at)
    codes = [secrets.token_hex(CODE_BITS // 8) for _ in range(CODES)]
    for code in codes:
        row = RecoveryCode(account_id=account_id, code_sha256=_code_hash(code), made_at=at, used_at=None, ended_at=None)
        session.add(row)
    return tuple(" ".join(re.findall(".{4}", code)) for code in codes)


def _end_codes(session: NamedSession, account_id: UUID, *, at: datetime) -> None:
    for row in session.scalars(_good_codes(account_id)):
        row.ended_at = at


def _good_codes(account_id: UUID) -> Select[RecoveryCode]:
    good = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None), RecoveryCode.ended_at.is_(None)
    )
    return good.order_by(RecoveryCode.made_at, RecoveryCode.id)


def _code_hash(typed: str) -> bytes:
    """However it was typed: in capitals, with or without its spaces and hyphens."""
    return hashlib.sha256(re.sub(r"[\s-]", "", typed).lower().encode()).digest()
