"""The forms in which one person's name may be written: parts, joined or apart, reversed, as initials, as nicknames."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from dhr_app.workflows.common_words import listed
from dhr_app.workflows.spelling import Nicknames, fold, words

TITLES = listed(
    "mr mrs ms miss mx master dr doctor sir dame lady lord rev revd reverend fr father sister brother prof professor "
    "pc dc ds di dci supt sgt cllr"
)
AFTER_A_NAME = listed("jr jnr sr snr junior senior ii iii iv mbe obe")
PARTICLES = listed(
    "van von der den ter ten de da di dos das del della la le el al ap ab bin bint ibn abu ben st san santa"
)
# What stands in the box where nobody knows a name.
NO_NAME = listed("not known unknown none na n a yet named tbc as above deceased")

_ASIDE = re.compile(r"[(\[“\"‘]([^)\]”\"’]*)[)\]”\"’]")
_BETWEEN_NAMES = re.compile(
    r"[,;/\n:|]|\b(?:and|or|aka|also known as|known as|formerly|previously|née|nee|born|maiden name|alias)\b|a\.k\.a\b",
    re.IGNORECASE,
)
_DASH = re.compile(r"[\s\-\u2010-\u2015]+")
_PREFIX = re.compile(r"(?:Mc|Mac)(?=[A-Z])|[Oo]['’‘`](?=\w)")


class Given(IntEnum):
    """How a word stands for a given name: it is the first, a further one, a familiar form, or the first letter."""

    FIRST, FURTHER, FAMILIAR, INITIAL = 1, 2, 3, 4


@dataclass
class Called:
    """How one person may be called: surnames as folded words in their order, given names one word each."""

    surnames: set[tuple[str, ...]] = field(default_factory=set)
    givens: dict[str, Given] = field(default_factory=dict)

    def add_given(self, word: str, how: Given) -> None:
        """Take a form of a given name, unless a closer one is known."""
        self.givens[word] = min(how, self.givens.get(word, how))


def called(full_name: str, other_names: str, nicknames: Nicknames) -> Called:
    """Every form of a person's name and of the other names they are known by."""
    found = Called()
    asides = _ASIDE.findall(full_name)
    main = _ASIDE.sub(" ", full_name)
    if main.count(",") == 1:  # “Smith, Jane”
        surname, _, given = main.partition(",")
        main = f"{given} {surname}"
    for each in (main, *asides, *_several(other_names)):
        _take(found, each, nicknames)
    return found


def surname_forms(written: list[str]) -> Iterator[tuple[str, ...]]:
    """The folded words of a surname: whole, written as one word, and each part of a double one by itself."""
    whole = tuple(part for each in written for part in words(each))
    yield whole
    yield ("".join(whole),)
    for each in _DASH.split(" ".join(written)):
        if begins := _PREFIX.match(each):
            yield (fold(begins[0]), *words(each[begins.end() :]))
    for part in whole if len(whole) > 1 else ():
        if part not in PARTICLES and len(part) > 1:
            yield (part,)


def _several(other_names: str) -> Iterator[str]:
    for each in _BETWEEN_NAMES.split(_ASIDE.sub(r", \1, ", other_names)):
        if each.strip():
            yield each


def _take(found: Called, written: str, nicknames: Nicknames) -> None:
    parts = [each for each in written.replace(".", ". ").split() if words(each)]
    parts = [each for each in parts if fold(each) not in TITLES | AFTER_A_NAME]
    if not parts or all(word in NO_NAME for each in parts for word in words(each)):
        return
    begins = len(parts) - 1
    while begins > 1 and fold(parts[begins - 1]) in PARTICLES:
        begins -= 1
    givens, surname = parts[:begins], parts[begins:]
    found.surnames |= {form for form in surname_forms(surname) if form and any(len(word) > 1 for word in form)}
    for number, each in enumerate(givens or surname):  # a name of one word may be either
        _take_given(found, words(each), Given.FURTHER if number else Given.FIRST, nicknames)


def _take_given(found: Called, parts: tuple[str, ...], how: Given, nicknames: Nicknames) -> None:
    for word in {*parts, "".join(parts)}:
        if len(word) > 1:
            found.add_given(word, how)
            for familiar in nicknames.of(word):
                found.add_given(familiar, Given.FAMILIAR)
    for part in parts:
        found.add_given(part[0], Given.INITIAL)
    found.add_given("".join(part[0] for part in parts), Given.INITIAL)
