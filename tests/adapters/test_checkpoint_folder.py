"""A checkpoint is written once, whole, and never over another."""

from __future__ import annotations

from pathlib import Path

import pytest

from dhr_app.adapters.checkpoint_folder import CheckpointFolder, FolderError


@pytest.fixture
def folder(tmp_path: Path) -> CheckpointFolder:
    return CheckpointFolder(tmp_path / "far" / "away")


def test_what_was_written_is_read_again_in_order(folder: CheckpointFolder) -> None:
    assert list(folder.notes()) == []
    for number in (2, 10, 1):
        folder.write(number, f"note {number}\n")
    (folder.path / "another.txt").write_text("not a note", encoding="utf-8")
    assert list(folder.notes()) == [(1, "note 1\n"), (2, "note 2\n"), (10, "note 10\n")]


def test_a_note_is_never_overwritten(folder: CheckpointFolder) -> None:
    folder.write(1, "the first\n")
    folder.write(1, "the first\n")
    with pytest.raises(FolderError, match="Another checkpoint 1"):
        folder.write(1, "another\n")
    assert list(folder.notes()) == [(1, "the first\n")]


def test_a_folder_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    folder = CheckpointFolder(tmp_path / "file")
    for ask in (lambda: folder.write(1, "a note\n"), folder.numbers):
        with pytest.raises(FolderError, match="cannot be used"):
            ask()


def test_a_note_that_is_no_text_is_an_empty_one(folder: CheckpointFolder) -> None:
    folder.write(1, "a note\n")
    (folder.path / "checkpoint-00000001.note").write_bytes(b"\xff\xfe")
    assert list(folder.notes()) == [(1, "")]
