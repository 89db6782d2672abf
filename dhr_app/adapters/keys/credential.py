"""The master key in a file that the system hands to the service: a systemd credential, or a file on a RAM disk.

One key to a line, 64 hexadecimal digits; empty lines and lines that begin with # say nothing. The last key is today's;
the others only open, so that the master key can be changed: add a line, run `dhr keys rotate --master`, remove the old.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from dhr_app.adapters.keys.provider import KEY_BYTES, KeyProviderError, of_another
from dhr_app.adapters.keys.wrapping import fingerprint, private_bytes, unwrapped, wrapped

PREFIX = "file:"
FILE_NAME = "dhr-master-key"
FEWEST_DIFFERENT = 16  # of the 32 bytes of a key by chance, fewer differ once in 10^16 keys


@dataclass(frozen=True)
class CredentialFile:
    """Master keys in a file outside the instance folder, read afresh for every question and never kept."""

    path: Path
    instance: Path

    def __post_init__(self) -> None:
        if self.path.resolve().is_relative_to(self.instance.resolve()):
            raise KeyProviderError(
                f"{self.path.name} lies in the instance folder, whose backups would hold it: keep the key elsewhere."
            )
        self._keys()

    def begin(self) -> None:
        """Nothing: its key is made by `dhr keys make`."""

    def wrap(self, dek: bytes, context: bytes) -> tuple[str, bytes]:
        """Wrap a data key under the last key of the file."""
        name, key = list(self._keys().items())[-1]
        return name, wrapped(key, dek, context)

    def unwrap(self, kek_id: str, blob: bytes, context: bytes) -> bytes:
        """The data key again. Raises KeyProviderError for another context, a key not in the file or changed bytes."""
        key = self._keys().get(kek_id)
        if key is None:
            raise of_another(f"those in {self.path.name}")
        return unwrapped(key, blob, context)

    def rewrap(self, kek_id: str, blob: bytes, context: bytes) -> tuple[str, bytes]:
        """The same data key under the last key of the file."""
        return self.wrap(self.unwrap(kek_id, blob, context), context)

    def health(self) -> str:
        """Says which key is today's, and how many more there are."""
        names = list(self._keys())
        others = f", {len(names) - 1} more only open" if len(names) > 1 else ""
        return f"Master key {names[-1]} of the credential file is in use{others}."

    def _keys(self) -> dict[str, bytes]:
        """Every key by its name, today's last."""
        lines = private_bytes(self.path).decode("ascii", "replace").splitlines()
        said = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
        if not said:
            raise KeyProviderError(f"{self.path.name} holds no key: `dhr keys make` writes one.")
        keys = [self._key(line, number) for number, line in enumerate(said, 1)]
        return {PREFIX + fingerprint(key): key for key in keys}

    def _key(self, line: str, number: int) -> bytes:
        try:
            key = bytes.fromhex(line)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise KeyProviderError(f"Key {number} of {self.path.name} is not {KEY_BYTES * 2} hexadecimal digits.")
        if len(set(key)) < FEWEST_DIFFERENT or _counts_on(key):
            raise KeyProviderError(f"Key {number} of {self.path.name} is an example, not a random key.")
        return key


def credential_path(credential: str) -> Path:
    """The file that a setting names, or else the credential that systemd passed to this service.

    Raises KeyProviderError where there is neither.
    """
    if credential:
        return Path(credential)
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise KeyProviderError(
            f"No master key is named: set key_credential to its file, or pass {FILE_NAME} to the service."
        )
    return Path(folder) / FILE_NAME


def add_key(path: Path) -> str:
    """Write a new random key at the end of the file, which is made for its owner alone; returns the key's name.

    Raises KeyProviderError where the file cannot be written, or others could read it.
    """
    key = secrets.token_bytes(KEY_BYTES)
    before = private_bytes(path) if path.exists() else b""
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(before + (b"" if before.endswith(b"\n") or not before else b"\n") + key.hex().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise KeyProviderError(f"{path.name} cannot be written: {error.strerror}.") from None
    return PREFIX + fingerprint(key)


def _counts_on(key: bytes) -> bool:
    """Whether each byte is the one before it plus the same step, as in the keys of examples."""
    return len({(after - before) % 256 for before, after in pairwise(key)}) == 1
