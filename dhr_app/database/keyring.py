"""The keyring: releases a key only for a person whom the policy lets open it, and only once the audit trail knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from dhr_app.database.context import Actor, Opening, OpeningFor, Verb, current_verb
from dhr_app.database.envelope import Opener, Place
from dhr_app.database.errors import KeyDestroyed, NoKeyring, OpeningRefused, Unannounced
from dhr_app.database.keystore import DataKey, Domain, KeptKeys, Keystore

Policy = Callable[..., bool]
"""The rule book's `may_open(person, review_id, data_class, *, agency_id, on)`; no review_id for the system's own."""

PURPOSES = ("field", "audit", "fek")
Slot = tuple[int, str, int, int, str]
Alike = tuple[int, str, int, int | None, bytes]
"""What values share that one opener opens: review, logical name, subject, agency, and the envelope's header."""


class RecordAccess(Protocol):
    """Commits an access event in a transaction of its own (`Database.record_access`)."""

    def __call__(
        self, *, review_id: UUID | None, classes: Collection[str], among: int | None = None, by: Actor, at: datetime
    ) -> None:
        """Returns only once the event is committed. `among` how many reviews, where many are looked through at once."""
        ...


class Cell(NamedTuple):
    """One sealed value's place: in the tables, among the keys, and whose it is."""

    table: str
    column: str
    data_class: str
    domain: Domain
    agency_id: UUID | None
    place: Place
    handed_in: bool = False  # whoever changes it may seal it without being allowed to open it

    @property
    def review_id(self) -> UUID | None:
        """The review, or None for the system's own values."""
        review_id = self.domain.review_id
        return review_id if review_id.int else None  # NOBODY is 0


class Keyring:
    """One person's keys for one request or job on one London day; thrown away at its end."""

    def __init__(
        self, person: Actor, on: date, store: Keystore, *, policy: Policy, record_access: RecordAccess
    ) -> None:
        self.person, self.on = person, on
        self._store, self._policy, self._record_access = store, policy, record_access
        self._announced: set[tuple[UUID | None, str]] = set()
        self._ciphers: dict[Slot, AESGCM] = {}
        self._opened: dict[Alike, Opener] = {}
        self._sealing: dict[Domain, int] = {}
        self._kept: dict[tuple[UUID, str], KeptKeys] = {}

    def announce(self, review_id: UUID | None, classes: Collection[str], *, at: datetime) -> None:
        """Commit to the audit trail that this person opens these classes of data on this review, before it is done.

        Raises OpeningRefused where the policy says no for one of them, DatabaseUnavailable where it cannot be written:
        either way nothing can be opened. A second announcement of the same in one request writes nothing.
        """
        fresh = [each for each in classes if (review_id, str(each)) not in self._announced]
        if fresh:
            self._record_access(review_id=review_id, classes=[str(each) for each in fresh], by=self.person, at=at)
            self._announced |= {(review_id, str(each)) for each in fresh}

    def announce_search(self, among: Mapping[str, Collection[UUID]], *, at: datetime) -> None:
        """Commit that this person looks through these classes, each of these reviews; their keys come in one question.

        One entry tells the classes and how many reviews. Raises as `announce` does.
        """
        pairs = {(review_id, str(each)) for each, review_ids in among.items() for review_id in review_ids}
        for review_id, each in sorted(pairs, key=str):
            if not self.may_open(review_id, each):
                raise OpeningRefused(each, review_id)
        reviews = {review_id for review_id, _ in pairs}
        classes = sorted({each for _, each in pairs})
        self._record_access(review_id=None, classes=classes, among=len(reviews), by=self.person, at=at)
        self._announced |= pairs
        kept = self._store.kept_of(reviews, classes)
        self._kept |= {pair: kept.get(pair, {}) for pair in pairs}

    def is_destroyed(self, domain: Domain) -> bool:
        """Whether the key of a domain that was fetched is destroyed: then its values were, and nothing is amiss."""
        kept = self._kept.get((domain.review_id, domain.record_class), {})
        states = {row.state for (each, _), row in kept.items() if each == domain}
        return states == {"destroyed"}  # an old generation is destroyed after each rotation, the records are not

    def may_open(self, review_id: UUID | None, data_class: str, *, agency_id: UUID | None = None) -> bool:
        """Whether the policy lets this person open such a value; writes nothing, opens nothing."""
        return self._policy(self.person, review_id, data_class, agency_id=agency_id, on=self.on)

    def opened_before(self, alike: Alike) -> Opener | None:
        """The opener of a value, where its like was opened already; None in a verb, whose entry tells of each.

        The answer is the same as then: a keyring's person, day and policy stay, and what was announced was.
        """
        return self._opened.get(alike) if current_verb.get() is None else None

    def opening(self, cell: Cell, generation: int, *, purpose: str = "field", alike: Alike | None = None) -> AESGCM:
        """The cipher that opens a cell, kept for its like. Raises OpeningRefused, Unannounced or KeyUnavailable."""
        review_id = cell.review_id
        if not self._policy(self.person, review_id, cell.data_class, agency_id=cell.agency_id, on=self.on):
            raise OpeningRefused(cell.domain.record_class, review_id)
        verb = current_verb.get()
        if verb is not None:
            verb.openings.add(self._told(cell, verb))
        elif (review_id, cell.domain.record_class) not in self._announced:
            raise Unannounced(f"{cell.table}.{cell.column} would be opened without an entry in the audit trail.")
        cipher = self._cipher(cell.domain, generation, purpose)
        if alike is not None and verb is None:
            self._opened[alike] = Opener(cell.place, alike[-1], cipher)
        return cipher

    def for_the_trail(self, cell: Cell, generation: int, *, purpose: str = "field") -> AESGCM:
        """The cipher that opens a cell for the entry of the verb that changes it: nobody is shown it, so none is told.

        Raises as `opening` does.
        """
        self._require(cell)
        verb = current_verb.get()
        if verb is None:
            raise Unannounced(f"{cell.table}.{cell.column} would be opened for an entry that nobody writes.")
        self._require_same(verb)
        return self._cipher(cell.domain, generation, purpose)

    def sealing(self, cell: Cell, *, purpose: str = "field") -> tuple[int, AESGCM]:
        """The generation and cipher that seal a cell today. Raises as `opening` does; only inside a verb."""
        self._require(cell)
        verb = current_verb.get()
        if verb is None:
            raise Unannounced(f"{cell.table}.{cell.column} would be sealed outside a transaction.")
        self._require_same(verb)
        generation = self._sealing.get(cell.domain)
        if generation is None:
            key = self._store.sealing_key(cell.domain, at=verb.at)
            generation = self._sealing[cell.domain] = key.generation
            self._ciphers[_slot(cell.domain, generation, purpose)] = _derive(key, purpose)
        return generation, self._cipher(cell.domain, generation, purpose)

    def _cipher(self, domain: Domain, generation: int, purpose: str) -> AESGCM:
        cipher = self._ciphers.get(_slot(domain, generation, purpose))
        if cipher is None:
            cipher = _derive(self._key(domain, generation), purpose)
            self._ciphers[_slot(domain, generation, purpose)] = cipher
        return cipher

    def _key(self, domain: Domain, generation: int) -> DataKey:
        """The key of one subject; those of the others of its record class are fetched with it, and stay wrapped.

        Raises KeyDestroyed where the records were destroyed, KeyUnavailable for any other key that opens nothing.
        """
        among = (domain.review_id, domain.record_class)
        if (domain, generation) not in self._kept.get(among, {}):
            self._kept[among] = self._store.kept(*among)
        row = self._kept[among].get((domain, generation))
        if row is not None and row.state == "destroyed" and self.is_destroyed(domain):
            raise KeyDestroyed
        return self._store.unwrapped(domain, generation, row)

    def _require(self, cell: Cell) -> None:
        if not cell.handed_in and not self.may_open(cell.review_id, cell.data_class, agency_id=cell.agency_id):
            raise OpeningRefused(str(cell.data_class), cell.review_id)

    def _told(self, cell: Cell, verb: Verb) -> Opening | OpeningFor:
        """How the verb's entry tells an opening: as the person's own, or as the program's for a purpose."""
        told = Opening(cell.domain.review_id, str(cell.data_class), cell.table, str(cell.place.row), cell.column)
        purpose: str | None = getattr(self.person, "opens_for", None)
        if purpose is not None and not self._is_of(verb):
            return OpeningFor(*told, purpose)
        self._require_same(verb)
        return told

    def _is_of(self, verb: Verb) -> bool:
        return (verb.by.id, verb.by.name) == (self.person.id, self.person.name)

    def _require_same(self, verb: Verb) -> None:
        if not self._is_of(verb):
            raise NoKeyring("The keyring belongs to another person than the one in whose name the change is made.")


current_keyring: ContextVar[Keyring | None] = ContextVar("current_keyring", default=None)


@contextmanager
def holding(keyring: Keyring) -> Iterator[Keyring]:
    """Let sealed attributes use this keyring, in this thread, until the block ends."""
    token = current_keyring.set(keyring)
    try:
        yield keyring
    finally:
        current_keyring.reset(token)


def announce(review_id: UUID | None, classes: Collection[str], *, at: datetime) -> None:
    """Announce an opening on the keyring in use. Raises NoKeyring without one."""
    keyring = current_keyring.get()
    if keyring is None:
        raise NoKeyring("Nobody is named as the one who opens sealed data.")
    keyring.announce(review_id, classes, at=at)


def _slot(domain: Domain, generation: int, purpose: str) -> Slot:
    """Where a cipher is at hand, by numbers: to hash a UUID takes longer than to find what is sought."""
    return domain.review_id.int, domain.record_class, domain.subject_id.int, generation, purpose


def _derive(key: DataKey, purpose: str) -> AESGCM:
    if purpose not in PURPOSES:
        raise ValueError(f"“{purpose}” is not a purpose of a key")
    # The data key is uniformly random, so the expand step alone is enough (RFC 5869, 3.3).
    return AESGCM(HKDFExpand(hashes.SHA256(), 32, b"dhr/v1/" + purpose.encode()).derive(key.dek))
