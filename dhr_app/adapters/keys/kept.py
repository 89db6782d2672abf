"""A remote provider's answers, kept for a minute at most: a page over fifty reviews would else wait fifty times.

Only what was unwrapped is kept, in this process's memory alone. The keystore's row is read every time all the same, so
a key that was retired or destroyed is refused at once; and every opening is still allowed and written down one by one.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from dhr_app.adapters.keys.provider import KeyProvider

SECONDS = 60.0
KEYS = 64


class KeptBriefly:
    """Asks the provider, or remembers what it said less than a minute ago. Thread-safe."""

    def __init__(self, provider: KeyProvider, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._provider, self._clock = provider, clock
        self._kept: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"KeptBriefly({self._provider!r})"

    def begin(self) -> None:
        """As the provider does."""
        self._provider.begin()

    def wrap(self, dek: bytes, context: bytes) -> tuple[str, bytes]:
        """As the provider does."""
        return self._provider.wrap(dek, context)

    def unwrap(self, kek_id: str, blob: bytes, context: bytes) -> bytes:
        """As the provider does, or did less than a minute ago for exactly these bytes and this context."""
        question = _question(kek_id, blob, context)
        with self._lock:
            self._forget()
            if question in self._kept:
                return self._kept[question][1]
        dek = self._provider.unwrap(kek_id, blob, context)
        with self._lock:
            self._kept[question] = (self._clock() + SECONDS, dek)
            while len(self._kept) > KEYS:
                self._kept.popitem(last=False)
        return dek

    def rewrap(self, kek_id: str, blob: bytes, context: bytes) -> tuple[str, bytes]:
        """As the provider does."""
        return self._provider.rewrap(kek_id, blob, context)

    def health(self) -> str:
        """As the provider says, asked now."""
        return self._provider.health()

    def _forget(self) -> None:
        now = self._clock()
        for question in [each for each, (until, _) in self._kept.items() if until <= now]:
            del self._kept[question]


def _question(*parts: str | bytes) -> bytes:
    """One short name for exactly these parts."""
    told = [part.encode() if isinstance(part, str) else part for part in parts]
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in told)).digest()
