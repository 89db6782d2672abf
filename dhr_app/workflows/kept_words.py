"""Words that may name somebody protected, kept on purpose: what a person answers, and what they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.spelling import fold

# Why words are kept, as the form offers it; only “other” needs words of its own.
WHY_KEPT = {
    "public": "The name is public already",
    "another_person": "It is another person",
    "place_or_agency": "It is a place or an agency",
    "everyday_word": "It is a word of everyday English",
    "other": "Another reason",
}
OTHER = "other"


@dataclass(frozen=True)
class Keeping:
    """One answer: these words stay, for this reason. `note` says more where the reason is “other”."""

    words: frozenset[str]
    reason: str
    note: str = ""

    @classmethod
    def of(cls, words: Iterable[str], reason: str, note: str = "") -> Keeping:
        """An answer about words as they were typed."""
        return cls(frozenset(map(fold, words)), reason, note.strip())

    @property
    def fault(self) -> str:
        """What is missing in the answer; empty where nothing is."""
        if self.reason not in WHY_KEPT:
            return "Choose why you keep these words."
        if self.reason == OTHER and not self.note:
            return "Say in your own words why you keep these words."
        return ""

    def covers(self, words: str) -> bool:
        """Whether the answer is about these words."""
        return fold(words) in self.words


@dataclass(frozen=True)
class Asked:
    """A text that is held back until somebody says of these words that they stay: the person’s own, as typed."""

    place: str
    text: str
    words: tuple[str, ...]
    fault: str = ""

    @property
    def sentence(self) -> str:
        """What the form says beside the box. It says nothing of whose name it would be, nor of what sort it is."""
        quoted = [f"‘{words}’" for words in self.words]
        listed = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
        stand = "stands" if len(quoted) == 1 else "stand"
        return (
            f"This text may name somebody who is protected: {listed} {stand} in it. "
            "Take it out, or say below why it is kept."
        )


class MayNameSomebody(Invalid):
    """A clear text may name somebody protected: nothing was saved. Review and `kinds` (codes) are for the trail."""

    def __init__(self, asked: Sequence[Asked], *, review_id: UUID, kinds: Sequence[str]) -> None:
        super().__init__({each.place.rpartition(".")[2]: each.sentence for each in asked})
        self.asked, self.review_id, self.kinds = tuple(asked), review_id, tuple(kinds)
