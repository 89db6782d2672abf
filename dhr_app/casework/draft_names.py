"""What drafts are called: a paper by its kind, another document in clear by its number, sealed by its title."""

from __future__ import annotations

from collections.abc import Sequence

from dhr_app.database.models.draft import Draft
from dhr_app.workflows.record_wording import DRAFT_KINDS, PAPER_KINDS

LONGEST_TITLE = 120


def label(kind: str, series: int) -> str:
    """Which of the drafts it is: “overview report”, “other document 2”. Nothing of it is sealed."""
    words = DRAFT_KINDS[kind].lower()
    return words if kind in PAPER_KINDS else f"{words} {series}"


def named(kind: str, series: int, number: int) -> str:
    """What a version is called: “overview report, draft 2”. The papers on file are counted by themselves."""
    return f"{label(kind, series)}, draft {number}"


def title_of(typed: str, filename: str) -> str:
    """The title that another document goes by: what was typed, or else the name of its file without its ending."""
    return " ".join(typed.split()) or _stem(filename)


def told_the_panel(title: str, filename: str) -> str | None:
    """The title as the panel is told it: none where it is only the name of a file, which the panel is not told."""
    return title if title and title != _stem(filename) else None


def place(title: str, former: Sequence[Draft]) -> tuple[int, int]:
    """The series and the number of a next version. `former` are the versions of its kind so far, which are opened.

    With a title it goes on the series of the same title, whose letters may be large or small, or begins one.
    """
    if not title:
        return 0, len(former) + 1
    same = {row.series for row in former if (row.title or "").casefold() == title.casefold()}
    series = min(same) if same else max((row.series for row in former), default=0) + 1
    return series, sum(row.series == series for row in former) + 1


def _stem(filename: str) -> str:
    stem = filename.rpartition(".")[0] or filename
    return " ".join(stem.split())[:LONGEST_TITLE]
