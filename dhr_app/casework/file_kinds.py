"""Which files are taken: told by what is in them, never by their name alone, and refused with a reason that helps."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import BinaryIO

import pikepdf

from dhr_app.adapters.store import StoreError
from dhr_app.casework import word_file
from dhr_app.casework.incoming import EMPTY, NOT_KEPT, Incoming
from dhr_app.casework.unfit import Unfit
from dhr_app.database.sealed_file import CannotOpenFile

WORD, PDF = "docx", "pdf"
WORD_AND_PDF = (WORD, PDF)

# The content type that a browser is told, by kind. Nothing else is ever sent.
MEDIA_TYPES = {
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PDF:  "application/pdf",
}  # fmt: skip

OLD_WORD = "This is a Word file of the old kind (.doc). Open it in Word, save it as .docx or as PDF, and hand that in."
LOCKED_WORD = "This Word file is locked with a password. Take the password away in Word, save it, and hand it in again."
WRONG_KIND = (
    "This is not a Word file (.docx) or a PDF. Save it as one of the two, and hand that in. "
    "On a phone: Share, then Print, then save it as PDF."
)
MISNAMED = "This file is not what its name says. Open it, save it again as .docx or PDF, and hand that in."
NEITHER = "This kind of file is not taken here: hand in {}."
CUT_OFF_PDF = "This PDF is damaged or was cut off. Open it, save it as PDF again, and hand that in."
LOCKED_PDF = "This PDF is locked. Save it without a password or restrictions, and hand that in."
LIVE_PDF = "This PDF holds a program or carries other files. Print it to a new PDF, and hand that in."

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_HEAD = 1024  # a PDF may begin a little later than its file
_NAMES = {WORD: "a Word file (.docx)", PDF: "a PDF"}
_ENDINGS = {".docx": WORD, ".pdf": PDF}


def look_into(incoming: Incoming, kinds: Collection[str] = WORD_AND_PDF) -> str:
    """Read the file back and find what it is: sets its `media`, or refuses it. Returns the reason, empty where it fits.

    A file with a fault already is not looked into again.
    """
    if incoming.fault or incoming.media:
        return incoming.fault
    try:
        with incoming.read_back() as file:
            incoming.media = _kind(file, incoming.filename, kinds)
    except Unfit as unfit:
        incoming.refuse(unfit.sentence)
    except (StoreError, CannotOpenFile):
        incoming.refuse(NOT_KEPT if incoming.size else EMPTY)
    return incoming.fault


def _kind(file: BinaryIO, name: str, kinds: Collection[str]) -> str:
    head = file.read(_HEAD)
    ending = next((kind for end, kind in _ENDINGS.items() if name.lower().endswith(end)), None)
    if head.startswith(_OLE):
        raise Unfit(
            LOCKED_WORD if ending == WORD else OLD_WORD if name.lower().endswith((".doc", ".dot")) else WRONG_KIND
        )
    if head.startswith(_ZIP):
        kind, check = WORD, word_file.check
    elif b"%PDF-" in head:
        kind, check = PDF, _check_pdf
    else:
        raise Unfit({PDF: CUT_OFF_PDF, WORD: word_file.CUT_OFF}.get(ending or "", WRONG_KIND))
    _take(check, file)
    if ending != kind:
        raise Unfit(MISNAMED)
    if kind not in kinds:
        raise Unfit(NEITHER.format(" or ".join(_NAMES[each] for each in kinds)))
    return kind


def _take(check: Callable[[BinaryIO], None], file: BinaryIO) -> None:
    file.seek(0)
    check(file)


def _check_pdf(file: BinaryIO) -> None:
    """Raises Unfit for one that is damaged, encrypted, or does something when it is opened."""
    try:
        with pikepdf.open(file, attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Unfit(LOCKED_PDF)
            if not len(pdf.pages):
                raise Unfit(CUT_OFF_PDF)
            if _is_alive(pdf):
                raise Unfit(LIVE_PDF)
    except pikepdf.PasswordError:
        raise Unfit(LOCKED_PDF) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, LookupError, TypeError, AttributeError):
        raise Unfit(CUT_OFF_PDF) from None


def _is_alive(pdf: pikepdf.Pdf) -> bool:
    """Whether the document as a whole runs a program, starts another, or carries files."""
    root = pdf.Root
    with suppress(KeyError, AttributeError):
        if {"/JavaScript", "/EmbeddedFiles"} & set(root.Names.keys()):
            return True
    action = root.get("/OpenAction")
    kind = action.get("/S") if isinstance(action, pikepdf.Dictionary) else None
    return kind in (pikepdf.Name.JavaScript, pikepdf.Name.Launch, pikepdf.Name.ImportData)
