"""Reading a parsed file key by key, so that everything wrong with it is named at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast


class Reader:
    """A table of a parsed file: a wrong value is put on `faults` and a harmless one returned. Call `finish()` last."""

    def __init__(self, data: Mapping[str, object], *, where: str = "", faults: list[str] | None = None) -> None:
        self.faults = [] if faults is None else faults
        self._data = data
        self._where = where
        self._asked: set[str] = set()

    def fault(self, key: str, what: str) -> None:
        """Note that the value of `key` is wrong, and how."""
        self.faults.append(f"{self._where}{key} {what}")

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._data:
            if key not in self._asked:
                self.fault(key, "is not a key")

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self._value(key)
        if isinstance(value, str) and value.strip():
            return value
        self._wrong(key, value, "a text")
        return ""

    def whole_number(self, key: str) -> int:
        """A whole number from 1."""
        value = self._value(key)
        if type(value) is int and value > 0:
            return value
        self._wrong(key, value, "a whole number from 1")
        return 1

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._value(key, default)
        if isinstance(value, bool):
            return value
        self._wrong(key, value, "true or false")
        return default

    def choice(self, key: str, choices: Sequence[str], *, default: str) -> str:
        """One of a few texts."""
        value = self._value(key, default)
        if isinstance(value, str) and value in choices:
            return value
        self._wrong(key, value, "one of " + ", ".join(choices))
        return default

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts; not an empty one unless there is a default."""
        value = self._value(key, default)
        listed = isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
        if listed and (value or default is not None):
            return tuple(cast(Sequence[str], value))
        self._wrong(key, value, "a list of texts")
        return ()

    def table(self, key: str) -> Reader:
        """A table under this one; an empty one where it is missing."""
        value = self._value(key, {})
        if not isinstance(value, Mapping):
            self._wrong(key, value, "a table")
            value = {}
        return Reader(value, where=f"{self._where}{key}.", faults=self.faults)

    def every_text(self) -> Iterator[tuple[str, str]]:
        """Every text under this table, with its key, in the file's order."""
        for key in self._data:
            yield key, self.text(key)

    def tables(self) -> Iterator[tuple[str, Reader]]:
        """Every table under this one, with its key, in the file's order."""
        for key in self._data:
            yield key, self.table(key)

    def _value(self, key: str, default: object = None) -> object:
        self._asked.add(key)
        return self._data.get(key, default)

    def _wrong(self, key: str, value: object, wanted: str) -> None:
        self.fault(key, "is missing" if value is None else f"must be {wanted}, not {value!r}")
