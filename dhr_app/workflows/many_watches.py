"""The watches of many reviews behind one index: a text is read once, and only the watches that it may concern look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dhr_app.workflows.address_forms import SHORTEST_NUMBER, squeezed
from dhr_app.workflows.day_spellings import days_in
from dhr_app.workflows.folded_text import FoldedText
from dhr_app.workflows.protected import Hit, Watch


class ManyWatches:
    """Watches by the reference of their review. What a text costs does not grow with how many reviews there are."""

    def __init__(self, watches: Mapping[str, Watch]) -> None:
        self._watches = dict(watches)
        self._by_word: dict[str, list[str]] = {}
        self._by_day: dict[tuple[int, int], list[str]] = {}
        self._by_number: dict[str, list[str]] = {}  # by how a number begins
        for reference, watch in self._watches.items():
            signs = watch.signs_of
            for word in signs.words:
                self._by_word.setdefault(word, []).append(reference)
            for day in signs.days:
                self._by_day.setdefault(day, []).append(reference)
            for number in signs.numbers:
                self._by_number.setdefault(number[:SHORTEST_NUMBER], []).append(reference)
        self._lengths = sorted({len(begins) for begins in self._by_number})

    def hits(self, text: str) -> dict[str, tuple[Hit, ...]]:
        """What each review protects in a text, in the order of references; without those of which it says nothing."""
        looked_at = FoldedText(text)
        called = sorted(set(self._called(looked_at)))
        found = {reference: self._watches[reference].hits(looked_at) for reference in called}
        return {reference: hits for reference, hits in found.items() if hits}

    def _called(self, text: FoldedText) -> Iterator[str]:
        for word in {*text.words, *(word for _, _, word in text.in_parts)}:
            yield from self._by_word.get(word, ())
        for _, _, day, month, _ in days_in(text.folded) if self._by_day else ():
            yield from self._by_day.get((day, month), ())
        signs = squeezed(text.folded) if self._by_number else ""
        for length in self._lengths:
            for begins in {signs[place : place + length] for place in range(len(signs) - length + 1)}:
                yield from self._by_number.get(begins, ())
