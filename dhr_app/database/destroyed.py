"""What a page shows in place of records that were destroyed on purpose: asked for where a value cannot be opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from dhr_app.database.keystore import Domain
from dhr_app.workflows.destroyed import Destroyed

Saying = Callable[[Domain], Destroyed | None]
"""What is said of a key’s records: words where a disposal destroyed them, None where none did."""

_saying: ContextVar[Saying | None] = ContextVar("in_place_of_what_was_destroyed", default=None)


@contextmanager
def showing(saying: Saying | None) -> Iterator[None]:
    """Let a page show words in place of what was destroyed, until the block ends; without them it is an error."""
    token = _saying.set(saying)
    try:
        yield
    finally:
        _saying.reset(token)


def in_place_of(domain: Domain) -> Destroyed | None:
    """What the page in progress shows in place of a destroyed value; None where there is no page, or no disposal."""
    saying = _saying.get()
    return None if saying is None else saying(domain)
