"""What was destroyed stays destroyed: no key is opened while the keystore holds one that a tombstone names.

open_heeding(settings)     a house to be served: not before the tombstones are applied, nor under a wrong master key
must_be_applied(house)     the same, for a house that a command opened
apply(house, at=at)        after a backup was restored: `dhr keystore apply-tombstones`
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.adapters.tombstones import Tombstone, TombstoneError, TombstoneFile
from dhr_app.casework import master_key
from dhr_app.casework.checkpoints import signer_of
from dhr_app.casework.house import House, open_house
from dhr_app.casework.program import Program
from dhr_app.database.audit import record
from dhr_app.database.errors import CheckpointFailed, TombstonesUnheeded
from dhr_app.database.forgetting import destroys, forget_payloads
from dhr_app.database.graves import destroy_again, domain_of, not_destroyed
from dhr_app.database.models.disposal import DisposalPart
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.settings import Settings
from dhr_app.workflows.events import Happened
from dhr_app.workflows.retention import Grave

LOG = logging.getLogger(__name__)

BACK = (
    "Keys that were destroyed are back (those of {count} tombstones), as after a restored backup: "
    "run `dhr keystore apply-tombstones` before anything is opened."
)
CUT = (
    "Records were destroyed of which the tombstones in {path} say nothing: put back the copy of that file that is "
    "kept elsewhere, or say in `tombstones` where it lies."
)


@dataclass(frozen=True)
class Applied:
    """What applying the tombstones did: how many there are, domains that had to be destroyed again, and their keys.

    `forgotten` counts what the trail of a restored database kept of them.
    """

    tombstones: int
    domains: int
    keys: int
    forgotten: int


def tombstones_of(settings: Settings) -> TombstoneFile:
    """The file of tombstones of this installation; it signs with the key of the checkpoints."""
    return TombstoneFile(Path(settings.tombstones), lambda: signer_of(settings))


def read_tombstones(settings: Settings) -> tuple[Tombstone, ...]:
    """Every tombstone, each proved. Raises TombstonesUnheeded, CheckpointFailed."""
    try:
        return tombstones_of(settings).all()
    except TombstoneError as trouble:
        raise TombstonesUnheeded(str(trouble)) from None


def can_write_tombstones(settings: Settings) -> bool:
    """Whether there is a key to sign with, and the file as it stands is proved: asked before anything is destroyed."""
    try:
        signer_of(settings)
        read_tombstones(settings)
    except (CheckpointFailed, TombstonesUnheeded) as trouble:
        LOG.error("tombstones could not be written: %s", type(trouble).__name__)
        return False
    return True


def open_heeding(settings: Settings) -> House:
    """A house in which nothing is back that was destroyed, and whose master key opens what is there.

    Raises as `open_house`, `must_be_applied` and `master_key.must_be_known` do.
    """
    house = open_house(settings)
    try:
        must_be_applied(house)
        master_key.must_be_known(house)
    except BaseException:
        house.database.dispose()
        raise
    return house


def must_be_applied(in_house: House) -> tuple[Tombstone, ...]:
    """Every tombstone, all of them heeded by the keystore. Two questions, however many there are.

    Raises TombstonesUnheeded where a destroyed key is back, where the file was changed, and where it lacks what the
    database says was destroyed; CheckpointFailed for want of the key that signs.
    """
    stones = read_tombstones(in_house.settings)
    with in_house.reading() as session:
        lacking = _named_by_rows(session) - {stone.hash for stone in stones}
    if lacking:
        raise TombstonesUnheeded(CUT.format(path=tombstones_of(in_house.settings).path))
    back = not_destroyed(in_house.database.keystore, _graves(stones))
    if back:
        raise TombstonesUnheeded(BACK.format(count=len(back)))
    return stones


def apply(in_house: House, *, at: datetime) -> Applied:
    """Destroy again whatever the keystore holds of what was destroyed, and let a restored trail forget it too.

    Safe to repeat. Raises TombstonesUnheeded where the file itself was changed.
    """
    graves = _graves(read_tombstones(in_house.settings))
    keystore = in_house.database.keystore
    again = not_destroyed(keystore, graves)
    keys = sum(destroy_again(keystore, grave) for grave in again)
    forgotten = 0
    for review_id, mine in groupby(sorted(graves, key=lambda grave: str(grave.review_id)), lambda one: one.review_id):
        forgotten += _forget(in_house, review_id, list(mine), again, at=at)
    return Applied(len(graves), len(again), keys, forgotten)


def in_lines(applied: Applied) -> Iterable[str]:
    """What was done, for a command."""
    if not applied.domains:
        yield f"Tombstones read: {applied.tombstones}. The keystore holds nothing of what they name."
    else:
        yield (
            f"Tombstones read: {applied.tombstones}. Of {applied.domains} the keystore held something again: "
            f"keys destroyed again: {applied.keys}."
        )
    if applied.forgotten:
        yield f"Values sealed with those keys that the audit trail still kept and forgot now: {applied.forgotten}."


def finding(in_house: House) -> tuple[bool, str]:
    """For `dhr check`: that nothing destroyed is back. Raises as `must_be_applied` does."""
    stones = must_be_applied(in_house)
    if not stones:
        return True, "Nothing was destroyed yet, so there are no tombstones."
    said = f"Every tombstone is heeded ({len(stones)}): what was destroyed cannot be opened."
    inside = Path(in_house.settings.tombstones).resolve().is_relative_to(in_house.settings.instance)
    if not (inside and in_house.settings.production):
        return True, said
    return (
        False,
        f"{said} But they lie in the instance folder, and a restored copy of it would take them along: move"
        " them to another host, and say so in `tombstones`.",
    )


def _graves(stones: Iterable[Tombstone]) -> list[Grave]:
    return [stone.grave for stone in stones]


def _named_by_rows(session: NamedSession) -> set[str]:
    """The tombstones that the database knows of."""
    return {each for each in set(session.scalars(select(DisposalPart.tombstone).distinct())) if each is not None}


def _forget(in_house: House, review_id: UUID, graves: list[Grave], again: list[Grave], *, at: datetime) -> int:
    """Take from a review's trail what it kept under these keys, and say that it is destroyed.

    A database that was restored from before the disposal does not say so itself. Returns how many values there were.
    """
    with in_house.database.transaction(by=Program("dhr keystore apply-tombstones"), at=at) as session:
        known = session.get(Review, review_id) is not None
        if known:
            session.lock(review_id)
        forgotten = {domain_of(grave): forget_payloads(session, domain_of(grave), review_id) for grave in graves}
        told = [domain_of(grave) for grave in graves if grave in again or forgotten[domain_of(grave)]]
        if told:
            session.hold()
            record(
                session,
                Happened.TOMBSTONES_APPLIED,
                happened_on=london_date(at),
                review_id=review_id if known else None,
                details={"destroys": destroys(*told), "keys": len(told)},
            )
    return sum(forgotten.values())
