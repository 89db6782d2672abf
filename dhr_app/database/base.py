"""What every row is made of: named constraints, an identity from birth, and a declared class for each column."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID, uuid4

from sqlalchemy import Enum, ForeignKey, MetaData, String, Text, Uuid, inspect
from sqlalchemy import event as sa_event
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, Mapper, declared_attr, mapped_column
from sqlalchemy.types import TypeEngine

from dhr_app.database.types import UTCDateTime

CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# How a Python type is kept. Enumerations are kept as their values, in text; a str is text without a limit.
KEPT_AS: Mapping[Any, TypeEngine[Any]] = {
    str: Text(),
    UUID: Uuid(),
    datetime: UTCDateTime(),
    enum.StrEnum: Enum(
        enum.StrEnum,
        native_enum=False,
        length=64,
        create_constraint=False,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    ),
}


class Base(DeclarativeBase):
    """The mother of every table of the main database."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = dict(KEPT_AS)


# What people type into a clear column is held against the protected names of its review (casework/protected_names.py):
# a text for whatever they hold, the name of a member of staff or a body only for the whole name of somebody protected.
Typed = Literal["text", "staff"]


def clear(
    *args: Any, why: str | None = None, typed: Typed | None = None, unaudited: str | None = None, **options: Any
) -> MappedColumn[Any]:
    """A column kept in clear. Text needs a `why`: the reason it cannot hold what must be sealed; `typed` by people.

    In the audit trail a text is told by its hash. `unaudited` gives the reason why changes of this column alone leave
    no entry (a last-seen time).
    """
    return _column("clear", args, options, why=why, typed=typed, unaudited=unaudited)


def code(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A column in clear whose text is chosen by the program (a kind, a reference), so the audit trail may quote it."""
    return _column("clear", args, options, why="a code", code=True)


def _column(data_class: str, args: tuple[Any, ...], options: dict[str, Any], **info: Any) -> MappedColumn[Any]:
    # The old value is read before it is overwritten, even where it was not loaded: the audit entry needs both.
    if not options.get("primary_key"):
        options.setdefault("active_history", True)
    stated = {name: value for name, value in info.items() if value is not None}
    return mapped_column(*args, info={"class": data_class, **stated}, **options)


def undeclared_columns(metadata: MetaData) -> list[str]:
    """Every column that says neither clear nor sealed, and every clear text that gives no reason why."""
    found = []
    for table in metadata.sorted_tables:
        for column in table.columns:
            data_class = column.info.get("class")
            if data_class not in ("clear", "sealed"):
                found.append(f"{table.name}.{column.name}: neither clear nor sealed")
            elif data_class == "clear" and _is_text(column.type) and not column.info.get("why"):
                found.append(f"{table.name}.{column.name}: clear text without a reason")
    return found


def _is_text(kept_as: TypeEngine[Any]) -> bool:
    return isinstance(kept_as, String) and not isinstance(kept_as, Enum)


class Identified:
    """A row with an identity from the moment it is constructed: a random UUID, never one made by the database."""

    __sealed__: ClassVar[Mapping[str, Any]] = {}
    id: Mapped[UUID] = clear(primary_key=True, sort_order=-2)

    def __init__(self, **values: Any) -> None:
        self.id = values.pop("id", None) or uuid4()
        assign(self, values)


class SealedRow(Identified):
    """A row of one review that holds sealed values, which are bound to the row's id and to the review's."""

    review_id: Mapped[UUID] = clear(ForeignKey("review.id"), index=True, sort_order=-1)

    def __init__(self, **values: Any) -> None:
        self.id = values.pop("id", None) or uuid4()
        if values.get("review_id") is None:
            raise TypeError(f"{type(self).__name__} holds sealed values: say its review_id when it is made")
        self.review_id = values.pop("review_id")
        assign(self, values)


class Versioned:
    """A row that two people may have open at once: every change counts its version on, and a stale one is refused."""

    version: Mapped[int] = clear()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let SQLAlchemy compare the version with every update."""
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


def assign(row: Identified, values: Mapping[str, Any]) -> None:
    """Set what was given: clear attributes first, so that a sealed value finds the identity it is bound to.

    Raises TypeError for a name that the row does not know.
    """
    known: Iterable[str] = inspect(type(row)).all_orm_descriptors.keys()
    sealed = type(row).__sealed__
    for name in values:
        if name not in known and name not in sealed:
            raise TypeError(f"{type(row).__name__} has no “{name}”")
    for name in sorted(values, key=lambda name: name in sealed):
        setattr(row, name, values[name])
    for name, attribute in sealed.items():
        if name not in values:
            attribute.start(row)


class FrozenIdentity(TypeError):
    """A sealed value is bound to its row, review and subject: these never change once set."""


@sa_event.listens_for(Mapper, "after_mapper_constructed")
def _freeze_identity(mapper: Mapper[Any], cls: type[Any]) -> None:
    if not issubclass(cls, Identified) or not (cls.__sealed__ or issubclass(cls, SealedRow)):
        return
    bound = {"id", "review_id"} | {attribute.subject for attribute in cls.__sealed__.values() if attribute.subject}
    for name in bound & set(mapper.columns.keys()):  # not column_attrs: asking it configures every mapper, too soon
        sa_event.listen(getattr(cls, name), "set", _refuse_another, active_history=True)


def _refuse_another(row: Any, value: Any, old: Any, initiator: Any) -> None:
    if isinstance(old, UUID) and old != value:
        raise FrozenIdentity(f"{type(row).__name__}.{initiator.key} is bound into sealed values and cannot change")
