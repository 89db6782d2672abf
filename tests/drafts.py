"""Drafts for tests: handed in by the verb that people use, with real bytes; and a store whose disk is full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from dhr_app.adapters.store import Lying, Part, Store, StoreFull
from dhr_app.casework import draft, files
from dhr_app.casework.draft import DraftEntry
from dhr_app.database.models import Draft
from dhr_app.workflows.permissions import Person
from tests import documents

if TYPE_CHECKING:
    from tests.reviews import Case


def hand_in(
    case: Case,
    by: Person,
    *,
    kind: str = "overview_report",
    name: str = "report.docx",
    data: bytes = b"",
    note: str = "",
    shared: bool = False,
    title: str = "",
) -> int:
    """Hand a file in, another Word file each time unless it is said which; returns its number."""
    at = case.wait(minutes=1)
    arrived = files.arrived(name, data or documents.word(f"Of {at.isoformat()}"))
    return draft.hand_in(case.reference, DraftEntry(kind, note, shared, title), arrived, by=by, at=at).number


def version(case: Case, number: int, kind: str = "overview_report", series: int = 0) -> Draft:
    """The row of a version; `series` says of which of the other documents."""
    wanted = (kind, series or int(kind == "other"), number)
    return next(row for row in case.rows(Draft) if (row.kind, row.series, row.number) == wanted)


def read(case: Case, number: int, by: Person, kind: str = "overview_report") -> bytes:
    """Take a version out and read it to its end."""
    at = case.wait(minutes=1)
    return b"".join(draft.take_out(case.reference, version(case, number, kind).id, by=by, at=at).content)


def later(case: Case, days: int) -> None:
    """Let days pass."""
    case.at += timedelta(days=days)


@dataclass
class FullStore:
    """A store whose disk is full at the nth write, counted over all its parts."""

    store: Store
    room_for: int

    def begin(self, name: UUID) -> Part:
        """A part of the store behind it."""
        return FullPart(self, self.store.begin(name))

    def open(self, name: UUID) -> BinaryIO:
        """An object."""
        return self.store.open(name)

    def remove(self, name: UUID) -> None:
        """Remove it."""
        self.store.remove(name)

    def remove_part(self, name: str) -> None:
        """Remove it."""
        self.store.remove_part(name)

    def objects(self) -> Iterator[Lying]:
        """Every object."""
        return self.store.objects()

    def parts(self) -> Iterator[Lying]:
        """Every part."""
        return self.store.parts()


@dataclass
class FullPart:
    """A part on that disk."""

    disk: FullStore
    part: Part

    def write(self, data: bytes) -> None:
        """Write, as long as there is room."""
        self._take()
        self.part.write(data)

    def read_back(self) -> BinaryIO:
        """What is there."""
        return self.part.read_back()

    def keep(self) -> None:
        """Keep it, as long as there is room for its name."""
        self._take()
        self.part.keep()

    def throw_away(self) -> None:
        """Leave nothing."""
        self.part.throw_away()

    def _take(self) -> None:
        if not self.disk.room_for:
            raise StoreFull("There is no room left in the store.")
        self.disk.room_for -= 1
