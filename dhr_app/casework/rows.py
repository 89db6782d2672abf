"""What verbs about a review's records share: finding one of its rows, telling an entry in texts, naming agencies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.scene import Look, Scene
from dhr_app.casework.taking_records import takes_records
from dhr_app.database.base import SealedRow
from dhr_app.database.models.partnership import Agency
from dhr_app.database.session import NamedSession
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.stages import NOT_COMMISSIONED, Stage

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = TypeVar("Row", bound=SealedRow)


def own_row(at: Scene | Look, model: type[Row], row_id: UUID, *options: Any) -> Row:
    """The row of this id, if it is one of the review's. Raises OutOfReach. `options` load what is deferred."""
    row = at.session.get(model, row_id, options=options)
    if row is None or row.review_id != at.review.id:
        raise OutOfReach
    return row


def rows_of(at: Scene | Look, model: type[Row], *order: Any, options: Collection[Any] = ()) -> list[Row]:
    """Every row of the review in one table, in this order."""
    rows = select(model).where(model.review_id == at.review.id).order_by(*order, model.id).options(*options)
    return list(at.session.scalars(rows))


def in_texts(entry: DataclassInstance) -> dict[str, str]:
    """An entry as texts by field, to be held against what somebody else saved."""
    return {name: "" if value is None else str(value) for name, value in vars(entry).items()}


def agency_names(session: NamedSession, ids: Collection[UUID | None]) -> dict[UUID, str]:
    """The names of these agencies by id, in one query."""
    wanted = {one for one in ids if one is not None}
    found = session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(wanted)).order_by(Agency.name))
    return {row.id: row.name for row in found}


def unknown_agencies(scene: Scene, field: str, ids: Collection[UUID | None], on: date | None) -> dict[str, str]:
    """What is wrong with a choice of agencies, under the form's field: one is unknown, or had ended by that day.

    Where the choice is of no one day (`on` is None), an agency that has ended is as good as another.
    """
    for agency_id in ids:
        agency = scene.session.get(Agency, agency_id) if agency_id else None
        if agency is None:
            return {field: "This agency is not known to the partnership: choose from the list."}
        if agency.to_on is not None and on is not None and agency.to_on < on:
            return {field: f"{agency.name} ended on {in_words(agency.to_on)}: choose its successor."}
    return {}


def under_way(at: Scene | Look) -> bool:
    """Whether the review is commissioned and still open: where Scene.must_be_commissioned() refuses nothing."""
    return takes_records(at) and Stage(at.review.stage) not in NOT_COMMISSIONED
