"""The sealed file: opened whole and from anywhere, and by no other row, key or length than it was sealed for."""

from __future__ import annotations

import io
import os
import random
from uuid import uuid4

import pytest

from dhr_app.database.sealed_file import CHUNK, HEADER, TAG, CannotOpenFile, SealedReader, Sealing, new_file_key

KEY, ROW = bytes(range(32)), uuid4()
LENGTHS = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7)


def sealed(data: bytes, *, piece: int = 10_000) -> bytes:
    sealing = Sealing(KEY, ROW)
    pieces = [sealing.add(data[start : start + piece]) for start in range(0, len(data), piece)]
    return b"".join([sealing.begin(), *pieces, sealing.end()])


def opened(data: bytes, key: bytes = KEY, row=ROW) -> bytes:
    return SealedReader(io.BytesIO(data), key, row).read()


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("piece", [997, CHUNK, 10 * CHUNK])
def test_what_was_sealed_is_opened_again_whatever_its_length(length: int, piece: int) -> None:
    data = os.urandom(length)
    kept = sealed(data, piece=piece)
    assert opened(kept) == data
    assert len(kept) == HEADER.size + length + TAG * max(1, -(-length // CHUNK))


def test_it_can_be_read_from_anywhere() -> None:
    data = os.urandom(5 * CHUNK + 123)
    reader = io.BufferedReader(SealedReader(io.BytesIO(sealed(data)), KEY, ROW))
    chance = random.Random(7)  # noqa: S311 - the same places each time
    for _ in range(200):
        start, length = chance.randrange(len(data)), chance.randrange(2 * CHUNK)
        reader.seek(start)
        assert reader.read(length) == data[start : start + length]
    reader.seek(-10, io.SEEK_END)
    assert reader.read() == data[-10:]


@pytest.mark.parametrize("length", [1, CHUNK, 3 * CHUNK, 3 * CHUNK + 7])
def test_whatever_is_cut_off_is_noticed(length: int) -> None:
    kept = sealed(os.urandom(length))
    whole = CHUNK + TAG
    cuts = {0, 10, HEADER.size, HEADER.size + 5, len(kept) - 1, len(kept) - TAG, len(kept) - TAG - 1}
    cuts |= {HEADER.size + whole * number + more for number in range(1, 4) for more in (-1, 0, 1, 5, TAG, TAG + 1)}
    for cut in sorted(cut for cut in cuts if cut < len(kept)):
        with pytest.raises(CannotOpenFile):
            opened(kept[:cut])


def test_chunks_that_are_exchanged_repeated_dropped_or_added_are_noticed() -> None:
    kept = sealed(os.urandom(3 * CHUNK))
    header, whole = kept[: HEADER.size], CHUNK + TAG
    one, two, three = (kept[HEADER.size + whole * each :][:whole] for each in range(3))
    for order in ((two, one, three), (one, one, three), (two, three), (one, three), (one, two, three, three),
                  (one, two, three, one), (one, two, three, bytes(TAG)), (one, two, three, b"x")):  # fmt: skip
        with pytest.raises(CannotOpenFile):
            opened(header + b"".join(order))


def test_an_edited_header_opens_nothing() -> None:
    kept = sealed(b"chapter three")
    for place in range(HEADER.size):
        with pytest.raises(CannotOpenFile):
            opened(kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :])


def test_a_file_opens_for_its_own_row_and_key_alone() -> None:
    kept = sealed(b"chapter three")
    for key, row in ((KEY, uuid4()), (new_file_key(), ROW), (b"short", ROW)):
        with pytest.raises(CannotOpenFile):
            opened(kept, key, row)


def test_nothing_of_it_stands_in_clear_and_the_same_file_is_never_sealed_the_same_way() -> None:
    data = b"canary of Barchester" * 20_000
    first, second = sealed(data), sealed(data)
    assert b"canary" not in first
    assert first[HEADER.size :] != second[HEADER.size :]
