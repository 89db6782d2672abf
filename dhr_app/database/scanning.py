"""One sealed attribute opened over many rows that were read as plain columns: no object is made for each of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from dhr_app.database.base import Identified
from dhr_app.database.context import current_verb
from dhr_app.database.envelope import CannotOpen, Envelope, Place, unseal
from dhr_app.database.errors import KeyUnavailable, SealError, Unannounced
from dhr_app.database.keyring import Cell, Keyring
from dhr_app.database.keystore import NOBODY, Domain
from dhr_app.database.sealed import sealed_on


def as_stored(column: InstrumentedAttribute[Envelope | None]) -> Any:
    """A sealed column as plain bytes, for a Scanner: to mark each as an envelope takes a tenth of a search’s time."""
    return type_coerce(column, LargeBinary).label(column.key)


class Scanner:
    """Opens the text `name` of a model’s rows. The keyring is asked once for each key; it refuses as it always does.

    What is looked through was announced before (`Keyring.announce_search`). Inside a verb, whose entry tells each cell
    that it opened, this raises Unannounced.
    """

    def __init__(self, model: type[Identified], name: str, keyring: Keyring) -> None:
        if current_verb.get() is not None:
            raise Unannounced(f"{name} of many rows would be opened inside a verb, which tells each cell it opens.")
        self._table = model.__tablename__  # type: ignore[attr-defined]
        self._attribute = sealed_on(model)[name]
        self._keyring = keyring
        self._ciphers: dict[tuple[UUID, UUID, int], AESGCM | None] = {}

    def open(self, row: UUID, review: UUID, stored: bytes | None) -> Any:
        """The value; None where there is none, or where its key was destroyed with the record.

        `stored` is what `as_stored` reads. Raises SealError where it cannot be read, and OpeningRefused or Unannounced
        as the keyring does.
        """
        if stored is None:
            return None
        envelope = Envelope(stored)
        subject = row if self._attribute.subject == "id" else NOBODY
        key = (review, subject, envelope.generation)
        place = Place(self._attribute.logical, row, review)
        try:
            if key not in self._ciphers:
                self._ciphers[key] = self._cipher(place, subject, envelope.generation)
            cipher = self._ciphers[key]
            return None if cipher is None else self._attribute.kind.decode(unseal(envelope, place, cipher))
        except (CannotOpen, KeyUnavailable, ValueError, LookupError):
            pass
        raise SealError(self._table, self._attribute.name, row)  # out here, so that no cause hangs on it

    def _cipher(self, place: Place, subject: UUID, generation: int) -> AESGCM | None:
        attribute = self._attribute
        domain = Domain(place.review, str(attribute.data_class), subject)
        cell = Cell(self._table, attribute.name, attribute.data_class, domain, None, place)
        try:
            return self._keyring.opening(cell, generation)
        except KeyUnavailable:
            if self._keyring.is_destroyed(domain):
                return None
            raise
