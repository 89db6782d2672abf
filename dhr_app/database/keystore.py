"""The keystore: every data key, wrapped, in a database of its own, so that a copy of the main one opens nothing.

A key belongs to a domain: a review, a record class, and a subject where each person's records are destroyed apart.
It is committed here before the first row that it seals; what a failed verb leaves behind is swept later.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from dhr_app.adapters.keys import KeyProvider, KeyProviderError, refuse_development_key
from dhr_app.database.engine import translating
from dhr_app.database.errors import KeyUnavailable
from dhr_app.database.keytable import NOBODY, SYSTEM_CLASS, Domain, metadata, of, review_key

KEY_BYTES = 32
T = TypeVar("T")
KeptKeys = dict[tuple[Domain, int], Row[Any]]

__all__ = ["NOBODY", "SYSTEM_CLASS", "DataKey", "Domain", "KeptKeys", "Keystore", "metadata", "review_key"]


@dataclass(frozen=True)
class DataKey:
    """One data key, unwrapped. Its representation does not hold it."""

    generation: int
    dek: bytes

    def __repr__(self) -> str:
        return f"<DataKey generation {self.generation}>"


class Keystore:
    """The keys of one installation. Every method is one transaction of the keystore's own."""

    def __init__(self, engine: Engine, provider: KeyProvider, *, env: str) -> None:
        self.engine, self.provider, self.env = engine, provider, env

    def create(self) -> None:
        """Make the table where it is not there yet."""
        metadata.create_all(self.engine)

    def key(self, domain: Domain, generation: int) -> DataKey:
        """The key that opens this generation. Raises KeyUnavailable when it is retired, destroyed, unknown or false."""
        kept = self.kept(domain.review_id, domain.record_class)
        return self.unwrapped(domain, generation, kept.get((domain, generation)))

    def kept(self, review_id: UUID, record_class: str) -> KeptKeys:
        """Every key of a review's record class as it is kept, wrapped, whoever its subject is: in one question."""
        with self._asked() as keystore:
            rows = keystore.execute(
                select(review_key).where(review_key.c.review_id == review_id, review_key.c.record_class == record_class)
            )
            return {(Domain(row.review_id, row.record_class, row.subject_id), row.generation): row for row in rows}

    def unwrapped(self, domain: Domain, generation: int, row: Row[Any] | None) -> DataKey:
        """The key that was kept so. Raises KeyUnavailable when it is retired, destroyed, unknown (None) or false."""
        if row is None:
            raise KeyUnavailable("There is no such key.")
        if row.state not in ("active", "open_only") or row.wrapped is None:
            raise KeyUnavailable(f"This key is {row.state}.")
        return DataKey(generation, self._unwrap(domain, generation, row.kek_id, row.wrapped, row.binding))

    def sealing_key(self, domain: Domain, *, at: datetime) -> DataKey:
        """The key that seals today, made and committed where there is none. Raises KeyUnavailable once destroyed."""
        generation = self._active(domain)
        if generation is None:
            try:
                generation = self.new_key(domain, at=at)
            except IntegrityError:  # somebody else made the first one at the same moment
                generation = self._active(domain)
        if generation is None:
            raise KeyUnavailable("The domain has no key to seal with.")
        return self.key(domain, generation)

    def new_key(self, domain: Domain, *, at: datetime) -> int:
        """Make the next generation and commit it; the one before goes on opening. Returns the generation."""
        dek = os.urandom(KEY_BYTES)
        with self._work() as keystore:
            if keystore.scalar(select(func.count()).where(of(domain), review_key.c.state == "destroyed")):
                raise KeyUnavailable("The records of this domain were destroyed: nothing new can be sealed there.")
            generation = (keystore.scalar(select(func.max(review_key.c.generation)).where(of(domain))) or 0) + 1
            kek_id, wrapped = _asking(lambda: self.provider.wrap(dek, domain.context(generation)))
            keystore.execute(
                update(review_key)
                .where(of(domain), review_key.c.state == "active")
                .values(state="open_only", retired_at=at)
            )
            keystore.execute(
                insert(review_key).values(
                    review_id=domain.review_id,
                    record_class=domain.record_class,
                    subject_id=domain.subject_id,
                    generation=generation,
                    kek_id=kek_id,
                    wrapped=wrapped,
                    binding=_binding(dek, domain, generation),
                    state="active",
                    created_at=at,
                )
            )
        return int(generation)

    def retire(self, domain: Domain, generation: int, *, at: datetime) -> None:
        """Refuse to unwrap this generation from now on; its bytes are kept until they are destroyed."""
        with self._work() as keystore:
            keystore.execute(
                update(review_key)
                .where(of(domain), review_key.c.generation == generation, review_key.c.state != "destroyed")
                .values(state="retired", retired_at=at)
            )

    def destroy(self, domain: Domain, *, at: datetime) -> int:
        """Overwrite every key of the domain; the rows stay as tombstones. Returns how many were destroyed now."""
        with self._work() as keystore:
            return keystore.execute(
                update(review_key)
                .where(of(domain), review_key.c.state != "destroyed")
                .values(state="destroyed", wrapped=None, destroyed_at=at)
            ).rowcount

    def domains(self) -> dict[Domain, set[str]]:
        """Every domain there is, with the states of its keys."""
        found: dict[Domain, set[str]] = {}
        with self._asked() as keystore:
            for row in keystore.execute(select(review_key)):
                found.setdefault(Domain(row.review_id, row.record_class, row.subject_id), set()).add(row.state)
        return found

    def sweep_orphans(
        self, *, used: Container[Domain], at: datetime, older_than: timedelta = timedelta(days=1)
    ) -> tuple[int, int]:
        """Remove keys that no row uses, in two steps a day apart. Returns how many were set aside and how many removed.

        A key is first set aside (it opens but seals nothing new), and removed a day later if still nothing uses its
        domain: so a verb that is sealing with it at this moment has long been committed by then.
        """
        before = at - older_than
        aside = removed = 0
        for domain, states in self.domains().items():
            if domain in used or "destroyed" in states:
                continue
            with self._work() as keystore:
                removed += keystore.execute(
                    delete(review_key).where(
                        of(domain), review_key.c.state == "open_only", review_key.c.retired_at < before
                    )
                ).rowcount
                aside += keystore.execute(
                    update(review_key)
                    .where(of(domain), review_key.c.state == "active", review_key.c.created_at < before)
                    .values(state="open_only", retired_at=at)
                ).rowcount
        return aside, removed

    def health(self) -> str:
        """A sentence from the provider. Raises DatabaseUnavailable or KeyUnavailable."""
        with self._asked() as keystore:
            keystore.execute(select(review_key.c.generation).limit(1))
        return _asking(self.provider.health)

    def _active(self, domain: Domain) -> int | None:
        with self._asked() as keystore:
            return keystore.scalar(select(review_key.c.generation).where(of(domain), review_key.c.state == "active"))

    def _unwrap(self, domain: Domain, generation: int, kek_id: str, wrapped: bytes, binding: bytes) -> bytes:
        def unwrap() -> bytes:
            refuse_development_key(kek_id, env=self.env)
            return self.provider.unwrap(kek_id, wrapped, domain.context(generation))

        dek = _asking(unwrap)
        # Checked even though this provider binds the context itself: others (RSA key wrapping) cannot.
        if not hmac.compare_digest(binding, _binding(dek, domain, generation)):
            raise KeyUnavailable("A key stands where another belongs.")
        return dek

    @contextmanager
    def _asked(self) -> Iterator[Connection]:
        with translating(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _work(self) -> Iterator[Connection]:
        with translating(), self.engine.begin() as connection:
            if connection.dialect.name == "sqlite":  # the driver begins nothing by itself (engine.py)
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection


def _asking(question: Callable[[], T]) -> T:
    """Ask the provider; what it refuses becomes KeyUnavailable with its sentence."""
    try:
        return question()
    except KeyProviderError as refusal:
        raise KeyUnavailable(str(refusal)) from None


def _binding(dek: bytes, domain: Domain, generation: int) -> bytes:
    return hmac.new(dek, domain.context(generation), hashlib.sha256).digest()
