"""How a value becomes bytes before it is sealed, and a value of the same type again after it is opened."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")
_NOTHING, _SOMETHING = b"\x00", b"\x01"


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A type of sealed value. With `hide_null` a first byte says whether there is a value at all."""

    python: type[T]
    to_bytes: Callable[[T], bytes]
    from_bytes: Callable[[bytes], T]
    hide_null: bool = False

    def check(self, value: object, name: str) -> None:
        """Raises TypeError, without the value, for anything of another type."""
        wrong = value is not None and not isinstance(value, self.python)
        if wrong or (self.python is date and isinstance(value, datetime)):
            raise TypeError(f"{name} takes {self.python.__name__}, not {type(value).__name__}")

    def encode(self, value: T | None) -> bytes:
        """The bytes to seal."""
        if value is None:
            return _NOTHING
        return (_SOMETHING if self.hide_null else b"") + self.to_bytes(value)

    def instead(self, said: str) -> T | None:
        """What a page is given in place of a value that was destroyed: the words where it was a text, else nothing."""
        return cast(T, said) if self.python is str else None

    def decode(self, data: bytes) -> T | None:
        """The value again. Raises ValueError for bytes that are not of this kind."""
        if not self.hide_null:
            return self.from_bytes(data)
        if data == _NOTHING:
            return None
        if data[:1] != _SOMETHING:
            raise ValueError
        return self.from_bytes(data[1:])


def _json_bytes(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


_KINDS: dict[type, tuple[Callable[[Any], bytes], Callable[[bytes], Any]]] = {
    str:   (str.encode,                               bytes.decode),
    bytes: (bytes,                                    bytes),
    date:  (lambda value: value.isoformat().encode(), lambda data: date.fromisoformat(data.decode())),
    bool:  (lambda value: b"1" if value else b"0",    lambda data: {b"1": True, b"0": False}[data]),
    int:   (lambda value: str(value).encode(),        int),
    dict:  (_json_bytes,                              json.loads),
    list:  (_json_bytes,                              json.loads),
}  # fmt: skip


def kind_of(python: type[T], *, hide_null: bool = False) -> Kind[T]:
    """The kind for a Python type: str, bytes, date, bool, int, dict, list, or an enumeration of texts."""
    if issubclass(python, enum.StrEnum):
        return Kind(python, lambda value: str(value).encode(), lambda data: python(data.decode()), hide_null)
    if python not in _KINDS:
        raise TypeError(f"{python.__name__} is not a kind of value that can be sealed")
    return Kind(python, *_KINDS[python], hide_null)
