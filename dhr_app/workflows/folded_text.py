"""A text in folded words, for comparing, with the place of each in what was typed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from dhr_app.workflows.spelling import PLAIN, SILENT


class _Folding(dict[int, str]):
    """How each sign is folded: small, without marks; signs that are not seen go, dashes part words as spaces do."""

    def __missing__(self, code: int) -> str:
        sign = chr(code).translate(SILENT)
        apart = unicodedata.normalize("NFKD", sign.casefold())
        plain = "".join(each for each in apart if not unicodedata.combining(each)).translate(SILENT).translate(PLAIN)
        if sign and (unicodedata.category(sign) == "Pd" or sign == "_" or (sign.isspace() and sign != "\n")):
            plain = " "
        self[code] = plain
        return plain


_FOLDING = _Folding()
_WORD = re.compile(r"[^\W_]+")
_LETTER, _LETTERS = r"[^\W\d_]", r"[^\W\d_]+"
# One word written in parts: “Tick-ler”, or letter by letter with spaces, full stops or dashes between.
_IN_PARTS = re.compile(
    rf"(?<!\w)(?:{_LETTERS}(?:[-\u2010-\u2014]{_LETTERS})+|{_LETTER}(?:[ .\u2010-\u2014-]{{1,2}}{_LETTER}(?!\w)){{2,}})"
)


@dataclass
class FoldedText:
    """What was typed, and the same folded sign by sign: no sign depends on its neighbours, so each finds its place."""

    typed: str

    @cached_property
    def folded(self) -> str:
        """The whole text folded."""
        return self.typed.translate(_FOLDING)

    @cached_property
    def words(self) -> list[str]:
        """Its folded words, in their order."""
        return _WORD.findall(self.folded)

    @cached_property
    def in_parts(self) -> list[tuple[int, int, str]]:
        """What may be one word written in parts: where it stands in what was typed, and the word folded."""
        return [
            (each.start(), each.end(), "".join(_WORD.findall(each[0].translate(_FOLDING))))
            for each in _IN_PARTS.finditer(self.typed)
        ]

    @cached_property
    def _starts(self) -> list[int]:
        return [each.start() for each in _WORD.finditer(self.folded)]

    @cached_property
    def _stretches(self) -> list[tuple[int, int, bool]]:
        """Where stretches begin in the folded and in the typed text; `one` where many folded signs are one typed sign.

        A stretch ends at a sign that went, or became several: most texts have a few, and many have none.
        """
        found, folded, typed = [(0, 0, False)], 0, 0
        odd = "".join(sign for sign in set(self.typed) if len(_FOLDING[ord(sign)]) != 1)
        for sign in re.finditer(f"[{re.escape(odd)}]", self.typed) if odd else ():
            folded += sign.start() - typed
            found.append((folded, sign.start(), True))
            folded, typed = folded + len(_FOLDING[ord(sign[0])]), sign.end()
            found.append((folded, typed, False))
        return found

    def _place(self, folded: int) -> int:
        """Where a sign of the folded text stands in the typed one."""
        begins, typed, one = self._stretches[bisect_right(self._stretches, folded, key=itemgetter(0)) - 1]
        return typed if one else typed + folded - begins

    def reach(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from one number to another stand in the folded text."""
        return self._starts[first], self._starts[last] + len(self.words[last])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text stands in the typed one."""
        return self._place(start), self._place(end - 1) + 1

    def span_of(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from one number to another stand in what was typed."""
        return self.span(*self.reach(first, last))

    def typed_as(self, number: int) -> str:
        """One word as it was typed."""
        start, end = self.span_of(number, number)
        return self.typed[start:end]

    def joined(self, one: int, other: int, *, comma: bool = False) -> bool:
        """Whether two words belong together: only spaces, a full stop after initials or (`comma`) a comma between."""
        between = "".join(self.folded[self.reach(one, one)[1] : self._starts[other]].split())
        return between in ("", ".") or (comma and between in (",", ".,"))
