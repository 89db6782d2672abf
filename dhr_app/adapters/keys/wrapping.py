"""A data key wrapped under a master key that this process holds itself: AES-256-GCM, bound to its context."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dhr_app.adapters.keys.provider import KeyProviderError, changed

NONCE_BYTES = 12
GROUP_AND_OTHERS = 0o077
SYSTEMD = 0o440  # how systemd shows a credential of root's that it lets one user read, by an access list


def wrapped(key: bytes, dek: bytes, context: bytes) -> bytes:
    """The data key under the master key."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, dek, context)


def unwrapped(key: bytes, blob: bytes, context: bytes) -> bytes:
    """The data key again. Raises KeyProviderError where it was changed or belongs to something else."""
    try:
        return AESGCM(key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], context)
    except (InvalidTag, ValueError):
        raise changed() from None


def fingerprint(key: bytes) -> str:
    """A short name of a master key, which tells nothing of it."""
    return hashlib.sha256(b"dhr-kek-name" + key).hexdigest()[:16]


def private_bytes(path: Path) -> bytes:
    """What stands in a file that only its owner may read, its owner being this user or root.

    Raises KeyProviderError where it cannot be read, or others could read it.
    """
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            mode = stat.S_IMODE(found.st_mode)
            if mode & GROUP_AND_OTHERS and (mode, found.st_uid, found.st_gid) != (SYSTEMD, 0, 0):
                raise KeyProviderError(f"{path.name} can be read by others: run chmod 600 on it.")
            if found.st_uid not in (os.geteuid(), 0):
                raise KeyProviderError(f"{path.name} belongs to another user: run chown on it.")
            return file.read()
    except OSError:
        raise KeyProviderError(f"{path.name} cannot be read.") from None
