"""What is going on in this thread's request or job: the verb in progress, by whom, and what it has opened so far."""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID


class Actor(Protocol):
    """Whoever does something: a signed-in person, or the clockwork with a named purpose."""

    @property
    def id(self) -> UUID | None:
        """The account, or None for the clockwork."""
        ...

    @property
    def name(self) -> str:
        """The name at this moment, or the clockwork's purpose."""
        ...


class Opening(NamedTuple):
    """One sealed value that was opened, by its place; never by its content."""

    review_id: UUID
    data_class: str
    table: str
    row: str
    field: str


class OpeningFor(NamedTuple):
    """An opening for a purpose of the program inside somebody's verb: not the person looked, but the program did."""

    review_id: UUID
    data_class: str
    table: str
    row: str
    field: str
    purpose: str


@dataclass(frozen=True)
class Via:
    """By which request a verb came, as the log calls it, and in which sign-in: so that one act is told from another."""

    request: str
    sign_in: UUID | None = None

    @property
    def told(self) -> dict[str, str]:
        """As an entry's body tells it: the sign-in by the first 16 figures of the SHA-256 of its row's id."""
        if self.sign_in is None:
            return {"request": self.request}
        return {"request": self.request, "sign_in": hashlib.sha256(str(self.sign_in).encode()).hexdigest()[:16]}


@dataclass
class Verb:
    """One thing being done: who does it, when, and the sealed values opened on the way; by a request or by none."""

    by: Actor
    at: datetime
    openings: set[Opening | OpeningFor] = field(default_factory=set)
    via: Via | None = None
    _events: int = 0

    def count_event(self) -> int:
        """The number of the next event recorded, from 1."""
        self._events += 1
        return self._events


current_via: ContextVar[Via | None] = ContextVar("current_via", default=None)
current_verb: ContextVar[Verb | None] = ContextVar("current_verb", default=None)
