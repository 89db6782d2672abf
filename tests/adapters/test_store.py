"""The document store: whole objects or none, private, on the disk before anybody says so, and no name of its own."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dhr_app.adapters import store
from dhr_app.adapters.store import Folder, NotInStore, StoreError, StoreFull, open_store
from dhr_app.settings import SettingsError

NAME = UUID("0a51b1c2-0000-4000-8000-000000000000")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "documents")


def put(folder: Folder, name: UUID = NAME, data: bytes = b"sealed") -> None:
    part = folder.begin(name)
    part.write(data)
    part.keep()


def test_a_setting_names_a_folder_and_any_other_kind_is_refused_with_a_sentence(tmp_path: Path) -> None:
    assert open_store(f"file://{tmp_path}/a%20folder") == Folder(tmp_path / "a folder")
    assert not list(tmp_path.iterdir())
    for url in ("s3://bucket", "file://server/share", "documents", ""):
        with pytest.raises(SettingsError, match="store_url names a store that this version does not know"):
            open_store(url)


def test_a_part_becomes_an_object_that_only_its_owner_may_read(folder: Folder) -> None:
    put(folder)
    with folder.open(NAME) as file:
        assert file.read() == b"sealed"
    place = folder.place(NAME)
    assert place == folder.root / "obj" / "0a" / str(NAME)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    for parent in (place.parent, place.parent.parent, folder.root / "tmp"):
        assert stat.S_IMODE(parent.stat().st_mode) == 0o700
    assert [each.name for each in folder.objects()] == [str(NAME)]
    assert not list(folder.parts())


def test_until_it_is_kept_it_is_no_object_and_once_thrown_away_it_is_nothing(folder: Folder) -> None:
    part = folder.begin(NAME)
    part.write(b"half")
    with part.read_back() as file:
        assert file.read() == b"half"
    with pytest.raises(NotInStore):
        folder.open(NAME)
    assert [each.name for each in folder.parts()] == [f"{NAME}.part"]
    part.throw_away()
    part.throw_away()
    assert not list(folder.parts())


def test_no_part_is_begun_twice(folder: Folder) -> None:
    part = folder.begin(NAME)
    with pytest.raises(StoreError):
        folder.begin(NAME)
    part.throw_away()


def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_it_is_said(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, uuid4())  # the folders are there
    put(folder, UUID(int=NAME.int + 1))
    done: list[str] = []
    fsync, rename = os.fsync, os.rename

    def synced(handle: int) -> None:
        done.append(_kind(handle))
        fsync(handle)

    def renamed(*paths: Path) -> None:
        done.append("rename")
        rename(*paths)

    monkeypatch.setattr(store.os, "fsync", synced)
    monkeypatch.setattr(store.os, "rename", renamed)
    put(folder)
    assert done == ["file", "rename", "folder"]


def _kind(handle: int) -> str:
    return "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"


def test_a_full_disk_and_a_broken_one_are_told_apart(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, uuid4())
    for number, told in ((28, StoreFull), (122, StoreFull), (5, StoreError)):
        monkeypatch.setattr(store.os, "rename", _failing(number))
        part = folder.begin(uuid4())
        with pytest.raises(told) as failed:
            part.keep()
        assert type(failed.value) is told
        assert str(folder.root) not in str(failed.value)
        part.throw_away()
    assert not list(folder.parts())


def _failing(number: int):
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number), "/secret/path")

    return fail


def test_what_is_gone_stays_gone(folder: Folder) -> None:
    put(folder)
    folder.remove(NAME)
    folder.remove(NAME)
    folder.remove_part("nobody.part")
    with pytest.raises(NotInStore):
        folder.open(NAME)


def test_a_part_is_removed_by_its_name_alone(folder: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.touch()
    folder.remove_part("../../outside")
    assert outside.exists()
