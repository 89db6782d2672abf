"""What every keeper of the master key answers: four questions, a beginning, and one sentence where it refuses."""

from __future__ import annotations

from typing import Protocol

KEY_BYTES = 32
DEVELOPMENT_PREFIX = "dev:"


class KeyProviderError(Exception):
    """A key provider refuses or cannot answer; the message is one sentence and holds no key, token or address."""


class KeyProviderUnreachable(KeyProviderError):
    """Nobody answered, or nobody may be asked just now: nothing is wrong with the key that was asked for."""


class OfAnotherMasterKey(KeyProviderError):
    """A master key that this keeper does not know wrapped what was asked for."""


class ChangedBytes(KeyProviderError):
    """What was asked for does not open, though a master key of this name is known: its bytes or its context differ."""


class KeyProvider(Protocol):
    """Wraps data keys under a key that never enters a database. `context` says what the data key is for."""

    def begin(self) -> None:
        """Make the master key, if this program is its keeper and there is none. Asked only while it wraps nothing."""
        ...

    def wrap(self, dek: bytes, context: bytes) -> tuple[str, bytes]:
        """Wrap a data key; returns the wrapping key's name and the wrapped bytes."""
        ...

    def unwrap(self, kek_id: str, blob: bytes, context: bytes) -> bytes:
        """The data key again. Raises KeyProviderError for another context, another key or changed bytes."""
        ...

    def rewrap(self, kek_id: str, blob: bytes, context: bytes) -> tuple[str, bytes]:
        """The same data key under today's wrapping key."""
        ...

    def health(self) -> str:
        """A sentence saying that the provider answers. Raises KeyProviderError where it does not."""
        ...


def changed() -> KeyProviderError:
    """What is said of wrapped bytes that do not open."""
    return ChangedBytes("The wrapped data key was changed, or belongs to something else.")


def of_another(where: str) -> KeyProviderError:
    """What is said of a data key that another master key wrapped; `where` says which one was asked."""
    return OfAnotherMasterKey(f"This data key was wrapped by another key than {where}.")


def refuse_development_key(kek_id: str, *, env: str) -> None:
    """Keys wrapped on a developer's machine are never opened in production. Raises KeyProviderError."""
    if env == "production" and kek_id.startswith(DEVELOPMENT_PREFIX):
        raise KeyProviderError("This data was sealed with a development key, which production refuses to open.")
