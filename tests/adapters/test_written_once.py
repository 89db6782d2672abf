"""What is written once is whole or not there, whatever the file system knows, and stands over nothing else."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dhr_app.adapters.written_once import write_once


def without_links(source: object, target: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.fixture(params=["with links", "without links"])
def path(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place in an empty folder, on a file system as it mostly is, or one as sticks and some shares have."""
    if request.param == "without links":
        monkeypatch.setattr(os, "link", without_links)
    return tmp_path / "it"


@pytest.fixture(autouse=True)
def _others_may_read() -> Iterator[None]:
    """Whatever the process forbids new files by default, a command’s test before this one perhaps."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_it_is_for_its_owner_alone_unless_it_is_said_otherwise_and_leaves_nothing_beside_it(path: Path) -> None:
    write_once(path, b"a secret")
    write_once(path.with_name("shown"), b"a note", mode=0o644)
    assert path.read_bytes() == b"a secret"
    assert (path.stat().st_mode & 0o777, path.with_name("shown").stat().st_mode & 0o777) == (0o600, 0o644)
    assert sorted(os.listdir(path.parent)) == ["it", "shown"]


def test_it_never_stands_over_another(path: Path) -> None:
    write_once(path, b"the first")
    with pytest.raises(FileExistsError):
        write_once(path, b"another")
    assert path.read_bytes() == b"the first"
    assert os.listdir(path.parent) == ["it"]


def test_of_many_at_once_one_writes_it(path: Path) -> None:
    together = threading.Barrier(8)

    def write(number: int) -> bool:
        together.wait()
        try:
            write_once(path, bytes([number]) * 1000)
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(8))) == 1
    assert len(set(path.read_bytes())) == 1


def test_a_full_disk_leaves_nothing_that_is_half_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_once(path, b"a note")
    assert os.listdir(path.parent) == []


def test_a_folder_that_is_not_there_is_said(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_once(path.parent / "nowhere" / "it", b"a note")
