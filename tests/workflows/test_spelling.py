"""Names are compared without their marks, by their sound, and with the familiar forms that stand for them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhr_app.workflows.spelling import Nicknames, fold, likeness, sounds, words

COMMITTED = Path(__file__).parents[2] / "config" / "nicknames.toml"


@pytest.fixture(scope="module")
def nicknames() -> Nicknames:
    return Nicknames.from_toml(tomllib.loads(COMMITTED.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Zoë",                    "zoe"),
        ("Zoe\u0308",              "zoe"),
        ("O’Brien",                "obrien"),
        ("O'Brien",                "obrien"),
        ("Anne-Marie  LLOYD",      "anne marie lloyd"),
        ("Łukasz Żółć",            "lukasz zolc"),
        ("Søren Ångström",         "soren angstrom"),
        ("Weiß",                   "weiss"),
        ("D’Souza–Nuñez (née Íñigo)", "dsouza nunez nee inigo"),
        ("İpek",                   "ipek"),
        ("\uff26\uff35LL width",   "full width"),
        ("a\u200bb soft\u00adhyphen", "ab softhyphen"),
        ("14, High Street.",       "14 high street"),
        ("  ",                     ""),
        ("…—!",                    ""),
    ],
)  # fmt: skip
def test_marks_case_apostrophes_and_hyphens_do_not_part_two_spellings(typed: str, folded: str) -> None:
    assert fold(typed) == folded
    assert words(typed) == tuple(folded.split())


@given(st.text())
def test_folding_again_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_capitals_make_no_difference(text: str) -> None:
    assert fold(text.casefold()) == fold(text)


@given(st.text())
def test_any_text_has_a_sound_or_none_without_failing(text: str) -> None:
    assert isinstance(sounds(text), str)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Smith", "Smythe"), ("Catherine", "Katherine"), ("Stephen", "Steven"), ("Philip", "Fillip"), ("Zoë", "Zoe")],
)
def test_names_that_sound_alike_have_the_same_sound(one: str, other: str) -> None:
    assert sounds(one) == sounds(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Smith", "Jones"), ("Ann", "Amy"), ("Tudor", "Proudie")])
def test_names_that_sound_different_do_not(one: str, other: str) -> None:
    assert sounds(one) != sounds(other)


def test_nothing_sounds_like_nothing() -> None:
    assert sounds("") == sounds("…") == sounds("14") == ""


def test_a_slip_of_the_pen_is_more_alike_than_another_name() -> None:
    assert likeness("Thorne", "Thonre") > 0.9 > likeness("Thorne", "Proudie")
    assert likeness("Zoë", "ZOE") == 1


def test_a_familiar_form_stands_for_the_full_name_and_for_its_other_forms(nicknames: Nicknames) -> None:
    assert {"william", "will", "liam"} <= nicknames.of("bill")
    assert {"bill", "will"} <= nicknames.of("william")
    assert "elizabeth" in nicknames.of("betty")


def test_a_familiar_form_of_two_names_does_not_make_one_of_them(nicknames: Nicknames) -> None:
    assert {"alexander", "alexandra"} <= nicknames.of("alex")
    assert "alexandra" not in nicknames.of("alexander")


def test_no_name_stands_for_itself_and_each_relation_goes_both_ways(nicknames: Nicknames) -> None:
    for name, others in nicknames.forms.items():
        assert name not in others
        assert all(name in nicknames.of(other) for other in others)


def test_a_name_without_a_familiar_form_has_none(nicknames: Nicknames) -> None:
    assert nicknames.of("septimus") == frozenset()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "no table"),
        ({"names": {"William": ["bill"]}}, "William"),
        ({"names": {"william": "bill"}}, "william"),
        ({"names": {"william": []}}, "william"),
        ({"names": {"william": ["bill smith"]}}, "bill smith"),
        ({"names": {"zoë": ["zo"]}}, "zoë"),
        ({"names": {"william": [7]}}, "7"),
    ],
)
def test_a_broken_table_is_refused_naming_the_fault(table: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Nicknames.from_toml(table)


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(ValueError, match=r"William.*Maggie"):
        Nicknames.from_toml({"names": {"william": ["William"], "margaret": ["Maggie"]}})
