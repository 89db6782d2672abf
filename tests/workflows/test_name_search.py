"""Somebody is found by name, birth, address or number, and it is said why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhr_app.workflows.name_search import LONGEST, How, NothingToLookFor, Sought, day_in
from dhr_app.workflows.spelling import Nicknames

NICKNAMES = Nicknames.from_toml({"names": {"william": ["will", "bill"], "margaret": ["peggy"]}})


def sought(text: str) -> Sought:
    return Sought(text, NICKNAMES)


@pytest.mark.parametrize(
    ("looked_for", "borne", "how"),
    [
        ("Zoë O’Brien",     "Zoe OBrien",             How.EXACT),
        ("obrien",          "Zoë O'Brien",            How.EXACT),
        ("Harding, Ada",    "Ada Harding",            How.EXACT),
        ("Anne Marie",      "Anne-Marie Łuczak",      How.EXACT),
        ("Luczak",          "Anne-Marie Łuczak",      How.EXACT),
        ("hard",            "Ada Harding",            How.BEGINS),
        ("A Harding",       "Ada Harding",            How.BEGINS),
        ("Ada Harding",     "A. Harding",             How.BEGINS),
        ("Bill Harding",    "William Harding",        How.FAMILIAR),
        ("Will Harding",    "Bill Harding",           How.FAMILIAR),
        ("Annemarie",       "Anne-Marie Łuczak",      How.PART),
        ("ardin",           "Ada Harding",            How.PART),
        ("Smythe",          "Jane Smith",             How.SOUNDS),
        ("Katherine",       "Catherine Lloyd",        How.SOUNDS),
        ("Hardign",         "Ada Harding",            How.SOUNDS),
        ("Bill Smythe",     "William Smith",          How.SOUNDS),
        ("Proudie",         "Ada Harding",            None),
        ("Ada Proudie",     "Ada Harding",            None),
        ("Peg",             "Margaret Harding",       None),
        ("Ada",             "",                       None),
        ("Ada",             None,                     None),
        ("3 June 1980",     "June Harding",           None),
    ],
)  # fmt: skip
def test_a_name_is_found_and_why(looked_for: str, borne: str | None, how: How | None) -> None:
    assert sought(looked_for).in_name(borne) is how


@pytest.mark.parametrize(
    ("looked_for", "address", "found"),
    [
        ("High Street",  "14, High Street, Barchester BA1 2CD", True),
        ("14 high st",   "14, High Street, Barchester",         True),
        ("high st",      "14, High Street, Barchester",         False),
        ("ba12cd",       "14, High Street\nBarchester BA1 2CD", True),
        ("BA1 2CD",      "14 High Street, BA12CD",              True),
        ("igh Stree",    "14, High Street",                     False),
        ("14",           "14, High Street",                     False),
        ("High Street",  "",                                    False),
        ("3/6/1980",     "3 6 1980",                            False),
    ],
)  # fmt: skip
def test_an_address_is_found_by_whole_words_or_with_its_number_or_postcode(
    looked_for: str, address: str, found: bool
) -> None:
    assert (sought(looked_for).in_address(address) is How.ADDRESS) is found


@pytest.mark.parametrize(
    "typed",
    ["3/6/1980", "03-06-1980", "3 6 1980", "3.6.1980", "1980-06-03", "3 June 1980", "3rd of June 1980", "3 jun 1980"],
)
def test_a_day_of_birth_is_found_however_it_is_written(typed: str) -> None:
    assert sought(typed).in_birth("1980-06-03") is How.BORN
    assert sought(typed).in_birth("1980-06-04") is None
    assert sought(typed).in_birth("1980") is None
    assert sought(typed).in_birth(None) is None


@pytest.mark.parametrize("typed", ["31/2/1980", "3 Juno 1980", "June", "1980", "99 99 9999"])
def test_what_is_no_day_is_looked_for_as_words(typed: str) -> None:
    assert day_in(typed) == ""


@pytest.mark.parametrize(
    ("looked_for", "number", "found"),
    [
        ("BS 2026/00417", "bs2026-00417", True),
        ("00417",         "BS/2026/00417", False),
        ("Harding",       "Harding",       False),
        ("12",            "12",            False),
    ],
)  # fmt: skip
def test_a_number_is_found_whole_however_its_parts_are_written(looked_for: str, number: str, found: bool) -> None:
    assert (sought(looked_for).in_number(number) is How.NUMBER) is found
    assert sought(looked_for).in_number(None) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a name"),
        (" …! ", "Enter a name"),
        ("a", "at least 2"),
        ("é", "at least 2"),
        ("a" * (LONGEST + 1), "100"),
    ],
)
def test_what_cannot_be_looked_for_says_how_to_put_it_right(typed: str, said: str) -> None:
    with pytest.raises(NothingToLookFor, match=said):
        sought(typed)


@given(name=st.text(alphabet=st.characters(categories=("L", "M", "N", "Zs")), min_size=1, max_size=40))
def test_every_name_is_found_by_itself(name: str) -> None:
    try:
        looked_for = sought(name)
    except NothingToLookFor:
        return
    if not looked_for.day:
        assert looked_for.in_name(name) is How.EXACT


def test_what_was_looked_for_does_not_show_where_it_is_printed() -> None:
    assert "harding" not in repr(sought("Harding")).casefold()
