"""The file of tombstones: written once and on the disk, and found out wherever it is not what was written."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.adapters import tombstones
from dhr_app.adapters.signed_notes import Signer
from dhr_app.adapters.tombstones import TombstoneError, TombstoneFile
from dhr_app.workflows.retention import Grave

SIGNER = Signer("dhr-audit/barsetshire", b"s" * 32)
NOBODY = UUID(int=0)
BROKEN = "are not as they were written, first in line"


def grave(number: int = 1, **changes: Any) -> Grave:
    made = Grave(
        UUID(int=number), "identities", NOBODY, (1, 2), datetime(2032, 6, 3, 9, tzinfo=UTC), "Retention, 2026",
        bytes([number]) * 32,
    )  # fmt: skip
    return replace(made, **changes)


@pytest.fixture
def file(tmp_path: Path) -> TombstoneFile:
    return TombstoneFile(tmp_path / "tombstones", lambda: SIGNER)


@pytest.fixture
def three(file: TombstoneFile) -> TombstoneFile:
    for number in (1, 2, 3):
        file.append(grave(number))
    return file


def test_nothing_is_there_and_no_key_is_asked_for_before_the_first(tmp_path: Path) -> None:
    file = TombstoneFile(tmp_path / "tombstones", lambda: pytest.fail("the key was asked for"))
    assert file.all() == ()
    assert not file.folder.exists()


def test_what_was_appended_is_read_again_in_its_order(three: TombstoneFile) -> None:
    stones = three.all()
    assert [stone.grave for stone in stones] == [grave(1), grave(2), grave(3)]
    assert [stone.number for stone in stones] == [1, 2, 3]
    assert three.append(grave(4)) == three.all()[3].hash


def test_the_same_domain_again_has_the_tombstone_it_has(three: TombstoneFile) -> None:
    before = three.path.read_bytes()
    again = grave(2, generations=(1, 2, 3), policy="Another")
    assert three.append(again) == three.all()[1].hash
    assert three.path.read_bytes() == before


@pytest.mark.parametrize("change", [{"record_class": "family"}, {"subject_id": uuid4()}])
def test_another_class_or_family_member_of_the_same_review_has_its_own(
    three: TombstoneFile, change: dict[str, object]
) -> None:
    three.append(grave(2, **change))
    assert len(three.all()) == 4


def test_only_its_owner_reads_it(three: TombstoneFile) -> None:
    assert stat.S_IMODE(three.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(three.folder.stat().st_mode) == 0o700


def test_it_is_on_the_disk_before_it_is_said_to_be(file: TombstoneFile, monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[tuple[str, int]] = []
    fsync = os.fsync

    def watched(handle: int) -> None:
        settled.append((os.readlink(f"/proc/self/fd/{handle}"), os.fstat(handle).st_size))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    file.append(grave())
    assert [path for path, _ in settled] == [str(file.path), str(file.folder)]
    assert settled[0][1] == file.path.stat().st_size


def lines(file: TombstoneFile) -> list[bytes]:
    return file.path.read_bytes().splitlines(keepends=True)


def told_again(line: bytes, **changes: object) -> bytes:
    """The line with something changed and the old signature under it."""
    told, _, signature = line.decode().rpartition(" ")
    return f"{json.dumps({**json.loads(told), **changes}, separators=(',', ':'))} {signature}".encode()


CHANGES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "one edited":         lambda all_: [all_[0], told_again(all_[1], **{"class": "evidence"}), all_[2]],
    "one taken out":      lambda all_: [all_[0], all_[2]],
    "the first cut off":  lambda all_: all_[1:],
    "two exchanged":      lambda all_: [all_[1], all_[0], all_[2]],
    "one twice":          lambda all_: [*all_, all_[2]],
    "a strange line":     lambda all_: [*all_, b"nothing of ours\n"],
    "an empty line":      lambda all_: [all_[0], b"\n", *all_[1:]],
    "not even text":      lambda all_: [all_[0], b"\xff\xfe\n", *all_[2:]],
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_is_refused_in_one_sentence_and_nothing_is_added(
    three: TombstoneFile, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    three.path.write_bytes(b"".join(change(lines(three))))
    before = three.path.read_bytes()
    with pytest.raises(TombstoneError, match=BROKEN):
        three.all()
    with pytest.raises(TombstoneError, match=BROKEN):
        three.append(grave(9))
    assert three.path.read_bytes() == before


@pytest.mark.parametrize("place", range(0, 700, 7))
def test_a_byte_changed_anywhere_is_found_out(file: TombstoneFile, place: int) -> None:
    for number in (1, 2):
        file.append(grave(number))
    data = bytearray(file.path.read_bytes())
    data[place % (len(data) - 1)] ^= 0x01
    file.path.write_bytes(bytes(data))
    with pytest.raises(TombstoneError, match=BROKEN):
        file.all()


def test_another_key_signs_nothing_of_ours(three: TombstoneFile) -> None:
    other = TombstoneFile(three.folder, lambda: Signer(SIGNER.name, b"t" * 32))
    with pytest.raises(TombstoneError, match=f"{BROKEN} 1:"):
        other.all()


def test_the_note_of_a_checkpoint_is_no_tombstone(three: TombstoneFile) -> None:
    told = lines(three)[0].decode().rpartition(" ")[0]
    signature = SIGNER.sign(f"{SIGNER.name}\n{told}\n").rstrip("\n").rpartition(" ")[2]
    three.path.write_text(f"{told} {signature}\n", encoding="utf-8")
    with pytest.raises(TombstoneError, match=BROKEN):
        three.all()


@pytest.mark.parametrize("left", [1, 40, -1])
def test_what_a_crash_left_half_written_is_no_tombstone_and_is_cut_off_by_the_next(
    three: TombstoneFile, left: int
) -> None:
    whole = lines(three)
    three.path.write_bytes(b"".join(whole[:2]) + whole[2][:left])
    assert len(three.all()) == 2
    three.append(grave(3))
    assert lines(three) == whole


def test_the_file_is_taken_as_it_is_where_the_last_are_cut_off(three: TombstoneFile) -> None:
    three.path.write_bytes(b"".join(lines(three)[:2]))
    assert len(three.all()) == 2  # that a third is missing, the database says


def test_many_writers_at_once_make_one_chain(file: TombstoneFile) -> None:
    with ThreadPoolExecutor(8) as threads:
        hashes = list(threads.map(lambda number: file.append(grave(number % 20 + 1)), range(60)))
    stones = file.all()
    assert len(stones) == 20
    assert set(hashes) == {stone.hash for stone in stones}


def test_a_folder_that_cannot_be_used_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file")
    file = TombstoneFile(tmp_path / "in the way", lambda: SIGNER)
    with pytest.raises(TombstoneError, match=r"^The tombstones in .*/in the way/tombstones\.log cannot be used: "):
        file.append(grave())


def test_a_disk_that_is_full_leaves_no_whole_line(three: TombstoneFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int, data: bytes) -> None:
        os.write(handle, data[:50])
        raise OSError(28, "No space left on device")

    before = three.all()
    monkeypatch.setattr(tombstones, "_write", full)
    with pytest.raises(TombstoneError, match="No space left on device"):
        three.append(grave(4))
    assert three.all() == before
    monkeypatch.undo()
    three.append(grave(4))
    assert len(three.all()) == 4
