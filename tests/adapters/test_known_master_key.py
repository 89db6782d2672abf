"""Whoever keeps the master key, nothing starts under one that does not open what lies in the keystore."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update

from dhr_app.adapters.keys import DevelopmentFile
from dhr_app.casework import master_key
from dhr_app.casework.house import House
from dhr_app.database import keycare, masters
from dhr_app.database.engine import keystore_engine
from dhr_app.database.errors import KeysUnreachable, KeyUnavailable, MasterKeyUnknown
from dhr_app.database.keystore import Domain, Keystore
from dhr_app.database.keytable import metadata, review_key
from dhr_app.database.session import Database
from dhr_app.settings import SettingsError
from tests.adapters.azure_server import AzureServer
from tests.adapters.conftest import REMOTE, Kept
from tests.adapters.vault_server import VaultServer
from tests.factories import NOW

SAID = (
    "The master key of these settings does not open what lies in the keystore (keys: {keys}): put the right one back,"
    " or run `dhr keys recover` with two recovery shares."
)


@dataclass
class Place:
    """A house whose keystore holds what these keepers wrap."""

    house: House
    keystore: Keystore

    def under(self, provider: Any, env: str = "testing") -> House:
        """The same house under another keeper of the master key."""
        keystore = Keystore(self.keystore.engine, provider, env=env)
        return replace(self.house, database=Database(self.house.database.engine, keystore))

    def filled(self, keys: int, provider: Any = None) -> list[Domain]:
        """So many keys more, each of a review of its own."""
        keystore = self.keystore if provider is None else Keystore(self.keystore.engine, provider, env="testing")
        domains = [Domain(UUID(int=number + 1), "identities") for number in range(self.count, self.count + keys)]
        for domain in domains:
            keystore.new_key(domain, at=NOW)
        return domains

    @property
    def count(self) -> int:
        return len(keycare.every_key(self.keystore))

    def tamper(self, domain: Domain, **values: Any) -> None:
        with self.keystore.engine.begin() as connection:
            connection.execute(update(review_key).where(review_key.c.review_id == domain.review_id).values(**values))


@pytest.fixture
def empty(house: House, kept: Kept, tmp_path: Path) -> Iterator[Place]:
    engine = keystore_engine(f"sqlite:///{tmp_path}/wrapped.db", create=True)
    keystore = Keystore(engine, kept.provider, env="testing")
    keystore.create()
    yield Place(replace(house, database=Database(house.database.engine, keystore)), keystore)
    engine.dispose()


@pytest.fixture
def place(empty: Place) -> Place:
    empty.filled(3)
    return empty


def refusal(house: House) -> str:
    """What is said both at the start and by `dhr check`."""
    with pytest.raises(MasterKeyUnknown) as at_start:
        master_key.must_be_known(house)
    with pytest.raises(MasterKeyUnknown) as checked:
        master_key.finding(house)
    assert str(at_start.value) == str(checked.value)
    assert at_start.value.__cause__ is None
    return str(at_start.value)


def test_the_right_one_is_let_in_and_nothing_is_changed(place: Place) -> None:
    before = keycare.every_key(place.keystore)
    master_key.must_be_known(place.house)
    assert master_key.finding(place.house) == (True, place.keystore.health())
    assert keycare.every_key(place.keystore) == before


def test_one_that_knows_nothing_of_what_lies_there_is_refused_in_one_sentence(place: Place, kept: Kept) -> None:
    assert refusal(place.under(kept.stranger)) == SAID.format(keys=3)


def test_another_put_in_its_place_is_refused_whoever_keeps_it(place: Place, kept: Kept) -> None:
    kept.swap()
    assert refusal(place.house) == SAID.format(keys=3)
    assert place.count == 3


def test_while_the_master_key_is_changed_both_must_open(place: Place, kept: Kept) -> None:
    if kept.renew is None:
        pytest.skip("the development file holds one key for good")
    place.filled(1)
    kept.renew()
    place.filled(2)
    assert len({key.kek_id for key in keycare.every_key(place.keystore)}) == 2
    master_key.must_be_known(place.house)
    place.tamper(Domain(UUID(int=1), "identities"), state="retired")  # what opens nothing any more is not asked about
    master_key.must_be_known(place.house)
    kept.swap()
    place.filled(1)
    assert refusal(place.house) in {SAID.format(keys=keys) for keys in (2, 3)}


def test_of_two_the_one_that_is_lost_is_told_with_its_keys(place: Place, kept: Kept) -> None:
    kept.swap()
    place.filled(2)
    names = {key.kek_id for key in keycare.every_key(place.keystore)}
    # Another Vault gives its key the same name: then all that bear it are in doubt.
    assert refusal(place.house) == SAID.format(keys=3 if len(names) == 2 else 5)


def test_one_key_whose_bytes_were_changed_stops_nobody(place: Place) -> None:
    domain = place.filled(1)[0]
    with place.keystore.asked() as connection:
        rows = connection.execute(select(review_key).order_by(review_key.c.review_id)).all()
    for row in rows:  # whichever is asked about first
        bent = bytes([row.wrapped[0], *row.wrapped[1:-8], row.wrapped[-8] ^ 1, *row.wrapped[-7:]])
        place.tamper(Domain(row.review_id, row.record_class), wrapped=bent)
        master_key.must_be_known(place.house)
        place.tamper(Domain(row.review_id, row.record_class), wrapped=row.wrapped)
    place.tamper(domain, kek_id="vault:nobody:v1")
    assert refusal(place.house) == SAID.format(keys=1)


@pytest.mark.parametrize("kept", REMOTE, indirect=True)
def test_one_that_is_away_is_let_pass_at_the_start_and_told_by_the_check(place: Place, kept: Kept) -> None:
    kept.down()
    master_key.must_be_known(place.house)
    with pytest.raises(KeysUnreachable, match=r"\.$"):
        master_key.finding(place.house)


@pytest.mark.parametrize("kept", ["development", "credential"], indirect=True)
def test_a_file_that_is_gone_is_not_away_and_is_named(place: Place, kept: Kept) -> None:
    kept.down()
    for asked in (master_key.must_be_known, master_key.finding):
        with pytest.raises(KeyUnavailable, match=r"^(one cannot be read|one\.key is not there)"):
            asked(place.house)


def test_while_nothing_lies_there_the_keeper_is_only_asked_whether_it_is_well(empty: Place, kept: Kept) -> None:
    kept.swap()
    master_key.must_be_known(empty.house)
    assert empty.count == 0


@pytest.mark.parametrize("kept", ["vault", "azure"], indirect=True)
def test_one_question_is_asked_however_many_keys_there_are(
    empty: Place, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for server in (VaultServer, AzureServer):
        plain = server.answer

        def counting(self: Any, request: Any, body: bytes, plain: Any = plain) -> Any:
            asked.append(request.path)
            return plain(self, request, body)

        monkeypatch.setattr(server, "answer", counting)
    empty.filled(8)
    asked.clear()
    assert masters.unopened(empty.keystore) == 0
    assert len([path for path in asked if "decrypt" in path or "unwrapkey" in path]) == 1


@pytest.mark.parametrize("kept", ["credential"], indirect=True)
def test_production_says_so_where_a_development_key_lies_there(place: Place, kept: Kept, tmp_path: Path) -> None:
    theirs = DevelopmentFile(tmp_path / "development.key", env="testing")
    theirs.begin()
    place.filled(1, theirs)
    assert refusal(place.under(kept.provider)) == SAID.format(keys=1)
    with pytest.raises(KeyUnavailable, match="sealed with a development key"):
        master_key.must_be_known(place.under(kept.provider, env="production"))


@pytest.mark.parametrize("kept", ["development"], indirect=True)
def test_a_row_that_nobody_can_read_and_a_keystore_without_tables_are_no_traceback(place: Place) -> None:
    place.tamper(Domain(UUID(int=1), "identities"), wrapped=text("'no bytes'"), kek_id=text("x'00ff'"))
    master_key.must_be_known(place.house)
    place.tamper(Domain(UUID(int=2), "identities"), review_id=uuid4())  # the row is now another review’s
    master_key.must_be_known(place.house)
    metadata.drop_all(place.keystore.engine)
    with pytest.raises(SettingsError, match="dhr init"):
        master_key.must_be_known(place.house)
    with pytest.raises(SettingsError, match="dhr init"):
        master_key.finding(place.house)
