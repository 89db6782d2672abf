"""What is sealed where: asked by the house rules, and by the sweep that looks for keys nothing uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, literal, select
from sqlalchemy.orm import Mapper, Session, registry

from dhr_app.database.keystore import NOBODY, SYSTEM_CLASS, Domain
from dhr_app.database.sealed import Sealed, SealedBytes, sealed_on


def domains_in_use(session: Session, models: registry) -> set[Domain]:
    """Every domain of which some row holds a sealed value; what `Keystore.sweep_orphans` must leave alone."""
    found = set()
    for mapper, attribute in _sealed(models):
        sealed = mapper.column_attrs[attribute.column].columns[0]
        review = literal(NOBODY, Uuid()) if attribute.data_class == SYSTEM_CLASS else _review_of(mapper)
        subject = mapper.columns[attribute.subject] if attribute.subject else literal(NOBODY, Uuid())
        rows = select(review, subject).where(sealed.is_not(None)).distinct()
        found |= {
            Domain(UUID(str(row[0])), str(attribute.data_class), UUID(str(row[1]))) for row in session.execute(rows)
        }
    return found


def sealing_mistakes(models: registry) -> list[str]:
    """Sealed columns that no attribute opens, logical names used twice, and changes that no entry would tell."""
    found, names = [], set()
    for _, attribute in _sealed(models):
        if attribute.logical in names:
            found.append(f"{attribute.logical}: the logical name is used twice")
        names.add(attribute.logical)
    for mapper in models.mappers:
        opened = {attribute.column for attribute in sealed_on(mapper.class_).values()}
        for column in mapper.column_attrs:
            if isinstance(column.columns[0].type, SealedBytes) and column.key not in opened:
                found.append(f"{mapper.class_.__name__}.{column.key}: sealed, but no attribute opens it")
        for relation in mapper.relationships:
            if relation.secondary is not None:
                found.append(f"{mapper.class_.__name__}.{relation.key}: rows of a secondary table leave no audit entry")
    return found


def _sealed(models: registry) -> Iterator[tuple[Mapper[Any], Sealed[Any]]]:
    for mapper in sorted(models.mappers, key=lambda mapper: mapper.class_.__name__):
        for attribute in sealed_on(mapper.class_).values():
            yield mapper, attribute


def _review_of(mapper: Mapper[Any]) -> ColumnElement[Any]:
    return mapper.columns["id" if mapper.local_table.name == "review" else "review_id"]  # type: ignore[attr-defined]
