"""The records that a search compares: people, family and notifications of many reviews, each opened as it is read.

What is kept apart is not among them: a search opens many reviews at once, and that is opened one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select

from dhr_app.casework.people import label_of
from dhr_app.casework.search_reach import InReach
from dhr_app.database.errors import SealError
from dhr_app.database.keyring import Keyring
from dhr_app.database.models.notification import Notification
from dhr_app.database.models.people import FamilyMember, InvolvedPerson
from dhr_app.database.scanning import Scanner, as_stored
from dhr_app.database.session import NamedSession


class Record(NamedTuple):
    """Somebody on record, opened: on which page they stand, and every text that one may be found by.

    A plain tuple, since ten thousand are made for one search, of which a few are shown.
    """

    page: str
    row_id: UUID
    review_id: UUID
    part: str
    number: int
    name: str = ""
    other_names: str = ""
    born_on: str = ""
    address: str = ""
    crime_number: str = ""

    @property
    def anchor(self) -> str:
        """Where on the page they stand."""
        return {"people": f"person-{self.row_id}", "family": f"member-{self.number}"}.get(self.page, "")

    def label(self, criminal_state: str) -> str:
        """What they are called where names have no place."""
        if self.page == "people":
            return label_of(self.part, self.number, criminal_state=criminal_state)
        return f"Family member {self.number}" if self.page == "family" else "Notification"


@dataclass
class Reading:
    """Opens the records of these reviews one after another; `unreadable` names the reviews where one could not be."""

    session: NamedSession
    reviews: dict[UUID, InReach]
    keyring: Keyring

    def __post_init__(self) -> None:
        self.unreadable: set[UUID] = set()

    def records(self) -> Iterator[Record]:
        """Everybody on record, in three questions whatever the number of reviews."""
        yield from self._people()
        yield from self._family()
        yield from self._notifications()

    def _people(self) -> Iterator[Record]:
        p = InvolvedPerson
        sealed = [as_stored(each) for each in (p.full_name_ct, p.other_names_ct, p.born_on_ct, p.address_ct)]
        rows = (
            select(p.id, p.review_id, p.part, p.number, *sealed)
            .where(p.review_id.in_(self.reviews), p.removed_on.is_(None))
            .order_by(p.review_id, p.part, p.number)
        )
        open_name, open_others, open_born, open_address = (
            Scanner(p, name, self.keyring).open for name in ("full_name", "other_names", "born_on", "address")
        )
        for row_id, review_id, part, number, name, others, born, address in self.session.execute(rows):
            try:
                opened = (
                    open_name(row_id, review_id, name) or "",
                    open_others(row_id, review_id, others) or "",
                    open_born(row_id, review_id, born) or "",
                    open_address(row_id, review_id, address) or "",
                )
            except SealError:
                self.unreadable.add(review_id)
                continue
            yield Record("people", row_id, review_id, part, number, *opened)

    def _family(self) -> Iterator[Record]:
        f = FamilyMember
        rows = (
            select(f.id, f.review_id, f.number, as_stored(f.full_name_ct))
            .where(f.review_id.in_([each.id for each in self.reviews.values() if each.family]))
            .order_by(f.review_id, f.number)
        )
        open_name = Scanner(f, "full_name", self.keyring).open
        yield from self._each(
            self.session.execute(rows),
            lambda row: Record(
                "family",
                row.id,
                row.review_id,
                "",
                row.number,
                open_name(row.id, row.review_id, row.full_name_ct) or "",
            ),
        )

    def _notifications(self) -> Iterator[Record]:
        n = Notification
        rows = (
            select(n.id, n.review_id, as_stored(n.crime_number_ct))
            .where(n.review_id.in_(self.reviews), n.crime_number_ct.is_not(None))
            .order_by(n.review_id)
        )
        open_number = Scanner(n, "crime_number", self.keyring).open
        yield from self._each(
            self.session.execute(rows),
            lambda row: Record(
                "notification",
                row.id,
                row.review_id,
                "",
                0,
                crime_number=open_number(row.id, row.review_id, row.crime_number_ct) or "",
            ),
        )

    def _each(self, rows: Iterable[Row[Any]], record: Callable[[Row[Any]], Record]) -> Iterator[Record]:
        for row in rows:
            try:
                yield record(row)
            except SealError:
                self.unreadable.add(row.review_id)
