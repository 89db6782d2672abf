"""Sealed values: a column that takes nothing but envelopes; an attribute that seals when set and opens when read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NoReturn, TypeVar, overload
from uuid import UUID

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from dhr_app.database.destroyed import in_place_of, was_disposed_of
from dhr_app.database.envelope import HEAD, CannotOpen, Envelope, Place, seal, unseal
from dhr_app.database.errors import KeyDestroyed, KeyUnavailable, NoKeyring, SealError, ValueDestroyed
from dhr_app.database.keyring import Alike, Cell, Keyring, current_keyring
from dhr_app.database.keystore import NOBODY, SYSTEM_CLASS, Domain
from dhr_app.database.kinds import Kind, kind_of

__all__ = ["Envelope", "Refuse", "Sealed", "SealedBytes", "replace_unreadable", "sealed_column", "sealed_on"]

T = TypeVar("T")
ALLOWED = (operators.is_, operators.is_not)


def _marked(value: bytes | None) -> Envelope | None:
    return None if value is None else Envelope(value)


class SealedBytes(TypeDecorator[Envelope]):
    """The column's type: takes envelopes only, and in a query answers only whether something is there."""

    impl = LargeBinary
    cache_ok = True
    coerce_to_is_types = (type(None),)

    def process_bind_param(self, value: Envelope | None, dialect: Dialect) -> bytes | None:
        """Refuses with TypeError anything that was not sealed."""
        if value is not None and not isinstance(value, Envelope):
            raise TypeError("refusing to write unsealed data to a sealed column")
        return None if value is None else bytes(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[bytes | None], Envelope | None]:
        """Marks what was read as sealed; in one step, since both drivers give bytes as they are."""
        return _marked

    class Comparator(TypeDecorator.Comparator[Any]):
        """Allows IS NULL and IS NOT NULL."""

        def operate(self, op: Any, *other: Any, **options: Any) -> Any:
            """Refuses every other comparison with TypeError."""
            if op in ALLOWED:
                return super().operate(op, *other, **options)
            raise TypeError("a sealed column cannot be used in a query: ask only whether it is_(None)")

    comparator_factory = Comparator


def sealed_column(*, deferred: bool = False, **options: Any) -> MappedColumn[Any]:
    """The column behind a sealed attribute. Long texts are deferred: read from the table when first looked at."""
    return mapped_column(SealedBytes, deferred=deferred, active_history=True, info={"class": "sealed"}, **options)


class Refuse:
    """What a sealed attribute is on its class, where a query would be built: every use raises TypeError."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, owner: type, attribute: Sealed[Any]) -> None:
        object.__setattr__(self, "_words", f"{owner.__name__}.{attribute.name} is sealed: it cannot be used in a query")

    def _refuse(self, *args: Any, **options: Any) -> NoReturn:
        raise TypeError(object.__getattribute__(self, "_words"))

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = _refuse
    __invert__ = __neg__ = __and__ = __or__ = __getitem__ = __iter__ = __call__ = _refuse
    __clause_element__ = _refuse

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):  # Python's own questions (copying, inspecting) get Python's own answer
            raise AttributeError(name)
        self._refuse()


class Sealed(Generic[T]):
    """A typed attribute over a sealed column.

    `name` is the logical name bound into each envelope: it never changes, even where table or column are renamed.
    `subject` names the attribute holding whose own key seals the value (a family member's); `agency` the attribute
    holding the agency that owns it. `hide_null` seals also the absence of a value, where that alone would tell.
    `handed_in` is for what somebody gives who may not open it, not even their own words afterwards.
    """

    def __init__(
        self,
        logical: str,
        *,
        column: str,
        data_class: str,
        kind: type[T],
        pad: int = 32,
        subject: str | None = None,
        agency: str | None = None,
        hide_null: bool = False,
        handed_in: bool = False,
    ) -> None:
        self.logical, self.column, self.data_class, self.record_class = logical, column, data_class, str(data_class)
        self._of_no_review = self.record_class == SYSTEM_CLASS
        self.kind: Kind[T] = kind_of(kind, hide_null=hide_null)
        self._decode = self.kind.decode if hide_null else self.kind.from_bytes
        self.pad, self.subject, self.agency, self.hide_null = pad, subject, agency, hide_null
        self.handed_in = handed_in

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        owner.__sealed__ = {**getattr(owner, "__sealed__", {}), name: self}  # type: ignore[attr-defined]

    @overload
    def __get__(self, row: None, owner: type) -> Refuse: ...
    @overload
    def __get__(self, row: object, owner: type | None = None) -> T | None: ...
    def __get__(self, row: Any, owner: type | None = None) -> Refuse | T | None:
        if row is None:
            return Refuse(owner or object, self)
        envelope = getattr(row, self.column)
        return None if envelope is None else self._open(row, envelope)

    def __set__(self, row: Any, value: T | None) -> None:
        """Seal and keep. The same value again leaves the row untouched.

        Raises SealError where the present value cannot be opened: a save never blanks what it could not read
        (`replace` does, on purpose).
        """
        self.kind.check(value, f"{type(row).__name__}.{self.name}")
        present = getattr(row, self.column)
        if present is None and value is None and not self.hide_null:
            return
        if present is not None and self._open(row, present) == value:
            return
        self.replace(row, value)

    def __delete__(self, row: Any) -> NoReturn:
        raise AttributeError(f"{type(row).__name__}.{self.name} is sealed: set it to None instead")

    def start(self, row: Any) -> None:
        """Called on a new row that was given no value: seals the absence where that must not show."""
        if self.hide_null:
            self.replace(row, None)

    def replace(self, row: Any, value: T | None) -> None:
        """Overwrite without opening what is there: for a value that can no longer be read."""
        self.kind.check(value, f"{type(row).__name__}.{self.name}")
        getattr(row, self.column)  # read first: of a deferred column SQLAlchemy would not know what was there
        setattr(row, self.column, None if value is None and not self.hide_null else self._seal(row, value))

    def _seal(self, row: Any, value: T | None) -> Envelope:
        cell = self.cell(row)
        generation, cipher = _keyring().sealing(cell)
        return seal(self.kind.encode(value), cell.place, cipher, generation, pad=self.pad)

    def _open(self, row: Any, envelope: Envelope) -> T | None:
        keyring, loaded = _keyring(), row.__dict__  # where SQLAlchemy itself looks first
        alike = self._alike(loaded, envelope)
        if alike is not None and (opener := keyring.opened_before(alike)) is not None:
            try:
                return self._decode(opener.unseal(envelope, loaded["id"]))
            except (CannotOpen, ValueError, LookupError):
                pass  # below it is said what is wrong
        cell = self.cell(row)
        trouble: type[SealError] = SealError
        try:
            cipher = keyring.opening(cell, envelope.generation, alike=alike)
            return self._decode(unseal(envelope, cell.place, cipher))
        except KeyDestroyed:
            trouble = ValueDestroyed
        except (CannotOpen, KeyUnavailable, ValueError, LookupError):
            pass
        if trouble is ValueDestroyed:
            if (said := in_place_of(cell.domain)) is not None:
                return self.kind.instead(said)
            # A key that is merely called destroyed was destroyed by nobody’s decision: that is a fault, and is told so.
            trouble = ValueDestroyed if was_disposed_of(row, cell.domain) else SealError
        # Raised out here so that no cause hangs on it: a decoding error would carry the value.
        raise trouble(cell.table, cell.column, cell.place.row)

    def _alike(self, loaded: dict[str, Any], envelope: Envelope) -> Alike | None:
        """What this value shares with all that one opener opens for one person, by numbers: they hash fastest.

        None where the row's identity is not loaded, or not set yet.
        """
        try:
            return (
                0 if self._of_no_review else loaded["review_id"].int,
                self.logical,
                0 if self.subject is None else loaded[self.subject].int,
                None if self.agency is None or (agency := loaded[self.agency]) is None else agency.int,
                envelope[:HEAD],
            )
        except (KeyError, AttributeError):
            return None

    def cell(self, row: Any) -> Cell:
        """Where this row's value belongs. Raises TypeError before the row's identity is set."""
        review = NOBODY if self._of_no_review else row.review_id
        subject = NOBODY if self.subject is None else getattr(row, self.subject)
        agency: UUID | None = None if self.agency is None else getattr(row, self.agency)
        row_id = row.id
        if row_id is None or review is None or subject is None:
            raise TypeError(f"{type(row).__name__}: the identity must be set before {self.name} is sealed")
        domain, place = Domain(review, self.record_class, subject), Place(self.logical, row_id, review)
        return Cell(row.__tablename__, self.name, self.data_class, domain, agency, place, self.handed_in)


def sealed_on(cls: type) -> dict[str, Sealed[Any]]:
    """The sealed attributes a model declares, by name."""
    return dict(getattr(cls, "__sealed__", {}))


def replace_unreadable(row: object, name: str, value: Any) -> None:
    """Overwrite a sealed value that can no longer be opened; the caller has said so to a person."""
    sealed_on(type(row))[name].replace(row, value)


def _keyring() -> Keyring:
    keyring = current_keyring.get()
    if keyring is None:
        raise NoKeyring("Sealed data was touched without a keyring: nobody is named as the one who opens it.")
    return keyring
