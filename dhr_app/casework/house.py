"""The house a request, job or command works in: settings, memory, clock and rule book, opened once and put in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from dhr_app.adapters.clock import Clock, choose_clock, london_date
from dhr_app.adapters.keys import choose_provider
from dhr_app.adapters.store import Store, open_store
from dhr_app.casework import protected_names
from dhr_app.casework.purposes import may
from dhr_app.casework.rule_book import RuleBook, load
from dhr_app.database.context import Actor, Via, current_via
from dhr_app.database.endings import nothing_for_destroyed_records
from dhr_app.database.engine import keystore_engine, main_engine
from dhr_app.database.keyring import Keyring, current_keyring, holding
from dhr_app.database.keystore import Keystore
from dhr_app.database.session import Database, NamedSession, using
from dhr_app.settings import Settings
from dhr_app.workflows.kept_words import MayNameSomebody
from dhr_app.workflows.permissions import Person


@dataclass(frozen=True)
class House:
    """One installation, ready for work."""

    settings: Settings
    database: Database
    clock: Clock
    rule_book: RuleBook
    store: Store

    @contextmanager
    def reading(self) -> Iterator[NamedSession]:
        """A session that reads one consistent picture and changes nothing."""
        with self.database.reading() as session:
            yield session

    @contextmanager
    def transaction(self, *, by: Actor, at: datetime) -> Iterator[NamedSession]:
        """A change in somebody’s name, their keys in hand: all of it, or nothing.

        Raises MayNameSomebody, having written down that it did, where a clear text may name somebody protected;
        KeyDestroyed where something would be sealed among records that were destroyed.
        """
        try:
            with self.with_keys(by, at=at), self.database.transaction(by=by, at=at) as session:
                yield session
                nothing_for_destroyed_records(session)
                protected_names.check(self, session, by=by, at=at)
        except MayNameSomebody as asked:
            self.database.record_refusal(
                by=by, at=at, review_id=asked.review_id, what="protected_names", reasons=asked.kinds
            )
            raise

    @contextmanager
    def with_keys(self, person: Actor, *, at: datetime) -> Iterator[None]:
        """Hold the keyring of a person, or of a purpose of casework/purposes.py, unless it is in hand already."""
        held = current_keyring.get()
        if held is not None and (held.person.id, held.person.name) == (person.id, person.name):
            yield
            return
        with holding(self.keyring(person, at=at)):
            yield

    def keyring(self, person: Actor, *, at: datetime) -> Keyring:
        """The keys of a person or purpose for one request: each opening asks purposes.may, and so the rule book.

        What was open to the person in an emergency and is over at this moment is left out.
        """
        return Keyring(
            person.as_at(at) if isinstance(person, Person) else person,
            london_date(at),
            self.database.keystore,
            policy=partial(may, at=at),
            record_access=self.database.record_access,
        )


_HOUSE: ContextVar[House] = ContextVar("house")


def open_house(settings: Settings, *, create: bool = False) -> House:
    """Open the databases and read the rule book; `create` lets SQLite make its files (`dhr init`).

    Raises SettingsError for a broken file of config/, KeyProviderError for a master key that cannot be had.
    """
    rule_book = load(settings.config, more_passwords=settings.common_passwords)
    provider = choose_provider(
        settings.key_provider,
        env=settings.env,
        instance=settings.instance,
        url=settings.key_url,
        name=settings.key_name,
        credential=settings.key_credential,
    )
    keystore = Keystore(keystore_engine(settings.keystore_url, create=create), provider, env=settings.env)
    database = Database(main_engine(settings.database_url, create=create), keystore)
    clock, store = choose_clock(today=settings.today, env=settings.env), open_store(settings.store_url)
    return House(settings, database, clock, rule_book, store)


def house() -> House:
    """The house this request, job or command works in."""
    return _HOUSE.get()


@contextmanager
def at_work(in_house: House) -> Iterator[House]:
    """Put a house in place for a request, a job or a command."""
    token = _HOUSE.set(in_house)
    try:
        with using(in_house.database):
            yield in_house
    finally:
        _HOUSE.reset(token)


@contextmanager
def came_by(request: str, sign_in: UUID | None) -> Iterator[None]:
    """Until the block ends, let each entry of the trail say by which request it came and in which sign-in."""
    token = current_via.set(Via(request, sign_in))
    try:
        yield
    finally:
        current_via.reset(token)
