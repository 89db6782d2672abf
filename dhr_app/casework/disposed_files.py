"""Which files end with which records: a file is gone once every record class whose keys open it is.

A draft’s file key is sealed twice, for the chair’s team and, once it is shared, for the panel: while the panel’s papers
are kept, the panel still reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapper

from dhr_app.casework.begun import BEGUN
from dhr_app.database.base import Base
from dhr_app.database.keystore import Domain
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.stored import StoredFile
from dhr_app.database.sealed import Sealed, sealed_on
from dhr_app.database.session import NamedSession

FILE_KEY = "file_key"


def files_of(session: NamedSession, review_id: UUID, classes: Collection[str]) -> dict[UUID, Domain]:
    """The files of a review that nothing opens once these classes are gone too, each with a key that opened it."""
    gone = {*classes, *_gone(session).get(review_id, ())}
    found = {}
    for row_id, opened_by in _opened_by(session, review_id):
        mine = [each for each in opened_by if each in classes]
        if mine and gone.issuperset(opened_by):
            found[row_id] = Domain(review_id, mine[0])
    return found


def disposed_files(session: NamedSession) -> set[UUID]:
    """The rows whose file was, or is being, destroyed with its records: nobody misses it."""
    gone = _gone(session)
    return {
        row_id
        for review_id in gone
        for row_id, opened_by in _opened_by(session, review_id)
        if opened_by and gone[review_id].issuperset(opened_by)
    }


def file_keys() -> Iterator[tuple[Mapper[Any], list[Sealed[Any]]]]:
    """Every table of files, with the attributes that hold a file’s key."""
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__):
        if issubclass(mapper.class_, StoredFile):
            yield mapper, [one for name, one in sealed_on(mapper.class_).items() if name.endswith(FILE_KEY)]


def _opened_by(session: NamedSession, review_id: UUID) -> Iterator[tuple[UUID, list[str]]]:
    """Each file of a review with the classes whose keys open it."""
    for mapper, keys in file_keys():
        model = mapper.class_
        rows = select(model.id, *(getattr(model, key.column).is_not(None) for key in keys))
        for row_id, *there in session.execute(rows.where(model.review_id == review_id).order_by(model.id)):
            yield row_id, [str(key.data_class) for key, is_there in zip(keys, there, strict=True) if is_there]


def _gone(session: NamedSession) -> dict[UUID, set[str]]:
    """The classes of each review that a disposal destroyed, or is destroying."""
    found: dict[UUID, set[str]] = {}
    rows = select(Disposal.review_id, Disposal.classes).where(*BEGUN)
    for review_id, classes in session.execute(rows.order_by(Disposal.review_id, Disposal.number)):
        found.setdefault(review_id, set()).update(classes)
    return found
