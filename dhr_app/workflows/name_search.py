"""Whether a person on record is the one somebody looks for, and why: by name, birth, address or number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from dhr_app.workflows.spelling import Nicknames, fold, likeness, sounds, words

SHORTEST, LONGEST = 2, 100  # letters and figures looked for
ALIKE = 0.92
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
BY_FIGURES = re.compile(r"(\d{1,2})\s*[./ -]\s*(\d{1,2})\s*[./ -]\s*(\d{4})")
BY_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
BY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9}),? (\d{4})")


class How(StrEnum):
    """Why somebody was found, the surest reason first."""

    EXACT = "exact"
    BORN = "born"
    NUMBER = "number"
    BEGINS = "begins"
    FAMILIAR = "familiar"
    PART = "part"
    ADDRESS = "address"
    SOUNDS = "sounds"

    @property
    def rank(self) -> int:
        """0 for the surest."""
        return RANKS[self]

    @property
    def label(self) -> str:
        """The reason on screen, after the name of what was compared."""
        return LABELS[self]


LABELS = {
    How.EXACT:    "the same",
    How.BORN:     "this day",
    How.NUMBER:   "this number",
    How.BEGINS:   "begins like this",
    How.FAMILIAR: "a familiar form of it",
    How.PART:     "holds these letters",
    How.ADDRESS:  "holds these words",
    How.SOUNDS:   "sounds or is spelled alike",
}  # fmt: skip
RANKS = {how: rank for rank, how in enumerate(How)}

# What was compared, by the field of a record.
COMPARED = {
    "name":            "Name",
    "other_names":     "Other names",
    "born_on":         "Date of birth",
    "address":         "Address",
    "crime_number":    "Crime number",
}  # fmt: skip


class NothingToLookFor(ValueError):
    """What was typed cannot be looked for; the message says how to put it right."""


@dataclass(repr=False)  # printed anywhere, it does not show what was looked for
class Sought:
    """What somebody looks for. Each word of it is compared with a word only once, however many people bear it."""

    text: str
    nicknames: Nicknames
    day: str = ""
    _words: tuple[str, ...] = ()
    _seen: dict[str, dict[str, How | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises NothingToLookFor."""
        if len(self.text) > LONGEST:
            raise NothingToLookFor(f"Use {LONGEST} characters or fewer.")
        self._words = words(self.text)
        if not self._words:
            raise NothingToLookFor("Enter a name, an address, a date of birth or a crime number.")
        if len("".join(self._words)) < SHORTEST:
            raise NothingToLookFor(f"Enter at least {SHORTEST} letters or figures.")
        self.day = day_in(self.text)
        self._seen = {each: {} for each in self._words}
        self._whole = "".join(self._words)
        self._has_figure = any(sign.isdigit() for sign in self._whole)

    def in_name(self, name: str | None) -> How | None:
        """How a name is like the one looked for: every word looked for must be like one of its words."""
        if not name or self.day:
            return None
        borne = words(name)
        found = [self._best(each, borne) for each in self._words]
        if borne and None not in found:
            return max((how for how in found if how), key=lambda how: how.rank)
        part = len(self._whole) > SHORTEST and self._whole in "".join(borne)
        return How.PART if part else None

    def in_address(self, address: str | None) -> How | None:
        """Whether these words stand in an address; with a figure (a postcode), also written without its spaces."""
        if not address or self.day or len(self._whole) <= SHORTEST:
            return None
        folded = fold(address)
        stands = f" {' '.join(self._words)} " in f" {folded} "
        compact = self._has_figure and len(self._whole) > 4 and self._whole in folded.replace(" ", "")
        return How.ADDRESS if stands or compact else None

    def in_birth(self, born_on: str | None) -> How | None:
        """Whether this is the very day."""
        return How.BORN if self.day and born_on == self.day else None

    def in_number(self, number: str | None) -> How | None:
        """Whether this is the number, however its parts are written."""
        same = number and self._has_figure and len(self._whole) > SHORTEST and "".join(words(number)) == self._whole
        return How.NUMBER if same else None

    def _best(self, sought: str, borne: Iterable[str]) -> How | None:
        seen, best = self._seen[sought], None
        for word in borne:
            if word not in seen:
                seen[word] = self._alike(sought, word)
            how = seen[word]
            if how is not None and (best is None or how.rank < best.rank):
                best = how
        return best

    def _alike(self, sought: str, word: str) -> How | None:
        if sought == word:
            return How.EXACT
        if word.startswith(sought) or (len(word) == 1 and sought.startswith(word)):
            return How.BEGINS
        if word in self.nicknames.of(sought):
            return How.FAMILIAR
        if min(len(sought), len(word)) > SHORTEST:
            same_sound = sounds(sought) == sounds(word) != ""
            if same_sound or (sought[0] == word[0] and likeness(sought, word) >= ALIKE):
                return How.SOUNDS
        return None


def day_in(text: str) -> str:
    """The day that a text is, as 1980-06-03, or an empty text: 3/6/1980, 3 June 1980, 3rd of June 1980, 1980-06-03."""
    plain = " ".join(text.casefold().split())
    if found := BY_ISO.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := BY_FIGURES.fullmatch(plain):
        day, month, year = (int(part) for part in found.groups())
    elif found := BY_MONTH.fullmatch(plain):
        named = [number for number, month in enumerate(MONTHS, start=1) if month.startswith(found[2])]
        day, month, year = int(found[1]), named[0] if named else 0, int(found[3])
    else:
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
