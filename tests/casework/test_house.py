"""A house opened, worked in and left: what is in place inside, and nothing afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dhr_app.casework.house import House, at_work, house, open_house
from dhr_app.database.errors import DatabaseUnavailable, UnnamedChange
from dhr_app.database.keyring import current_keyring
from dhr_app.database.session import current_database
from dhr_app.settings import Settings, SettingsError
from tests.factories import NOW
from tests.reviews import County


def test_inside_the_house_and_its_database_are_in_place_and_outside_they_are_not(settings: Settings) -> None:
    opened = open_house(settings)
    with at_work(opened):
        assert house() is opened
        assert current_database.get() is opened.database
    assert current_database.get() is None
    with pytest.raises(LookupError):
        house()
    opened.database.dispose()


def test_one_house_inside_another_gives_way_to_it_again(house: House, settings: Settings) -> None:
    from dhr_app.casework.house import house as here

    other = replace(house)
    with at_work(other):
        assert here() is other
    assert here() is house


def test_a_transaction_holds_the_keyring_of_its_person_and_puts_it_away(bare_county: County) -> None:
    by = bare_county.coordinator
    with bare_county.house.transaction(by=by, at=NOW):
        held = current_keyring.get()
        assert held is not None
        assert held.person == by
    assert current_keyring.get() is None


def test_the_keyring_already_in_hand_is_used_again_for_the_same_person_only(bare_county: County) -> None:
    by, other = bare_county.coordinator, bare_county.chair
    with bare_county.house.with_keys(by, at=NOW):
        held = current_keyring.get()
        with bare_county.house.with_keys(by, at=NOW):
            assert current_keyring.get() is held
        with bare_county.house.with_keys(other, at=NOW):
            ring = current_keyring.get()
            assert ring is not None
            assert ring.person == other
        assert current_keyring.get() is held


def test_a_transaction_without_a_name_is_refused(house: House) -> None:
    class Nobody:
        id = None
        name = ""

    with pytest.raises(UnnamedChange), house.database.transaction(by=Nobody(), at=NOW):
        pass


def test_a_house_whose_database_is_not_there_says_so(settings: Settings, tmp_path: Path) -> None:
    gone = replace(settings, database_url=f"sqlite:///{tmp_path / 'nowhere' / 'dhr.db'}")
    opened = open_house(gone)
    with pytest.raises(DatabaseUnavailable), opened.reading() as session:
        session.connection()
    opened.database.dispose()


def test_a_broken_rule_book_does_not_open(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        open_house(replace(settings, config=tmp_path))
