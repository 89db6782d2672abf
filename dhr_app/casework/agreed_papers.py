"""What an approval is about: exactly the current version of each of the three papers, as it was on file that day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dhr_app.casework.paper_rests import named
from dhr_app.database.models.paper import Paper
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.record_wording import PAPER_KINDS


def not_on_file(papers: Mapping[str, Paper]) -> str:
    """Which of the three papers are not on file, as a sentence; empty where all are."""
    missing = [label.lower() for kind, label in PAPER_KINDS.items() if kind not in papers]
    if not missing:
        return ""
    return f"Still to be put on file: {', '.join(missing)}. An approval names the exact version of each of the papers."


def later_than(papers: Mapping[str, Paper], day: date) -> str:
    """The sentence that a paper came only after this day, so that nobody can have agreed it then; empty otherwise."""
    for kind in PAPER_KINDS:
        if kind in papers and papers[kind].added_on > day:
            paper = papers[kind]
            return (
                f"The {named(kind, paper.number)}, came only on {in_words(paper.added_on)}: "
                f"it cannot have been agreed on {in_words(day)}."
            )
    return ""
