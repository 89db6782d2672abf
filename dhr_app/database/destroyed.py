"""What a page shows in place of records that were destroyed on purpose: asked for where a value cannot be opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy.orm import object_session

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


def was_disposed_of(row: object, domain: Domain) -> bool:
    """Whether a disposal on record, in the database that the row was read from, destroyed what this key sealed."""
    # Not at the top: the models of disposal are made of sealed values themselves.
    from dhr_app.database.endings import endings  # noqa: PLC0415 - see above

    session = object_session(row)
    if session is None:
        return False
    with session.no_autoflush:
        return domain in endings(session, domain.review_id)
