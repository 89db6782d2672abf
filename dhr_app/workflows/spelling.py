"""How names are compared: spelled alike, sounding alike, or one a familiar form of the other; never how they are kept.

Nothing here changes what anybody typed. Two texts are folded to the same plain letters, and what is left is compared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

# Letters that Unicode takes for letters of their own, as English keyboards write them.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "ng"}
)
# An apostrophe stands within a word and goes; every other sign, a hyphen too, stands between words and parts them.
APOSTROPHES = "'’‘`\u00b4\u02bc\u02bb\u02b9\u2032"
SILENT = str.maketrans(dict.fromkeys([*APOSTROPHES, "\u00ad", "\u200b", "\u200c", "\u200d", "\u2060"], ""))
# What fold() makes of every ASCII sign: most names need nothing else, and it is many times quicker.
OF_ASCII = str.maketrans(
    {sign: "" if sign in APOSTROPHES else sign.lower() if sign.isalnum() else " " for sign in map(chr, range(128))}
)


def fold(text: str) -> str:
    """Small letters and figures without marks, words parted by one space: “O’Brien-Łuczak” is “obrien luczak”."""
    if text.isascii():
        return " ".join(text.translate(OF_ASCII).split())
    plain = text.translate(SILENT)
    if not plain.isascii():
        split = unicodedata.normalize("NFKD", plain.casefold())
        plain = "".join(sign for sign in split if not unicodedata.combining(sign)).translate(SILENT).translate(PLAIN)
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain.casefold()).split())


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, in their order."""
    return tuple(fold(text).split())


@lru_cache(maxsize=4096)
def sounds(word: str) -> str:
    """How a word sounds in English (metaphone); “Smythe” and “Smith” sound the same. Empty where nothing sounds."""
    from jellyfish import metaphone  # noqa: PLC0415 - nothing but a comparison of names pays for it

    return metaphone("".join(sign for sign in fold(word) if sign.isalpha()))


def likeness(one: str, other: str) -> float:
    """How much two spellings are alike, from 0 to 1 (Jaro-Winkler): 0.9 and more is a slip of the pen."""
    from jellyfish import jaro_winkler_similarity  # noqa: PLC0415

    return jaro_winkler_similarity(fold(one), fold(other))


@dataclass(frozen=True)
class Nicknames:
    """Which given names may stand for which others: “Bill” for “William”, “Alex” for “Alexander” or “Alexandra”."""

    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def from_toml(cls, parsed: Mapping[str, object]) -> Nicknames:
        """The table of a parsed nicknames.toml. Raises ValueError with one message that names every fault."""
        names = parsed.get("names")
        if not isinstance(names, Mapping):
            raise ValueError("it has no table [names]")
        faults, forms = [], dict[str, set[str]]()
        for full, familiar in names.items():
            if not isinstance(familiar, list) or not familiar:
                faults.append(f"“{full}” needs a list of the names that stand for it")
                continue
            strange = [str(name) for name in (full, *familiar) if not isinstance(name, str) or words(name) != (name,)]
            faults += [f"“{name}” must be one word in plain small letters" for name in strange]
            family = {full, *familiar} if not strange else set[str]()
            for name in family:
                forms.setdefault(name, set()).update(family - {name})
        if faults:
            raise ValueError("; ".join(faults))
        return cls({name: frozenset(others) for name, others in forms.items()})

    def of(self, word: str) -> frozenset[str]:
        """The other names that may stand for this one; none for a name that has no familiar form."""
        return self.forms.get(word, frozenset())
