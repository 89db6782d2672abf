"""What every written document is made of: a note on where it comes from, and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOTE = "<!-- Written by `dhr docs` from the rule book. Change the rules, then run `make docs`. -->"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table. A cell's own lines are kept apart by <br>, its bars escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def lines(items: Iterable[str]) -> str:
    """Several lines for one cell; a dash for none."""
    return "\n".join(items) or "–"


def pages(*parts: str) -> str:
    """The parts of a document one below the other, the note first."""
    return "\n\n".join((NOTE, *parts)) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")
