"""Which files are taken, and what whoever hands in another one is told."""

from __future__ import annotations

import pytest

from dhr_app.casework import file_kinds, files, incoming, word_file
from dhr_app.casework.house import House
from tests import documents

GOOD = {
    "a Word file":            ("report.docx", documents.word()),
    "a Word file with a link": ("report.docx", documents.word(outward={"hyperlink": "https://www.example"})),
    "one made from a template on the writer's own disk": (
        "report.docx", documents.word(outward={"attachedTemplate": r"file:///C:\Users\ann\letter.dotx"})),
    "a PDF":                  ("report.pdf", documents.pdf(2)),
    "a name in capitals":     ("REPORT.PDF", documents.pdf()),
    "a name with a folder":   (r"C:\Users\Ann\report.docx", documents.word()),
    "one of several chunks":  ("report.docx", documents.word(stored=bytes(range(256)) * 1500)),
}  # fmt: skip

WORD_BYTES, PDF_BYTES = documents.word(), documents.pdf(3)

BAD = {
    "nothing":                  ("report.docx", b"", incoming.EMPTY),
    "a picture":                ("report.png", b"\x89PNG\r\n\x1a\n" + bytes(99), file_kinds.WRONG_KIND),
    "a text":                   ("report.txt", b"Dear all", file_kinds.WRONG_KIND),
    "an old Word file":         ("report.doc", documents.OLE, file_kinds.OLD_WORD),
    "an old Excel file":        ("report.xls", documents.OLE, file_kinds.WRONG_KIND),
    "a locked Word file":       ("report.docx", documents.OLE, file_kinds.LOCKED_WORD),
    "a Word file cut off":      ("report.docx", WORD_BYTES[:-40], word_file.CUT_OFF),
    "a Word file cut to its beginning": ("report.docx", WORD_BYTES[:300], word_file.CUT_OFF),
    "a Word file with its middle gone": (
        "report.docx", WORD_BYTES[:120] + WORD_BYTES[160:], word_file.CUT_OFF),
    "a Word file with a byte changed": (
        "report.docx", documents.word(stored=b"picture" * 99).replace(b"picture", b"pictura", 1), word_file.CUT_OFF),
    "a Word file with something after it": ("report.docx", WORD_BYTES + b"more", word_file.CUT_OFF),
    "a zip":                    ("report.docx", documents.word(main="application/x"), word_file.NOT_WORD),
    "a Word file with macros":  ("report.docm", documents.word(main=documents.WITH_MACROS), word_file.PROGRAM),
    "macros under another name": (
        "report.docx", documents.word(more={"word/vbaProject.bin": b"x"}), word_file.PROGRAM),
    "an ActiveX control":       ("report.docx", documents.word(more={"word/activeX/a.xml": b"x"}), word_file.PROGRAM),
    "a sheet inside":           (
        "report.docx", documents.word(more={"word/embeddings/s.xlsx": b"x"}), word_file.INSIDE),
    "an object inside":         (
        "report.docx", documents.word(more={"word/media/oleObject1.bin": b"x"}), word_file.INSIDE),
    "a template elsewhere":     (
        "report.docx", documents.word(outward={"attachedTemplate": "https://far.example/t.dotm"}), word_file.OUTSIDE),
    "a template on a share":    (
        "report.docx", documents.word(outward={"attachedTemplate": r"file://far/t.dotx"}), word_file.OUTSIDE),
    "a linked picture":         (
        "report.docx", documents.word(outward={"image": "https://far.example/p.png"}), word_file.OUTSIDE),
    "definitions in its XML":   (
        "report.docx",
        documents.word(more={"word/_rels/x.rels": b'<!DOCTYPE r [<!ENTITY a "b">]><r/>'}), word_file.NOT_WORD),
    "a name that climbs":       ("report.docx", documents.word(more={"../evil.xml": b"x"}), word_file.NOT_WORD),
    "a bomb":                   ("report.docx", documents.bomb(), word_file.TOO_MUCH),
    "a crowd":                  ("report.docx", documents.crowd(), word_file.TOO_MUCH),
    "a PDF cut off":            ("report.pdf", PDF_BYTES[:-60], file_kinds.CUT_OFF_PDF),
    "a PDF cut in the middle":  ("report.pdf", PDF_BYTES[: len(PDF_BYTES) // 2], file_kinds.CUT_OFF_PDF),
    "not even the head of a PDF": ("report.pdf", b"Not a PDF at all", file_kinds.CUT_OFF_PDF),
    "a locked PDF":             ("report.pdf", documents.pdf(password="heron"), file_kinds.LOCKED_PDF),
    "a PDF with a program":     ("report.pdf", documents.pdf(program="app.alert(1)"), file_kinds.LIVE_PDF),
    "a PDF with a file inside": ("report.pdf", documents.pdf(carries=WORD_BYTES), file_kinds.LIVE_PDF),
    "a PDF called Word":        ("report.docx", PDF_BYTES, file_kinds.MISNAMED),
    "a Word file called PDF":   ("report.pdf", WORD_BYTES, file_kinds.MISNAMED),
    "a Word file without a name": ("report", WORD_BYTES, file_kinds.MISNAMED),
}  # fmt: skip


@pytest.mark.parametrize("what", GOOD)
def test_this_is_taken(house: House, what: str) -> None:
    name, data = GOOD[what]
    arrived = files.arrived(name, data)
    assert file_kinds.look_into(arrived) == ""
    arrived.throw_away()
    assert (arrived.media, arrived.size) == (name.lower()[-4:].strip("."), len(data))


@pytest.mark.parametrize("what", BAD)
def test_this_is_refused_with_its_reason_and_nothing_of_it_is_left(house: House, what: str) -> None:
    name, data, reason = BAD[what]
    arrived = files.arrived(name, data)
    assert file_kinds.look_into(arrived) == reason
    assert arrived.fault == reason
    assert not list(house.store.parts())
    assert not list(house.store.objects())


def test_a_form_for_pdfs_alone_says_so(house: House) -> None:
    arrived = files.arrived("a.docx", WORD_BYTES)
    assert file_kinds.look_into(arrived, (file_kinds.PDF,)) == "This kind of file is not taken here: hand in a PDF."


def test_every_reason_is_a_sentence_that_says_what_to_do() -> None:
    for _, _, reason in BAD.values():
        assert reason.endswith(".")
        assert len(reason) > 60
