"""Signed notes are those that other people's tools know, and only what was signed passes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dhr_app.adapters.signed_notes import KeyExists, NoteError, Signer, make_signer, read_signer, verifier_of

# The example of the reference implementation (golang.org/x/mod/sumdb/note).
PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)


@pytest.fixture
def peter(tmp_path: Path) -> Signer:
    path = tmp_path / "key"
    path.write_text(PRIVATE + "\n", encoding="utf-8")
    path.chmod(0o600)
    return read_signer(path)


def test_a_note_is_signed_as_the_reference_implementation_signs_it(peter: Signer) -> None:
    assert peter.sign(TEXT) == f"{TEXT}\n{SIGNATURE}\n"
    assert str(peter.verifier) == PUBLIC
    assert verifier_of(PUBLIC) == peter.verifier


def test_a_note_opens_with_its_signer_s_key_among_other_signatures(peter: Signer) -> None:
    note = f"{TEXT}\n— A.Witness AAAABBBB\n{SIGNATURE}\n"
    assert peter.verifier.opened(note) == TEXT


@pytest.mark.parametrize(
    "note",
    [
        f"{TEXT.replace('answer', 'Answer')}\n{SIGNATURE}\n",
        f"{TEXT}\n{SIGNATURE.replace('ZJkuBS9', 'ZJkuBS8')}\n",
        f"{TEXT}\n{SIGNATURE.replace('PeterNeumann', 'PaulNeumann')}\n",
        f"{TEXT}\n{SIGNATURE}",
        f"{TEXT}{SIGNATURE}\n",
        f"{TEXT}\n— PeterNeumann not base64!\n",
        f"{TEXT}\n",
        "",
    ],
)
def test_anything_else_does_not_open(peter: Signer, note: str) -> None:
    with pytest.raises(NoteError):
        peter.verifier.opened(note)


def test_another_key_of_the_same_name_signs_nothing_that_passes(peter: Signer) -> None:
    with pytest.raises(NoteError, match="signature"):
        peter.verifier.opened(Signer("PeterNeumann", b"\x05" * 32).sign(TEXT))


@pytest.mark.parametrize(
    "line", ["", "PeterNeumann", PUBLIC[:-4] + "AAAA", PUBLIC.replace("c74f20a3", "c74f20a4"), PRIVATE]
)
def test_a_public_key_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(NoteError, match="public key"):
        verifier_of(line)


class TestTheFileOfTheKey:
    def test_it_is_made_once_for_its_owner_alone_and_read_again(self, tmp_path: Path) -> None:
        path = tmp_path / "signing.key"
        made = make_signer(path, "dhr-audit/barsetshire")
        assert path.stat().st_mode & 0o777 == 0o600
        assert read_signer(path) == made
        with pytest.raises(NoteError, match="never overwritten"):
            make_signer(path, "dhr-audit/barsetshire")
        assert read_signer(path) == made

    def test_of_many_who_make_it_at_once_one_does_and_nobody_reads_half_of_it(self, tmp_path: Path) -> None:
        path, together = tmp_path / "signing.key", threading.Barrier(8)

        def make(_: int) -> Signer:
            together.wait()
            try:
                return make_signer(path, "dhr-audit/barsetshire")
            except KeyExists:
                return read_signer(path)

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(make, range(8))) == {read_signer(path)}
        assert [each.name for each in tmp_path.iterdir()] == ["signing.key"]

    def test_two_keys_differ_and_neither_shows_itself(self, tmp_path: Path) -> None:
        one, other = (make_signer(tmp_path / name, "dhr-audit/barsetshire") for name in ("one", "other"))
        assert one.seed != other.seed
        assert repr(one.seed) not in repr(one)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("", "does not hold a signing key"),
            (PUBLIC, "does not hold a signing key"),
            (PRIVATE[:-8], "does not hold a signing key"),
            (PRIVATE.replace("c74f20a3", "c74f20a4"), "was changed"),
            (PRIVATE.replace("PeterNeumann", "PaulNeumann"), "was changed"),
        ],
    )
    def test_what_is_no_key_is_refused_in_a_sentence_without_it(self, tmp_path: Path, content: str, said: str) -> None:
        path = tmp_path / "signing.key"
        path.write_text(content, encoding="utf-8")
        path.chmod(0o600)
        with pytest.raises(NoteError, match=said) as refusal:
            read_signer(path)
        assert "AYEKF" not in str(refusal.value)

    def test_one_that_others_can_read_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "signing.key"
        make_signer(path, "x")
        path.chmod(0o644)
        with pytest.raises(NoteError, match="chmod 600"):
            read_signer(path)

    def test_one_that_is_not_there_is_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(NoteError, match="There is no signing key"):
            read_signer(tmp_path / "nowhere.key")
        with pytest.raises(NoteError, match="could not be written"):
            make_signer(tmp_path / "no folder" / "key", "x")
