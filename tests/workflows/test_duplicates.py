"""Terms are so short that they tell nobody who somebody is; two records are held to be alike for good reasons only."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhr_app.workflows.duplicates import (
    FEWEST,
    MOST_BITS,
    Identity,
    Plan,
    TooFewNames,
    fits,
    indexed,
    may_be_same,
    plan_for,
)
from dhr_app.workflows.spelling import Nicknames

NICKNAMES = Nicknames.from_toml({"names": {"william": ["bill"]}})


@given(records=st.integers(FEWEST, 200_000))
def test_each_pair_of_terms_is_shared_by_two_at_least_and_by_the_root_at_most(records: int) -> None:
    plan = plan_for(records)
    bits = plan.name_bits + plan.sound_bits
    assert records / 2**bits >= 2
    assert records / 2**bits <= sqrt(records) or bits == MOST_BITS
    assert fits(plan, records)


@pytest.mark.parametrize(("records", "bits"), [(16, 2), (100, 4), (1_000, 7), (5_000, 10), (20_000, 11)])
def test_a_term_grows_with_the_number_of_names_and_not_for_ever(records: int, bits: int) -> None:
    plan = plan_for(records)
    assert plan.name_bits + plan.sound_bits == bits
    assert 0 <= plan.name_bits - plan.sound_bits <= 1


@pytest.mark.parametrize("records", [0, 1, FEWEST - 1])
def test_too_few_names_hide_nobody(records: int) -> None:
    with pytest.raises(TooFewNames, match="at least 16"):
        plan_for(records)
    assert not fits(Plan(1, 1), records)


def test_a_plan_no_longer_fits_once_its_names_are_many_more_or_fewer() -> None:
    plan = plan_for(1_000)
    assert fits(plan, 900)
    assert not fits(plan, 200)
    assert not fits(plan, 60_000)


@pytest.mark.parametrize("one", [Identity(), Identity("", "1980"), Identity(" – ", "1980-06-03")])
def test_what_is_not_known_makes_no_term(one: Identity) -> None:
    assert indexed(one) == {}


def test_a_name_without_a_birth_makes_one_term_and_with_it_two() -> None:
    assert indexed(Identity("Ada O’Brien")) == {"full_name": "ada obrien"}
    assert indexed(Identity("O’Brien, Ada", "1980-06-03")) == {"full_name": "ada obrien", "sound_and_year": "OBRN 1980"}
    assert indexed(Identity("Ada Smith", "1980")) == indexed(Identity("ada SMITH", "1980-06-03"))
    assert (
        indexed(Identity("Ada Smythe", "1980"))["sound_and_year"]
        == indexed(Identity("A Smith", "1980-01"))["sound_and_year"]
    )
    assert "sound_and_year" not in indexed(Identity("Ada 2", "1980"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Ada Harding", ""),             ("Harding, Ada", ""),           True),
        (("Ada Harding", ""),             ("ada hárding", "1980-06-03"),  True),
        (("Ada Harding", "1980"),         ("Ada Harding", "1980-06-03"),  True),
        (("Ada Harding", "1980-06-03"),   ("Ada Harding", "1980-06-04"),  False),
        (("Ada Harding", "1980"),         ("Ada Harding", "1981"),        False),
        (("Ada", ""),                     ("Ada", ""),                    False),
        (("Ada", "1980-06-03"),           ("Ada", "1980-06-03"),          True),
        (("", "1980"),                    ("", "1980"),                   False),
        (("Bill Smith", "1980"),          ("William Smythe", "1980-06"),  True),
        (("Smith, Bill", "1980"),         ("William Smythe", "1980-06"),  True),
        (("W Smith", "1980"),             ("William Smith", "1980"),      True),
        (("Willaim Smith", "1980"),       ("William Smith", "1980"),      True),
        (("Bill Smith", ""),              ("William Smith", "1980"),      False),
        (("Jane Smith", "1980"),          ("William Smith", "1980"),      False),
        (("William Harding", "1980"),     ("William Smith", "1980"),      False),
    ],
)  # fmt: skip
def test_two_records_are_held_to_be_alike_for_good_reasons_only(
    one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    assert may_be_same(Identity(*one), Identity(*other), NICKNAMES) is same
    assert may_be_same(Identity(*other), Identity(*one), NICKNAMES) is same


name = st.sampled_from(["Ada Harding", "Bill Smith", "William Smythe", "Jane Smith"])
born = st.sampled_from(["", "1980", "1980-06", "1980-06-03"])


@given(st.builds(Identity, name, born), st.builds(Identity, name, born))
def test_whoever_is_held_to_be_alike_shares_a_term(one: Identity, other: Identity) -> None:
    if may_be_same(one, other, NICKNAMES):
        assert set(indexed(one).items()) & set(indexed(other).items())
