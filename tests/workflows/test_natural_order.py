"""Numbers of recommendations sort as people count."""

from __future__ import annotations

import pytest

from dhr_app.workflows.natural_order import sorts_as

COUNTED = [
    "1", "2", "3.9", "3.10", "8", "8.1", "8.2", "8.10", "9", "10", "10.1.1", "10.1.1.1", "10.1.2", "10.2", "10.10",
    "15.10.1", "15.10.2", "21.10.2", "100", "R1", "R2", "R10",
]  # fmt: skip


def test_numbers_of_every_depth_come_in_the_order_people_count_in():
    as_text = sorted(COUNTED)
    assert as_text != COUNTED
    assert sorted(as_text, key=sorts_as) == COUNTED


@pytest.mark.parametrize("written", ["4", "04", "4.", " 4 ", "4 ."])
def test_what_a_reader_takes_for_the_same_number_is_the_same(written):
    assert sorts_as(written) == sorts_as("4")


@pytest.mark.parametrize(("one", "other"), [("4", "40"), ("4", "4.0"), ("1.1", "11"), ("4a", "4b"), ("0", "1")])
def test_different_numbers_stay_apart(one, other):
    assert sorts_as(one) != sorts_as(other)


def test_letters_sort_alike_whether_small_or_capital():
    assert sorts_as("R3") == sorts_as("r3")
