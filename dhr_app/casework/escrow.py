"""What is left when the master key is lost: three people hold a share each, and any two of them open everything again.

The shares are of a recovery key under which every data key is kept a second time; changing the master key, or rotating
the data keys, leaves them good. They are given out once, and what cannot be proved to open is no precaution.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import shares
from dhr_app.casework.house import House
from dhr_app.casework.purposes import RECOVERY_PROOF, may
from dhr_app.casework.shares import Shares, SharesRefused
from dhr_app.database import keycare
from dhr_app.database.audit import record
from dhr_app.database.keycare import RecoveredKeystore, Recovery
from dhr_app.database.keycopies import RecoveryKey
from dhr_app.database.keyring import Keyring, holding
from dhr_app.database.keystore import NOBODY, OPENS, SYSTEM_CLASS, Domain
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.database.resealing import SealedColumn, sealed_columns
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened


@dataclass(frozen=True)
class Proof:
    """What two shares opened: how many keys of the review, and one value by its field alone."""

    keys: int
    field: str


@dataclass(frozen=True)
class Recovered:
    """How many keys are under today's master key again, and how many had no good copy."""

    keys: int
    lost: int


def in_use(in_house: House) -> Recovery | None:
    """The recovery key that shares were given out of, if any were."""
    return keycare.recovery_in_use(in_house.database.keystore)


def share_out(in_house: House, hand_over: Callable[[Shares], None], *, at: datetime) -> Shares:
    """Make a new recovery key in three shares, and a copy of every key for it; earlier shares open nothing more.

    `hand_over` gives the shares to their holders, before anything is changed: where it raises, nothing is. They are
    kept nowhere. Raises KeyUnavailable where a key cannot be copied.
    """
    key = RecoveryKey.made()
    made = shares.split(key)
    hand_over(made)
    copies = keycare.install_recovery(in_house.database.keystore, key, share_set=made.number, at=at)
    _tell(in_house, Happened.KEYS_SHARED_OUT, None, at, {"set": made.number, "keys": copies})
    return made


def prove(in_house: House, reference: str, written: Sequence[str], *, at: datetime) -> Proof:
    """Open one value of a review with the words of two holders; its keys are proved one by one.

    Raises SharesRefused, OutOfReach for an unknown reference, KeyUnavailable or SealError where it does not open.
    """
    key = _of_this_house(in_house, written)
    review_id = _review(in_house, reference)
    store = RecoveredKeystore(in_house.database.keystore, key)
    kept = [each for each in keycare.every_key(store) if each.domain.review_id == review_id and each.state in OPENS]
    for each in kept:
        keycare.copied_key(store, key, each.domain, each.generation)
    record_access = in_house.database.record_access
    ring = Keyring(RECOVERY_PROOF, london_date(at), store, policy=may, record_access=record_access)
    with holding(ring), in_house.reading() as session:
        column, row_id = _something(session, review_id, {each.domain for each in kept})
    ring.announce(review_id, [column.attribute.data_class], at=at)
    with holding(ring), in_house.reading() as session:
        getattr(session.get_one(column.mapper.class_, row_id), column.attribute.name)
    keycare.mark_proved(store, at=at)
    _tell(in_house, Happened.KEYS_PROVED, review_id, at, {"opened": column.name, "keys": len(kept)})
    return Proof(len(kept), column.name)


def recover(in_house: House, written: Sequence[str], *, at: datetime) -> Recovered:
    """Put every key under the master key that the settings name now, with the words of two holders alone.

    For when the one before it is lost. Raises SharesRefused, KeyUnavailable or KeysUnreachable.
    """
    key = _of_this_house(in_house, written)
    done, lost = keycare.recover(in_house.database.keystore, key)
    _tell(in_house, Happened.KEYS_RECOVERED, None, at, {"keys": done, "lost": len(lost)})
    return Recovered(done, len(lost))


def _of_this_house(in_house: House, written: Sequence[str]) -> RecoveryKey:
    key = shares.join(written)
    recovery = in_use(in_house)
    if recovery is None:
        raise SharesRefused("No recovery shares were made here: run `dhr keys escrow` while the master key is there.")
    if not keycare.is_in_use(in_house.database.keystore, key):
        raise SharesRefused(
            f"These shares are of another set: those in use were made on {london_date(recovery.made_at)} and carry the"
            f" number {recovery.share_set}."
        )
    return key


def _something(session: NamedSession, review_id: UUID, opens: Collection[Domain]) -> tuple[SealedColumn, UUID]:
    """The first sealed value of the review whose key still opens: those of other classes may have been destroyed."""
    for column in sealed_columns():
        record_class, whose = str(column.attribute.data_class), column.attribute.subject
        subjects = {each.subject_id for each in opens if each.record_class == record_class}
        if record_class == SYSTEM_CLASS or not subjects or (whose is None and NOBODY not in subjects):
            continue
        row_id = column.mapper.columns["id"]
        there = select(row_id).where(column.chain == review_id, column.raw().is_not(None)).order_by(row_id).limit(1)
        if whose is not None:
            there = there.where(getattr(column.mapper.class_, whose).in_(subjects))
        if (found := session.scalar(there)) is not None:
            return column, found
    raise SharesRefused(
        "Nothing is sealed in this review that can still be opened: choose another to prove the shares on."
    )


def _review(in_house: House, reference: str) -> UUID:
    with in_house.reading() as session:
        found = session.scalars(select(Review.id).where(Review.reference == reference)).one_or_none()
    if found is None:
        raise OutOfReach
    return found


def _tell(in_house: House, kind: Happened, review_id: UUID | None, at: datetime, details: dict[str, int | str]) -> None:
    with in_house.database.transaction(by=RECOVERY_PROOF, at=at) as session:
        record(session, kind, review_id=review_id, happened_on=london_date(at), details=details)
