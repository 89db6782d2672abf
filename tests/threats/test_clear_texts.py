"""Every clear text that people type asks about a protected name, whatever page or verb it came by, on both engines."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app.casework.protected_names import keeping
from dhr_app.database.base import Base
from dhr_app.database.models import KeptWords, Review, Seminar, SeminarReview
from dhr_app.database.typed_texts import typed_columns
from dhr_app.workflows.kept_words import Keeping, MayNameSomebody
from tests.installations import Installation
from tests.sealed_rows import Rows, table_of

MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def test_every_typed_column_is_held_back_and_kept_only_with_a_reason(installation: Installation) -> None:
    case = installation.county.review()  # of the death of Ada Harding
    review_id, by, house = case.row.id, case.county.coordinator, case.county.house
    rows, placed = Rows(installation), dict[str, UUID]()
    columns = typed_columns(Base.metadata)
    for name in sorted({place.partition(".")[0] for place in columns}):
        placed[name] = review_id if name == "review" else _row(rows, name, review_id)
    rows.now()
    for place in sorted(columns):
        table, _, field = place.partition(".")
        with pytest.raises(MayNameSomebody) as held, house.transaction(by=by, at=case.wait(minutes=1)) as session:
            setattr(session.get_one(MODELS[table], placed[table]), field, f"Ada Harding in {place}")
        assert [(asked.place, asked.words) for asked in held.value.asked] == [(place, ("Ada Harding",))]
        answer = Keeping.of(["Ada Harding"], "another_person")
        with keeping([answer]), house.transaction(by=by, at=case.wait(minutes=1)) as session:
            setattr(session.get_one(MODELS[table], placed[table]), field, f"Ada Harding in {place}")
    with house.reading() as session:
        kept = session.execute(select(KeptWords.place, KeptWords.review_id)).all()
    assert sorted(kept) == [(place, review_id) for place in sorted(columns)]


def _row(rows: Rows, name: str, review_id: UUID) -> UUID:
    """A row of the review; a seminar belongs to it by another row."""
    table = Base.metadata.tables[name]
    if MODELS[name] is not Seminar:
        return rows.later(table, review_id=review_id)
    row_id = rows.later(table)
    rows.later(table_of(SeminarReview), seminar_id=row_id, review_id=review_id)
    return row_id


def test_a_text_of_no_review_is_held_against_nothing(installation: Installation) -> None:
    case = installation.county.review()
    with case.county.house.transaction(by=case.county.coordinator, at=case.wait(minutes=1)) as session:
        row = session.scalars(select(MODELS["partnership"])).one()
        row.support_line = "Ask for Ada Harding."
    assert isinstance(case.row, Review)
