"""The names that the check for duplicates goes by: who has one, and what it is, opened for that purpose alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from dhr_app.casework.house import House
from dhr_app.casework.purposes import DUPLICATE_CHECK
from dhr_app.database.errors import SealError
from dhr_app.database.models.people import InvolvedPerson
from dhr_app.database.scanning import Scanner, as_stored
from dhr_app.database.session import NamedSession
from dhr_app.workflows.duplicates import Identity, indexed
from dhr_app.workflows.permissions import DataClass

NAMED: ColumnElement[bool] = and_(InvolvedPerson.full_name_ct.is_not(None), InvolvedPerson.removed_on.is_(None))


@dataclass(frozen=True)
class Named:
    """Somebody on record whose name was opened for the check."""

    row_id: UUID
    review_id: UUID
    version: int
    identity: Identity


def how_many_names(session: NamedSession) -> int:
    """How many people on record have a name."""
    return session.scalar(select(func.count()).select_from(InvolvedPerson).where(NAMED)) or 0


def open_names(in_house: House, row_ids: Iterable[UUID] | None = None, *, at: datetime) -> list[Named]:
    """The names and births of these people, or of everybody, opened for the check; unreadable ones are left out."""
    p = InvolvedPerson
    sealed = (as_stored(p.full_name_ct), as_stored(p.born_on_ct))
    rows = select(p.id, p.review_id, p.version, *sealed).where(NAMED).order_by(p.review_id, p.id)
    if row_ids is not None:
        rows = rows.where(p.id.in_(list(row_ids)))
    with in_house.reading() as session:
        found = list(session.execute(rows))
    if not found:
        return []
    keyring = in_house.keyring(DUPLICATE_CHECK, at=at)
    keyring.announce_search({DataClass.IDENTITIES.value: {row.review_id for row in found}}, at=at)
    open_name, open_born = (Scanner(p, name, keyring).open for name in ("full_name", "born_on"))
    people = []
    for row_id, review_id, version, name, born in found:
        try:
            identity = Identity(open_name(row_id, review_id, name) or "", open_born(row_id, review_id, born) or "")
        except SealError:
            continue
        if indexed(identity):
            people.append(Named(row_id, review_id, version, identity))
    return people
