"""Passwords that are tried first: how they are dressed up, and what is none of them."""

from __future__ import annotations

import tomllib

import pytest

from dhr_app.settings import ROOT
from dhr_app.workflows.common_passwords import CommonPasswords

COMMON = CommonPasswords.from_toml(
    tomllib.loads((ROOT / "config" / "common_passwords.toml").read_text(encoding="utf-8"))
)


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "PASSWORD2026!",
        "P@ssw0rd!2026",
        "Welcome 2026!!!",
        "!!liverpool1892",
        "i love liverpool",
        "ILoveYou123456",
        "password password",
        "safeguarding1",
        "heronsherons",
        "heron heron heron",
        "qwertyuiop12345",
        "abcdefghijkl",
        "lkjhgfdsa0987",
        "1qaz2wsx3edc",
        "123456789012",
        "07700 900123 !",
        "aaaaaaaaaaaab",
        "            ",
    ],
)
def test_is_refused_however_it_is_dressed(password: str) -> None:
    assert COMMON.hold(password)


@pytest.mark.parametrize(
    "password",
    [
        "three calm herons",
        "Tablecloth-gravel-oboe",
        "sunshine monkey dragon",  # three words of the list: it asks for three
        "kettle oxbow 1974",
        "vkx8qpw2mnd7",
        "сорока три облака",
    ],
)
def test_is_taken(password: str) -> None:
    assert not COMMON.hold(password)


def test_a_longer_list_is_folded_as_the_short_one_is() -> None:
    with_more = COMMON.with_more(["Kettle Oxbow\n", "\n"])
    assert with_more.hold("k3ttle oxb0w 99")
    assert not with_more.hold("three calm herons")


def test_a_file_without_words_says_so() -> None:
    with pytest.raises(ValueError, match="words"):
        CommonPasswords.from_toml({"words": " "})
