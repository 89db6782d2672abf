"""Passwords: hashed by argon2id, two at a time, and checked just as slowly for somebody who does not exist."""

from __future__ import annotations

from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dhr_app.casework.house import house
from dhr_app.settings import Settings
from dhr_app.workflows.errors import Invalid

SHORTEST, LONGEST = 12, 256
COMMON = (
    "This password is one of those that are tried first. Choose three words that have nothing to do with each other, "
    "or with you: open a book three times and take a word each time."
)

# Each check takes as much memory as the settings say: more than two at once could exhaust a small machine.
_TURNS = BoundedSemaphore(2)


def check_choice(password: str) -> None:
    """Raise Invalid for a password that may not be chosen.

    Length is what counts, not kinds of characters (NCSC), and that nobody tries it first.
    """
    if len(password) < SHORTEST:
        raise Invalid(
            {"password": f"The password must have {SHORTEST} characters or more. Three random words are good."}
        )
    if len(password) > LONGEST:
        raise Invalid({"password": f"The password must have {LONGEST} characters or fewer."})
    if house().rule_book.common_passwords.hold(password):
        raise Invalid({"password": COMMON})


def hashed(password: str, settings: Settings) -> str:
    """The hash to keep. Never called inside a transaction: it takes a while."""
    with _TURNS:
        return _hasher(settings.password_memory_kib, settings.password_passes).hash(password)


def fits(password: str, kept: str | None, settings: Settings) -> bool:
    """Whether the password is the one that was kept; takes as long where nothing was kept."""
    hasher = _hasher(settings.password_memory_kib, settings.password_passes)
    known = kept if kept is not None else _nobody(settings.password_memory_kib, settings.password_passes)
    with _TURNS:
        try:
            hasher.verify(known, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None and len(password) <= LONGEST


def outdated(kept: str, settings: Settings) -> bool:
    """Whether the hash was made with other parameters than the settings ask for now."""
    return _hasher(settings.password_memory_kib, settings.password_passes).check_needs_rehash(kept)


@lru_cache
def _hasher(memory_kib: int, passes: int) -> PasswordHasher:
    return PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)


@lru_cache
def _nobody(memory_kib: int, passes: int) -> str:
    return _hasher(memory_kib, passes).hash("nobody has this password")
