"""Whether a word that is also an English word is meant as a name: its capital says so, where capitals say anything."""

from __future__ import annotations

from enum import IntEnum

from dhr_app.workflows.common_words import COMMON, MONTHS, listed
from dhr_app.workflows.folded_text import FoldedText
from dhr_app.workflows.name_forms import TITLES

SHORT = 3  # letters; a shorter word is too often something else
_BEFORE_A_MONTH = listed(
    "in by since of from until till during early late mid end before after between and to this last next every each "
    "through throughout for on"
)
_BEGINS_A_SENTENCE = ".!?:;\n-–—•·/)"


class Need(IntEnum):
    """What must be seen before words are taken for a name: nothing, their capitals, or a capital in mid-sentence."""

    NOTHING, CAPITALS, IN_A_SENTENCE = 0, 1, 2


def is_common(word: str) -> bool:
    """Whether a folded word means something else as well."""
    return len(word) < SHORT or word in COMMON or word.removesuffix("s") in COMMON


def says_a_name(text: FoldedText, first: int, last: int, need: Need) -> bool:
    """Whether the tokens from the first to the last show what is needed. A title or a possessor’s ’s is as good."""
    if need is Need.NOTHING:
        return True
    if not all(text.typed_as(each)[0].isupper() for each in range(first, last + 1)):
        return False
    if need is Need.CAPITALS or (first and text.words[first - 1] in TITLES):
        return True
    if _shouted(text, first, last) or _is_a_month(text, first):
        return False
    return _possesses(text, last) or _within_a_sentence(text, first)


def _within_a_sentence(text: FoldedText, first: int) -> bool:
    before = text.typed[: text.span_of(first, first)[0]].rstrip(" \t\"'‘’“(*_")
    return bool(before) and before[-1] not in _BEGINS_A_SENTENCE


def _possesses(text: FoldedText, last: int) -> bool:
    start, end = text.span_of(last, last)
    return any(sign in "'’" for sign in text.typed[start : end + 1])


def _shouted(text: FoldedText, first: int, last: int) -> bool:
    """Whether it stands among words in capitals, which then say nothing."""
    typed = text.typed_as(first)
    beside = [text.typed_as(each) for each in (first - 1, last + 1) if 0 <= each < len(text.words)]
    return len(typed) > 1 and typed.isupper() and any(len(each) > 1 and each.isupper() for each in beside)


def _is_a_month(text: FoldedText, first: int) -> bool:
    if text.words[first].removesuffix("s") not in MONTHS:
        return False
    before = text.words[first - 1] if first else ""
    after = text.words[first + 1] if first + 1 < len(text.words) else ""
    return before in _BEFORE_A_MONTH or before[:1].isdigit() or after[:1].isdigit()
