"""The keystore: every data key, wrapped, in a database of its own, so that a copy of the main one opens nothing.

A key belongs to a domain: a review, a record class, and a subject where each person's records are destroyed apart.
It is committed here before the first row that it seals; what a failed verb leaves behind is swept later.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Collection, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from dhr_app.adapters.keys import KeyProvider, KeyProviderError, KeyProviderUnreachable, refuse_development_key
from dhr_app.database import keycopies
from dhr_app.database.engine import translating
from dhr_app.database.errors import KeyDestroyed, KeysUnreachable, KeyUnavailable
from dhr_app.database.keytable import KEPT, NOBODY, SYSTEM_CLASS, Domain, binding_of, metadata, of, review_key

KEY_BYTES = 32
OPENS = ("active", "open_only")
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
        """Make the tables where they are not there yet and, only while nothing lies wrapped in them, the master key.

        Raises KeyUnavailable or KeysUnreachable.
        """
        metadata.create_all(self.engine)
        with self.asked() as keystore:
            wrapped = keystore.scalar(select(review_key.c.generation).where(review_key.c.wrapped.is_not(None)).limit(1))
            begun = wrapped is not None or keycopies.in_use(keystore) is not None
        if not begun:
            asking(self.provider.begin)

    def key(self, domain: Domain, generation: int) -> DataKey:
        """The key that opens this generation. Raises KeyUnavailable when it is retired, destroyed, unknown or false."""
        kept = self.kept(domain.review_id, domain.record_class)
        return self.unwrapped(domain, generation, kept.get((domain, generation)))

    def kept(self, review_id: UUID, record_class: str) -> KeptKeys:
        """Every key of a review's record class as it is kept, wrapped, whoever its subject is: in one question."""
        with self.asked() as keystore:
            rows = keystore.execute(
                select(*KEPT).where(review_key.c.review_id == review_id, review_key.c.record_class == record_class)
            )
            return {(Domain(row.review_id, row.record_class, row.subject_id), row.generation): row for row in rows}

    def kept_of(
        self, review_ids: Collection[UUID], record_classes: Collection[str]
    ) -> dict[tuple[UUID, str], KeptKeys]:
        """What `kept` gives for each of these reviews and record classes that has a key: in one question for all."""
        found: dict[tuple[UUID, str], KeptKeys] = {}
        with self.asked() as keystore:
            rows = keystore.execute(
                select(*KEPT).where(
                    review_key.c.review_id.in_(review_ids), review_key.c.record_class.in_(record_classes)
                )
            )
            for row in rows:
                domain = Domain(row.review_id, row.record_class, row.subject_id)
                found.setdefault((row.review_id, row.record_class), {})[domain, row.generation] = row
        return found

    def unwrapped(self, domain: Domain, generation: int, row: Row[Any] | None) -> DataKey:
        """The key that was kept so. Raises KeyUnavailable when it is retired, destroyed, unknown (None) or false.

        Raises DatabaseUnavailable where only nobody can be asked just now.
        """
        if row is None:
            raise KeyUnavailable("There is no such key.")
        if row.state not in OPENS or row.wrapped is None:
            raise KeyUnavailable("This key is retired, destroyed, or in no state that opens.")
        if not isinstance(row.kek_id, str) or not isinstance(row.wrapped, bytes) or not isinstance(row.binding, bytes):
            raise KeyUnavailable("A row of the keystore cannot be read.")
        return DataKey(generation, self._unwrap(domain, generation, row.kek_id, row.wrapped, row.binding))

    def sealing_key(self, domain: Domain, *, at: datetime) -> DataKey:
        """The key that seals today, made and committed where there is none. Raises KeyDestroyed once it is."""
        generation = self._active(domain)
        if generation is None:
            self.new_key(domain, at=at)
            generation = self._active(domain)
        if generation is None:
            raise KeyUnavailable("The domain has no key to seal with.")
        return self.key(domain, generation)

    def new_key(self, domain: Domain, *, at: datetime) -> int | None:
        """Make the next generation and commit it; the one before goes on opening.

        Returns the generation, or None where somebody else made it at the same moment. Raises KeyDestroyed once the
        domain is, also while the provider was asked.
        """
        dek = os.urandom(KEY_BYTES)
        before, recovering = self._last(domain)
        generation = before + 1
        context = domain.context(generation)
        # Asked before the keystore is locked: a remote provider takes its time.
        kek_id, wrapped = asking(lambda: self.provider.wrap(dek, context))
        copy = keycopies.copied(dek, context, self._public_key(recovering)) if recovering else None
        try:
            with self.work() as keystore:
                now, _ = self._newest(keystore, domain)
                if now != before:
                    return None
                self._insert(
                    keystore, domain, generation, (kek_id, wrapped, binding_of(dek, domain, generation)), at=at
                )
                if copy is not None:
                    keycopies.keep(keystore, domain, generation, copy)
        except IntegrityError:
            return None
        return generation

    def retire(self, domain: Domain, generation: int, *, at: datetime) -> None:
        """Refuse to unwrap this generation from now on; its bytes are kept until they are destroyed."""
        with self.work() as keystore:
            keystore.execute(
                update(review_key)
                .where(of(domain), review_key.c.generation == generation, review_key.c.state != "destroyed")
                .values(state="retired", retired_at=at)
            )

    def destroy(self, domain: Domain, *, generation: int | None = None, at: datetime) -> int:
        """Overwrite every key of the domain, or one retired generation of it; the rows stay as tombstones.

        Their recovery copies go with them. Returns how many were destroyed now.
        """
        which = [of(domain), review_key.c.state != "destroyed"]
        if generation is not None:
            which += [review_key.c.generation == generation, review_key.c.state == "retired"]
        with self.work() as keystore:
            done = keystore.execute(
                update(review_key).where(*which).values(state="destroyed", wrapped=None, destroyed_at=at)
            ).rowcount
            if done or generation is None:
                keycopies.drop(keystore, domain, generation)
            return done

    def domains(self) -> dict[Domain, set[str]]:
        """Every domain there is, with the states of its keys."""
        found: dict[Domain, set[str]] = {}
        with self.asked() as keystore:
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
            with self.work() as keystore:
                unused = [of(domain), review_key.c.state == "open_only", review_key.c.retired_at < before]
                for generation in keystore.scalars(select(review_key.c.generation).where(*unused)).all():
                    keycopies.drop(keystore, domain, generation)
                removed += keystore.execute(delete(review_key).where(*unused)).rowcount
                aside += keystore.execute(
                    update(review_key)
                    .where(of(domain), review_key.c.state == "active", review_key.c.created_at < before)
                    .values(state="open_only", retired_at=at)
                ).rowcount
        return aside, removed

    def health(self) -> str:
        """A sentence from the provider. Raises DatabaseUnavailable (KeysUnreachable) or KeyUnavailable."""
        with self.asked() as keystore:
            keystore.execute(select(review_key.c.generation).limit(1))
        return asking(self.provider.health)

    def _active(self, domain: Domain) -> int | None:
        with self.asked() as keystore:
            return keystore.scalar(select(review_key.c.generation).where(of(domain), review_key.c.state == "active"))

    def _last(self, domain: Domain) -> tuple[int, Row[Any] | None]:
        """The newest generation of the domain, 0 if there is none, and the recovery key. Raises KeyDestroyed."""
        with self.asked() as keystore:
            return self._newest(keystore, domain)

    def _newest(self, keystore: Connection, domain: Domain) -> tuple[int, Row[Any] | None]:
        rows = keystore.execute(select(review_key.c.generation, review_key.c.state).where(of(domain))).all()
        if {row.state for row in rows} == {"destroyed"}:
            raise KeyDestroyed
        return max((row.generation for row in rows), default=0), keycopies.in_use(keystore)

    def _insert(
        self,
        keystore: Connection,
        domain: Domain,
        generation: int,
        kept: tuple[str, bytes, bytes],
        *,
        at: datetime,
    ) -> None:
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
                kek_id=kept[0],
                wrapped=kept[1],
                binding=kept[2],
                state="active",
                created_at=at,
            )
        )

    def _public_key(self, recovering: Row[Any]) -> bytes:
        return asking(lambda: keycopies.public_key_of(recovering, self.provider))

    def _unwrap(self, domain: Domain, generation: int, kek_id: str, wrapped: bytes, binding: bytes) -> bytes:
        def unwrap() -> bytes:
            refuse_development_key(kek_id, env=self.env)
            return self.provider.unwrap(kek_id, wrapped, domain.context(generation))

        dek = asking(unwrap)
        # Checked even though this provider binds the context itself: others (RSA key wrapping) cannot.
        if not hmac.compare_digest(binding, binding_of(dek, domain, generation)):
            raise KeyUnavailable("A key stands where another belongs.")
        return dek

    @contextmanager
    def asked(self) -> Iterator[Connection]:
        """A question to the keystore; what cannot be read there raises KeyUnavailable."""
        with translating(), _readable(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def work(self) -> Iterator[Connection]:
        """A change of the keystore, of which nobody else makes another meanwhile."""
        with translating(), _readable(), self.engine.begin() as connection:
            if connection.dialect.name == "sqlite":  # the driver begins nothing by itself (engine.py)
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection


def asking(question: Callable[[], T]) -> T:
    """Ask the provider. What it refuses raises KeyUnavailable, and where nobody answers KeysUnreachable."""
    try:
        return question()
    except KeyProviderUnreachable as away:
        raise KeysUnreachable(str(away)) from None
    except KeyProviderError as refusal:
        raise KeyUnavailable(str(refusal)) from None


@contextmanager
def _readable() -> Iterator[None]:
    """A row that somebody changed may hold what no driver can make sense of: that is a key that is not to be had."""
    try:
        yield
    except (TypeError, ValueError, LookupError, AttributeError):
        raise KeyUnavailable("A row of the keystore cannot be read.") from None
