"""The folder that checkpoints are written to: one file for each, made once and never again, so that it can be WORM."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dhr_app.adapters.written_once import write_once

NAME = re.compile(r"checkpoint-(\d{8})\.note")
FILE_MODE, FOLDER_MODE = 0o644, 0o755  # a note is made to be shown


def file_name(number: int) -> str:
    """What the file of the note of this number is called."""
    return f"checkpoint-{number:08}.note"


class FolderError(Exception):
    """The folder cannot be read or written, or holds another note than it should; the message is one sentence."""


@dataclass(frozen=True)
class CheckpointFolder:
    """A folder, perhaps on another host's share; it is made when the first note is written."""

    path: Path

    def numbers(self) -> set[int]:
        """The numbers of the notes that are there. Raises FolderError."""
        try:
            return {int(found[1]) for name in os.listdir(self.path) if (found := NAME.fullmatch(name))}
        except FileNotFoundError:
            return set()
        except OSError as error:
            raise self._unusable(error) from None

    def notes(self) -> Iterator[tuple[int, str]]:
        """Every note with its number, in their order. Raises FolderError; one that is no text is an empty note."""
        for number in sorted(self.numbers()):
            yield number, self._read(number)

    def write(self, number: int, note: str) -> None:
        """Put a note where none of this number is yet; the same one again is left alone. Raises FolderError."""
        try:
            self.path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            write_once(self._file(number), note.encode(), mode=FILE_MODE)
        except FileExistsError:
            if self._read(number) != note:
                raise FolderError(f"Another checkpoint {number} stands in the folder than the one made here.") from None
        except OSError as error:
            raise self._unusable(error) from None

    def _file(self, number: int) -> Path:
        return self.path / file_name(number)

    def _read(self, number: int) -> str:
        try:
            return self._file(number).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return ""
        except OSError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: OSError) -> FolderError:
        return FolderError(f"The folder of checkpoints {self.path} cannot be used: {error.strerror}.")
