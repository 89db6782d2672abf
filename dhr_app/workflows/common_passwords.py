"""Passwords that whoever guesses tries first: words of a list, dressed up with figures, repeated, typed in a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dhr_app.workflows.mappings import Reader

FEWEST_CHARACTERS = 5
SHORTEST_RUN = 3
ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890", "1qaz2wsx3edc4rfv5tgb6yhn")
_RUNS = ROWS + tuple(row[::-1] for row in ROWS)
_LOOKALIKES = str.maketrans("013457@$!", "oieastasi")


@dataclass(frozen=True)
class CommonPasswords:
    """Words that many people choose, folded: small letters, no spaces, letters for the figures that look like them."""

    words: frozenset[str]

    @classmethod
    def from_toml(cls, data: Mapping[str, object]) -> CommonPasswords:
        """The words of a parsed common_passwords.toml. Raises ValueError with one message that names every fault."""
        read = Reader(data)
        words = read.text("words").split()
        read.finish()
        if read.faults:
            raise ValueError("; ".join(read.faults))
        return cls(_folded(words))

    def with_more(self, lines: Iterable[str]) -> CommonPasswords:
        """With those of a longer list, one in each line."""
        return CommonPasswords(self.words | _folded(lines))

    def hold(self, password: str) -> bool:
        """Whether the password is one of them, or no more than one or two of them dressed up."""
        plain = "".join(password.casefold().split())
        bare = plain.strip("".join(each for each in plain if not each.isalpha()))
        return (
            len(set(plain)) < FEWEST_CHARACTERS
            or not bare
            or plain in (plain + plain)[1:-1]
            or _typed_in_a_row(plain)
            or any(self._made_of(each.translate(_LOOKALIKES)) for each in (plain, bare))
        )

    def _made_of(self, folded: str) -> bool:
        pairs = ((folded[:cut], folded[cut:]) for cut in range(1, len(folded)))
        return folded in self.words or any(one in self.words and other in self.words for one, other in pairs)


def _folded(words: Iterable[str]) -> frozenset[str]:
    found = ("".join(word.casefold().split()).translate(_LOOKALIKES) for word in words)
    return frozenset(word for word in found if word)


def _typed_in_a_row(plain: str) -> bool:
    """Whether it is nothing but runs of neighbours, in the alphabet, in the figures or on the keyboard."""
    rest = plain
    while rest:
        run = max((_run(rest, row) for row in _RUNS), default=0)
        if run < min(SHORTEST_RUN, len(rest)):
            return False
        rest = rest[run:]
    return True


def _run(rest: str, row: str) -> int:
    """How many of its first characters stand in this row as they do there."""
    length = 0
    while length < len(rest) and rest[: length + 1] in row:
        length += 1
    return length
