"""Addresses, telephone numbers and reference numbers, and the ways in which the same one may be written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dhr_app.workflows.spelling import words

# A place in an address: each set holds the words that may stand there.
Form = tuple[frozenset[str], ...]


class Number(NamedTuple):
    """A number to look for. Whatever the pattern finds holds these `signs` once it is squeezed()."""

    pattern: str
    signs: str


SHORTENED = {
    full: frozenset((full, *short.split()))
    for full, short in {
        "street": "st str", "road": "rd", "avenue": "ave av", "close": "cl", "lane": "ln", "drive": "dr drv",
        "court": "ct crt", "crescent": "cres cr", "gardens": "gdns gdn", "garden": "gdn", "grove": "gr grv",
        "place": "pl", "square": "sq", "terrace": "ter terr tce", "house": "hse", "parade": "pde", "park": "pk",
        "buildings": "bldgs", "cottages": "cotts", "cottage": "cott", "mount": "mt", "saint": "st", "green": "gn",
        "way": "wy", "hill": "hl", "walk": "wlk", "rise": "", "row": "", "mews": "", "view": "", "vale": "",
    }.items()
}  # fmt: skip
IN_FULL = {short: full for full, both in SHORTENED.items() for short in both if short != full}
SHORTEST_NUMBER = 5  # letters and figures; below, half the texts of a county would hold it

_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b", re.IGNORECASE)
_TELEPHONE = re.compile(r"(?<![\w+])(?:\+|\(?0)[\d\s()./-]{8,}\d")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_APART = re.compile(r"[,;\n]")
_BETWEEN = r"[\s()./]*"
_SAYS_WHAT = re.compile(r"[,;\n]|\b(?:and|or|no|number|ref|reference|crime|urn|cad|nhs|pnc)\b\.?:?", re.IGNORECASE)


def address_forms(address: str) -> Iterator[Form]:
    """Its postcode; its house number with the street; else the house’s name with what stands after it."""
    for outward, inward in _POSTCODE.findall(address):
        one, two = outward.lower(), inward.lower()
        yield (frozenset((one,)), frozenset((two,)))
        yield (frozenset((one + two,)),)
    parts = [words(part) for part in _APART.split(_POSTCODE.sub(" ", address))]
    parts = [part for part in parts if part]
    streets = [form for part in parts for form in _streets(part)]
    yield from streets
    if not streets and len(parts) > 1 and len(parts[0]) + len(parts[1]) > 2:
        yield tuple(map(_or_shortened, (*parts[0], *parts[1])))


def _streets(part: tuple[str, ...]) -> Iterator[Form]:
    """A part with house numbers: each with the words of the street, up to the one that says that it is a street."""
    for place, word in enumerate(part):
        street = _street(part[place + 1 :])
        if word[0].isdigit() and street:
            yield (frozenset((word,)), *map(_or_shortened, street))
            if not word.isdigit():  # 14a, 14 a
                number = "".join(sign for sign in word if sign.isdigit())
                yield (frozenset((number,)), frozenset((word[len(number) :],)), *map(_or_shortened, street))


def _street(after: tuple[str, ...]) -> tuple[str, ...]:
    while after and (after[0][0].isdigit() or len(after[0]) == 1):  # 14 a, 14-16
        after = after[1:]
    for place, word in enumerate(after):
        if place and (word in SHORTENED or word in IN_FULL):
            return after[: place + 1]
    return after[:2]


def _or_shortened(word: str) -> frozenset[str]:
    full = IN_FULL.get(word, word)
    return SHORTENED.get(full, frozenset((word,))) | {word}


def squeezed(folded: str) -> str:
    """A folded text without what may stand between the signs of a number."""
    return re.sub(_BETWEEN, "", folded)


def number_patterns(text: str) -> Iterator[Number]:
    """Patterns for the identifying numbers of a text, blind to spaces, strokes and full stops between the signs."""
    for part in _SAYS_WHAT.split(text):
        signs = "".join(words(part))
        if len(signs) >= SHORTEST_NUMBER and sum(sign.isdigit() for sign in signs) * 2 >= len(signs):
            yield Number(_spaced(signs), signs)


def contact_patterns(text: str) -> Iterator[Number]:
    """Patterns for the telephone numbers and mail addresses among somebody’s contact details."""
    for found in _TELEPHONE.findall(text):
        figures = "".join(sign for sign in found if sign.isdigit())
        national = re.sub(r"^(?:0044|44)?0?", "", figures)
        yield Number(rf"(?:(?:\+\s?|00)?44{_BETWEEN}0?|\(?0){_BETWEEN}{_spaced(national)}", national)
    for found in _MAIL.findall(text):
        mail = found.casefold().replace("-", " ").replace("_", " ")
        yield Number(re.escape(mail).replace(r"\ ", r"\s"), squeezed(mail))


def _spaced(signs: str) -> str:
    return _BETWEEN.join(map(re.escape, signs))
