"""The master key in a file beside the database: for development and testing, where no real person's data may be."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dhr_app.adapters.keys.provider import DEVELOPMENT_PREFIX, KEY_BYTES, KeyProviderError, of_another
from dhr_app.adapters.keys.wrapping import fingerprint, private_bytes, unwrapped, wrapped
from dhr_app.adapters.written_once import write_once

GONE = (
    "{name} is not there: put it back; a new one is made by `dhr init` while the keystore holds nothing, and by"
    " `dhr keys recover` with two recovery shares."
)


@dataclass(frozen=True)
class DevelopmentFile:
    """A wrapping key in a file, made by `begin` alone; production refuses it, and what it has wrapped."""

    path: Path
    env: str

    def __post_init__(self) -> None:
        if self.env == "production":
            raise KeyProviderError(
                "Production needs a key provider of its own (DHR_KEY_PROVIDER): the development key file is refused."
            )

    def begin(self) -> None:
        """Make the key file where there is none; of two who begin one makes it, and both use it."""
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                write_once(self.path, os.urandom(KEY_BYTES))

    def wrap(self, dek: bytes, context: bytes) -> tuple[str, bytes]:
        """Wrap a data key under the file's key. Raises KeyProviderError where the file is gone."""
        key = self._key()
        return _name(key), wrapped(key, dek, context)

    def unwrap(self, kek_id: str, blob: bytes, context: bytes) -> bytes:
        """The data key again. Raises KeyProviderError for another context, another key file or changed bytes."""
        key = self._key()
        if kek_id != _name(key):
            raise of_another("the one in the development key file")
        return unwrapped(key, blob, context)

    def rewrap(self, kek_id: str, blob: bytes, context: bytes) -> tuple[str, bytes]:
        """The same data key, wrapped afresh."""
        return self.wrap(self.unwrap(kek_id, blob, context), context)

    def health(self) -> str:
        """Says which key file is in use."""
        return f"Development key file {_name(self._key())} is in use: no real person's data may be here."

    def _key(self) -> bytes:
        if not self.path.exists():
            raise KeyProviderError(GONE.format(name=self.path.name))
        key = private_bytes(self.path)
        if len(key) != KEY_BYTES:
            raise KeyProviderError(f"{self.path.name} does not hold a key of {KEY_BYTES} bytes.")
        return key


def _name(key: bytes) -> str:
    return DEVELOPMENT_PREFIX + fingerprint(key)
