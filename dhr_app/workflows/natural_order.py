"""Numbers as reports print them, put into the order in which people count: 9 before 10, 8.9 before 8.10."""

from __future__ import annotations

import re

WIDTH = 10


def sorts_as(number: str) -> str:
    """A text that sorts where the number belongs: its figures padded, its letters small, no dot at the end.

    Two numbers that a reader would take for the same (“4”, “04.”) sort as the same.
    """
    plain = "".join(number.split()).casefold().rstrip(".")
    return re.sub(r"[0-9]+", lambda figures: figures[0].lstrip("0").zfill(WIDTH), plain)
