"""Reviews that somebody names by reference in one box, and those of them that a person may be told of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.begun import BEGUN
from dhr_app.casework.house import house
from dhr_app.casework.scene import Scene, changing_several
from dhr_app.database.keyring import announce
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.permissions import DataClass, Person, allows

NOT_THERE = "One of these is no reference of a review that you may open: check each, like DHR-2026-001."
REFERENCE = re.compile(r"[A-Z]{2,6}-\d{4}-\d{3,}")


@dataclass(frozen=True)
class About:
    """The reviews that something is about, of which a person may be told.

    `others` counts the rest: it decides what opens, and is shown nowhere. A number would tell somebody that there is
    a review which is closed to them (decisions 27 and 43).
    """

    references: tuple[str, ...]
    ids: tuple[UUID, ...]
    others: int

    @property
    def closed(self) -> bool:
        """Whether it is about reviews, and every one of them is closed to the person."""
        return not self.ids and self.others > 0

    @property
    def whole(self) -> bool:
        """Whether none of its reviews is closed to the person: its words are about all of them at once."""
        return not self.others


def references_in(text: str) -> tuple[str, ...]:
    """The references typed into one box, each once, in order. Raises Invalid for anything else that stands there."""
    typed = [each for each in re.split(r"[\s,;]+", text.upper()) if each]
    if any(not REFERENCE.fullmatch(each) for each in typed):
        raise Invalid({"reviews": NOT_THERE})
    return tuple(sorted(set(typed)))


@contextmanager
def on_each(
    references: Collection[str], permission: str, *, by: Person, at: datetime
) -> Iterator[tuple[NamedSession, tuple[Scene, ...]]]:
    """`changing_several`, with a sentence beside the box where one of them is not to be reached."""
    try:
        with changing_several(references, permission, by=by, at=at) as found:
            yield found
    except OutOfReach:
        raise Invalid({"reviews": NOT_THERE}) from None


def about_of(
    session: NamedSession, links: Any, owner: Any, ids: Iterable[UUID], *, by: Person, on: date
) -> dict[UUID, About]:
    """What each of these is about: `links` is the model between it and reviews, `owner` its column.

    One question however many there are, and none where there is nothing.
    """
    asked = list(ids)
    if not asked:
        return {}
    rows = session.execute(
        select(owner.label("owner"), Review.id, Review.reference)
        .select_from(links)
        .join(Review, Review.id == links.review_id)
        .where(owner.in_(asked))
        .order_by(Review.reference)
    ).all()
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.owner, []).append(row)
    return {owner_id: _about(each, by=by, on=on) for owner_id, each in found.items()}


def _about(rows: Collection[Any], *, by: Person, on: date) -> About:
    theirs = [row for row in rows if allows(by, "review.reach", review_id=row.id, on=on)]
    return About(tuple(row.reference for row in theirs), tuple(row.id for row in theirs), len(rows) - len(theirs))


NOTHING = About((), (), 0)


def names_gone(session: NamedSession, review_ids: Collection[UUID]) -> set[UUID]:
    """Those of these reviews whose names are destroyed, or being destroyed: nothing is sealed or opened there."""
    rows = select(Disposal.review_id, Disposal.classes).where(Disposal.review_id.in_(list(review_ids)), *BEGUN)
    found = session.execute(rows.order_by(Disposal.review_id, Disposal.number))
    return {review_id for review_id, classes in found if DataClass.IDENTITIES.value in classes}


@contextmanager
def opening_names(review_ids: Collection[UUID], *, by: Person, at: datetime) -> Iterator[NamedSession]:
    """A picture to read from, in which what is sealed with these reviews’ names opens; the trail knows it before."""
    with house().with_keys(by, at=at):
        for review_id in review_ids:
            announce(review_id, [DataClass.IDENTITIES], at=at)
        with house().reading() as session:
            yield session
