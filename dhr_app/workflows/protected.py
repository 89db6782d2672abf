"""The protected-name check: where a text names what a review protects, however it is spelled. It never says whose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from dhr_app.workflows.address_forms import Form, address_forms, contact_patterns, number_patterns
from dhr_app.workflows.capitals import Need, is_common, says_a_name
from dhr_app.workflows.day_spellings import days_in, is_the_day
from dhr_app.workflows.folded_text import FoldedText
from dhr_app.workflows.name_forms import Called, Given, called
from dhr_app.workflows.spelling import Nicknames, words


class Kind(StrEnum):
    """What sort of thing a text names."""

    NAME = "name"
    DATE = "date"
    ADDRESS = "address"
    NUMBER = "number"


class Hit(NamedTuple):
    """One place in a text. `words` are as typed; a name is `whole` where first name and surname stand together."""

    start: int
    end: int
    kind: Kind
    words: str
    whole: bool


@dataclass(frozen=True)
class Named:
    """A person whom the review protects, by the name on record and whatever else they are called."""

    full_name: str
    other_names: str = ""


@dataclass(frozen=True)
class Protected:
    """What a review protects, and what is no hit: staff and agencies (`known`), and its own public name.

    `numbers` are texts with identifying numbers in them, `contacts` somebody’s telephone, mail and address together.
    """

    people: tuple[Named, ...] = ()
    dates: tuple[date, ...] = ()
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    public_name: str = ""


class Signs(NamedTuple):
    """By what a watch may be called: first words of names and addresses, days with months, and squeezed numbers."""

    words: frozenset[str]
    days: frozenset[tuple[int, int]]
    numbers: frozenset[str]


class _Way(NamedTuple):
    """One way to write something: the words after its first, and whose name it is where it is a name."""

    rest: Form
    kind: Kind
    person: int = -1
    how: Given | None = None  # None for a surname, and for what is no name


class _Found(NamedTuple):
    """Tokens that may be a hit, and what has to be seen before they are one."""

    first: int
    last: int
    kind: Kind
    whole: bool
    need: Need


_Phrases = dict[str, list[Form]]  # what may follow the first word of each


class Watch:
    """What one review protects, made ready once and looked for in any number of texts."""

    def __init__(self, protected: Protected, nicknames: Nicknames) -> None:
        self._people: list[Called] = []
        self._ways: dict[str, list[_Way]] = {}
        self._dates = frozenset(protected.dates)
        for person in protected.people:
            self._add_person(called(person.full_name, person.other_names, nicknames))
        for address in (*protected.addresses, *protected.contacts):
            for form in address_forms(address):
                self._add(form, _Way(form[1:], Kind.ADDRESS))
        numbers = [
            *(each for text in protected.numbers for each in number_patterns(text)),
            *(each for text in protected.contacts for each in contact_patterns(text)),
        ]
        self._numbers = _either(*(each.pattern for each in numbers))
        self._signs = frozenset(each.signs for each in numbers)
        self._known_names, self._public_name = protected.known, protected.public_name

    @property
    def signs_of(self) -> Signs:
        """What a text must hold, some of it, for this watch to find anything there."""
        return Signs(frozenset(self._ways), frozenset((day.day, day.month) for day in self._dates), self._signs)

    def hits(self, text: str | FoldedText, *, is_public_name: bool = False) -> tuple[Hit, ...]:
        """Every place where a text names what is protected, in its order; none overlaps another.

        The review’s own public name is passed over. Where the text is to become that, each part of a name is a hit,
        whatever else the word means and whoever else is called so.
        """
        looked_at = FoldedText(text) if isinstance(text, str) else text
        told = [*self._days_and_numbers(looked_at), *self._in_parts(looked_at)]
        if not self._ways.keys().isdisjoint(looked_at.words):
            known, public = ({}, {}) if is_public_name else (self._known, self._public)
            told += [
                _hit(looked_at, *looked_at.reach(each.first, each.last), each)
                for each in self._found(looked_at, known, public)
                if is_public_name or says_a_name(looked_at, each.first, each.last, each.need)
            ]
        return tuple(_apart(told)) if told else ()

    @cached_property
    def _known(self) -> _Phrases:  # made once a text has a word of a name: of most watches no text ever does
        return _phrases(self._known_names)

    @cached_property
    def _public(self) -> _Phrases:
        return _phrases((self._public_name,))

    def _add_person(self, person: Called) -> None:
        number = len(self._people)
        self._people.append(person)
        for surname in sorted(person.surnames):
            form = _as_form(surname)
            self._add(form, _Way(form[1:], Kind.NAME, number))
        for given, how in sorted(person.givens.items()):
            if how is not Given.INITIAL:
                self._add(_as_form((given,)), _Way((), Kind.NAME, number, how))

    def _add(self, form: Form, way: _Way) -> None:
        for first in form[0]:
            self._ways.setdefault(first, []).append(way)

    def _days_and_numbers(self, text: FoldedText) -> Iterator[Hit]:
        if self._numbers is not None:
            for match in self._numbers.finditer(text.folded):
                yield _hit(text, match.start(), match.end(), _Found(0, 0, Kind.NUMBER, True, Need.NOTHING))
        for start, end, day, month, year in days_in(text.folded) if self._dates else ():
            if any(is_the_day(one, day, month, year) for one in self._dates):
                yield _hit(text, start, end, _Found(0, 0, Kind.DATE, True, Need.NOTHING))

    def _in_parts(self, text: FoldedText) -> Iterator[Hit]:
        for start, end, word in text.in_parts:
            if any(way.kind is Kind.NAME and not way.rest for way in self._ways.get(word, ())):
                yield Hit(start, end, Kind.NAME, text.typed[start:end], False)

    def _found(self, text: FoldedText, known_names: _Phrases, public_name: _Phrases) -> Iterator[_Found]:
        known, public = _covered(text, known_names), _covered(text, public_name)
        for place, word in enumerate(text.words):
            for way in self._ways.get(word, ()):
                last = _reaches(text, place, way.rest, commas=way.kind is Kind.ADDRESS)
                if last is None:
                    continue
                found = self._as_found(text, way, place, last)
                covered = range(found.first, found.last + 1)
                if way.kind is Kind.NAME and (
                    public.issuperset(covered) or (not found.whole and known.issuperset(covered))
                ):
                    continue
                yield found

    def _as_found(self, text: FoldedText, way: _Way, first: int, last: int) -> _Found:
        if way.kind is not Kind.NAME:
            return _Found(first, last, way.kind, True, Need.NOTHING)
        givens = self._people[way.person].givens
        if way.how is not None:
            return _given_alone(text, first, way.how, givens)
        return _surname(text, first, last, givens)


def _given_alone(text: FoldedText, first: int, how: Given, givens: dict[str, Given]) -> _Found:
    """A given name, with the further ones that follow it."""
    last = first
    while last + 1 < len(text.words) and text.joined(last, last + 1):
        if givens.get(text.words[last + 1], Given.INITIAL) is Given.INITIAL:
            break
        last += 1
    need = Need.CAPITALS if how is Given.FAMILIAR or last > first else Need.NOTHING
    if is_common(text.words[first]):
        need = Need.IN_A_SENTENCE if last == first else Need.CAPITALS
    return _Found(first, last, Kind.NAME, False, need)


def _surname(text: FoldedText, first: int, last: int, givens: dict[str, Given]) -> _Found:
    """A surname, with the given names and initials that stand before it, or after it in a list."""
    common = first == last and is_common(text.words[first])
    begins, ends, beside = first, last, list[int]()
    while begins and text.joined(begins - 1, begins) and _is_given(text, begins - 1, givens):
        begins -= 1
        beside.append(begins)
    if not beside:
        while ends + 1 < len(text.words) and text.joined(ends, ends + 1, comma=ends == last):
            if not _is_given(text, ends + 1, givens):
                break
            ends += 1
            beside.append(ends)
    hows = [givens[text.words[each]] for each in beside]
    unmistakable = any(
        how is not Given.INITIAL and not is_common(text.words[each]) for each, how in zip(beside, hows, strict=True)
    )
    if not beside:
        need = Need.IN_A_SENTENCE if common else Need.NOTHING
    else:
        need = Need.CAPITALS if common and not unmistakable else Need.NOTHING
    return _Found(begins, ends, Kind.NAME, Given.FIRST in hows, need)


def _is_given(text: FoldedText, number: int, givens: dict[str, Given]) -> bool:
    """Whether a token is a given name, or an initial written as one: “J”, “j.”, but not the word “a”."""
    how = givens.get(text.words[number])
    if how is not Given.INITIAL:
        return how is not None
    _, end = text.span_of(number, number)
    return text.typed_as(number).isupper() or text.typed[end : end + 1] == "."


def _hit(text: FoldedText, start: int, end: int, found: _Found) -> Hit:
    begins, ends = text.span(start, end)
    return Hit(begins, ends, found.kind, text.typed[begins:ends], found.whole)


def _either(*patterns: str) -> re.Pattern[str] | None:
    either = "|".join(sorted(set(patterns), key=lambda each: (-len(each), each)))
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])") if either else None


def _as_form(parts: tuple[str, ...]) -> Form:
    """The words of a name, the last of them also in the possessive and the plural."""
    last = parts[-1]
    return (*(frozenset((part,)) for part in parts[:-1]), frozenset((last, f"{last}s", f"{last}es")))


def _phrases(texts: Iterable[str]) -> _Phrases:
    """What may follow the first word of each of these."""
    found: _Phrases = {}
    for parts in filter(None, map(words, texts)):
        form = _as_form(parts)
        for first in form[0]:
            found.setdefault(first, []).append(form[1:])
    return found


def _covered(text: FoldedText, phrases: _Phrases) -> set[int]:
    """The tokens of a text that belong to one of these phrases."""
    found: set[int] = set()
    for place, word in enumerate(text.words) if phrases else ():
        for rest in phrases.get(word, ()):
            last = _reaches(text, place, rest, commas=True)
            if last is not None:
                found.update(range(place, last + 1))
    return found


def _reaches(text: FoldedText, place: int, rest: Form, *, commas: bool) -> int | None:
    """The last token where the words after this one are these, with nothing but spaces (or commas) between them."""
    if place + len(rest) >= len(text.words):
        return None
    for last, allowed in enumerate(rest, place + 1):
        if text.words[last] not in allowed or not text.joined(last - 1, last, comma=commas):
            return None
    return place + len(rest)


def _apart(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits in their order; of those that overlap the longest alone."""
    taken: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, not hit.whole, hit)):
        if all(hit.end <= one.start or one.end <= hit.start for one in taken):
            taken.append(hit)
    yield from sorted(taken)
