"""How the recovery shares reach their holders: what each is shown, or one file each."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from dhr_app.casework.shares import HOLDERS, NEEDED, Shares, SharesRefused

WORDS_IN_A_LINE = 6


def in_turn(made: Shares) -> list[str]:
    """What each holder alone is given to see, and keeps."""
    return [_written(made.number, number, words) for number, words in enumerate(made.words, 1)]


def to_folder(folder: Path, *, not_in: Path) -> Callable[[Shares], None]:
    """Write each share to a file that only its owner reads. Raises SharesRefused; no file is ever written over."""

    def hand_over(made: Shares) -> None:
        if folder.resolve().is_relative_to(not_in.resolve()):
            raise SharesRefused(f"{folder} lies in the instance folder, whose backups would hold the shares.")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for number, words in enumerate(in_turn(made), 1):
                path = folder / f"recovery-share-{made.number}-{number}.txt"
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                    file.write(words + "\n")
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise SharesRefused(f"The shares could not be written to {folder}: {error.strerror}.") from None

    return hand_over


def _written(set_number: int, number: int, words: str) -> str:
    """One holder's words, in lines; those that begin with # are for people alone."""
    each = words.split()
    lines = [" ".join(each[start : start + WORDS_IN_A_LINE]) for start in range(0, len(each), WORDS_IN_A_LINE)]
    head = (
        f"# Recovery share {number} of {HOLDERS}, set {set_number}. Any {NEEDED} shares of one set open every review."
    )
    return "\n".join([head, "# Keep it on paper, apart from the other shares and from any computer.", *lines])
