"""How often a page asks the database."""

from __future__ import annotations

from collections.abc import Callable

from dhr_app.casework.bench.counting import count_queries
from dhr_app.casework.house import House


def asked_by(house: House, look: Callable[[], object]) -> int:
    """How many statements it takes to look, once whatever is asked only the first time is at hand."""
    look()
    with count_queries(house) as asked:
        look()
    return len(asked)
