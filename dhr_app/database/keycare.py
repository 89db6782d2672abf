"""What keeps the keystore in order over the years: every key listed, re-wrapped, set back, copied and recovered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row, func, select, update

from dhr_app.database import keycopies
from dhr_app.database.errors import KeyUnavailable
from dhr_app.database.keycopies import NotTheRecoveryKey, RecoveryKey
from dhr_app.database.keystore import OPENS, DataKey, Keystore, asking
from dhr_app.database.keytable import Domain, binding_of, of, recovery, recovery_copy, review_key

PROBE = b"dhr-which-key-is-todays"


@dataclass(frozen=True)
class Kept:
    """One data key as it is kept, without its bytes. Its moments are in UTC."""

    domain: Domain
    generation: int
    kek_id: str
    state: str
    created_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True)
class Recovery:
    """The recovery key in use: the number its shares carry, when it was made and last proved, and what it lacks."""

    share_set: int
    made_at: datetime
    proved_at: datetime | None
    lacking: int


def every_key(keystore: Keystore) -> list[Kept]:
    """Every key there is, in one order."""
    names = ("review_id", "record_class", "subject_id", "generation", "kek_id", "state", "created_at", "retired_at")
    columns = [review_key.c[name] for name in names]
    with keystore.asked() as connection:
        return [Kept(Domain(*row[:3]), *row[3:]) for row in connection.execute(select(*columns).order_by(*columns[:4]))]


def master_key_today(keystore: Keystore) -> str:
    """The name of the master key that wraps from now on. Raises KeyUnavailable or KeysUnreachable."""
    return asking(lambda: keystore.provider.wrap(bytes(32), PROBE))[0]


def rewrap(keystore: Keystore) -> tuple[int, Iterator[tuple[Domain, int] | None]]:
    """Put the recovery key, then every key, under today's master key; safe to break off and to repeat.

    Returns how many keys are under another, and what does them one by one: it gives None for each that is done, and
    domain and generation of each that cannot be unwrapped any more. Raises KeysUnreachable where nobody answers.
    """
    today = master_key_today(keystore)
    with keystore.work() as connection:
        asking(lambda: keycopies.reseal_under(connection, keystore.provider))
    with keystore.asked() as connection:
        asked = select(review_key).where(review_key.c.wrapped.is_not(None), review_key.c.kek_id != today)
        rows = connection.execute(asked.order_by(*review_key.primary_key)).all()
    return len(rows), (_rewrapped(keystore, row) for row in rows)


def revive(keystore: Keystore, domain: Domain, generation: int) -> None:
    """Let a retired key open again: something was found that it still seals."""
    which = [of(domain), review_key.c.generation == generation, review_key.c.state == "retired"]
    with keystore.work() as connection:
        connection.execute(update(review_key).where(*which).values(state="open_only"))


def install_recovery(keystore: Keystore, key: RecoveryKey, *, share_set: int, at: datetime) -> int:
    """Make this the recovery key, with a copy of every key that opens. Returns how many copies there are."""
    kept = [each for each in every_key(keystore) if each.state in OPENS]
    deks = {(each.domain, each.generation): keystore.key(each.domain, each.generation).dek for each in kept}
    with keystore.work() as connection:
        asking(lambda: keycopies.install(connection, key, keystore.provider, share_set=share_set, at=at))
    return _copy(keystore, deks, key.public_key) + _copy_missing(keystore, key.public_key)


def recovery_in_use(keystore: Keystore) -> Recovery | None:
    """The recovery key, if one was made."""
    with keystore.asked() as connection:
        row = keycopies.in_use(connection)
        if row is None:
            return None
        have = connection.scalar(select(func.count()).select_from(recovery_copy)) or 0
        need = connection.scalar(select(func.count()).where(review_key.c.state.in_(OPENS))) or 0
        return Recovery(row.share_set, row.made_at, row.proved_at, max(0, need - have))


def is_in_use(keystore: Keystore, key: RecoveryKey) -> bool:
    """Whether these shares make the recovery key whose copies are kept."""
    with keystore.asked() as connection:
        row = keycopies.in_use(connection)
        return row is not None and row.public_key == key.public_key


def mark_proved(keystore: Keystore, *, at: datetime) -> None:
    """Remember when two shares last opened something."""
    with keystore.work() as connection:
        connection.execute(update(recovery).values(proved_at=at))


class RecoveredKeystore(Keystore):
    """The keystore as two holders open it: by its recovery copies, without asking who keeps the master key."""

    def __init__(self, keystore: Keystore, key: RecoveryKey) -> None:
        super().__init__(keystore.engine, keystore.provider, env=keystore.env)
        self._recovery_key = key

    def unwrapped(self, domain: Domain, generation: int, row: Row[Any] | None) -> DataKey:
        """The key from its copy. Raises KeyUnavailable."""
        if row is None or row.state not in OPENS:
            raise KeyUnavailable("There is no such key, or it is retired or destroyed.")
        return DataKey(generation, copied_key(self, self._recovery_key, domain, generation))


def copied_key(keystore: Keystore, key: RecoveryKey, domain: Domain, generation: int) -> bytes:
    """A data key from its recovery copy, proved to be the right one. Raises KeyUnavailable."""
    with keystore.asked() as connection:
        copy = connection.scalar(
            select(recovery_copy.c.wrapped).where(of(domain, recovery_copy), recovery_copy.c.generation == generation)
        )
        binding = connection.scalar(
            select(review_key.c.binding).where(of(domain), review_key.c.generation == generation)
        )
    return _proved(key, domain, generation, copy, binding)


def recover(keystore: Keystore, key: RecoveryKey) -> tuple[int, list[tuple[Domain, int]]]:
    """Put every key that has a copy under today's master key, without asking the one before it. One transaction.

    A keeper that makes its own master key makes one where it is gone. Returns how many keys, and those whose copy is
    false. Raises KeyUnavailable or KeysUnreachable.
    """
    asking(keystore.provider.begin)
    lost: list[tuple[Domain, int]] = []
    wrapped: dict[tuple[Domain, int], tuple[str, bytes]] = {}
    with keystore.asked() as connection:
        copies = keycopies.copies(connection)
        bindings = {
            (Domain(*row[:3]), row.generation): row.binding
            for row in connection.execute(select(review_key).where(review_key.c.wrapped.is_not(None)))
        }
    for (domain, generation), binding in bindings.items():
        try:
            dek = _proved(key, domain, generation, copies.get((domain, generation)), binding)
        except KeyUnavailable:
            lost.append((domain, generation))
            continue
        wrapped[domain, generation] = asking(partial(keystore.provider.wrap, dek, domain.context(generation)))
    with keystore.work() as connection:
        asking(lambda: keycopies.reseal_under(connection, keystore.provider, anew=True))
        for (domain, generation), (kek_id, blob) in wrapped.items():
            connection.execute(
                update(review_key)
                .where(of(domain), review_key.c.generation == generation, review_key.c.wrapped.is_not(None))
                .values(kek_id=kek_id, wrapped=blob)
            )
    return len(wrapped), lost


def _rewrapped(keystore: Keystore, row: Row[Any]) -> tuple[Domain, int] | None:
    domain = Domain(row.review_id, row.record_class, row.subject_id)
    try:
        again = asking(lambda: keystore.provider.rewrap(row.kek_id, row.wrapped, domain.context(row.generation)))
    except KeyUnavailable:
        return domain, row.generation
    which = [of(domain), review_key.c.generation == row.generation, review_key.c.wrapped == row.wrapped]
    with keystore.work() as connection:
        connection.execute(update(review_key).where(*which).values(kek_id=again[0], wrapped=again[1]))
    return None


def _copy_missing(keystore: Keystore, public_key: bytes) -> int:
    """Copy the keys that somebody made while the recovery key was being put in place. Returns how many."""
    with keystore.asked() as connection:
        have = set(keycopies.copies(connection))
    missing = [
        each for each in every_key(keystore) if each.state in OPENS and (each.domain, each.generation) not in have
    ]
    deks = {(each.domain, each.generation): keystore.key(each.domain, each.generation).dek for each in missing}
    return _copy(keystore, deks, public_key)


def _copy(keystore: Keystore, deks: dict[tuple[Domain, int], bytes], public_key: bytes) -> int:
    """Keep a copy of each of these keys that is not destroyed by now. Returns how many."""
    kept = 0
    with keystore.work() as connection:
        for (domain, generation), dek in deks.items():
            there = select(review_key.c.wrapped).where(of(domain), review_key.c.generation == generation)
            if connection.scalar(there) is not None:
                keycopies.keep(
                    connection, domain, generation, keycopies.copied(dek, domain.context(generation), public_key)
                )
                kept += 1
    return kept


def _proved(key: RecoveryKey, domain: Domain, generation: int, copy: bytes | None, binding: bytes | None) -> bytes:
    if copy is None or binding is None:
        raise KeyUnavailable("There is no recovery copy of this key.")
    try:
        dek = key.open(copy, domain.context(generation))
    except NotTheRecoveryKey:
        raise KeyUnavailable("The recovery copy of this key was changed, or is of other shares.") from None
    if binding != binding_of(dek, domain, generation):
        raise KeyUnavailable("The recovery copy is of another key.")
    return dek
