"""A Word file looked into before it is taken: whole, no larger inside than it may be, and nothing in it that acts."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from dhr_app.casework.unfit import Unfit

CUT_OFF = "This Word file is damaged or was cut off. Open it in Word, save it again, and hand that in."
NOT_WORD = "This is not a Word file, though it is packed like one. Save it as .docx or PDF, and hand that in."
TOO_MUCH = "This Word file holds far more than its size says, which is not safe. Save it as PDF, and hand that in."
PROGRAM = "This Word file holds a program (macros). Save it as .docx without macros, or as PDF, and hand that in."
INSIDE = "This Word file has other files inside it (such as a sheet or a mail). Take them out, or save it as PDF."
OUTSIDE = (
    "This Word file fetches something from elsewhere when it is opened (a template or a linked picture). "
    "Break its links, or save it as PDF, and hand that in."
)

MOST_ENTRIES = 2_000
MOST_BYTES = 500 * 1024 * 1024
MOST_RATIO, RATIO_COUNTS_FROM = 100, 1024 * 1024
LARGEST_RELS = 2 * 1024 * 1024
AT_ONCE = 256 * 1024

# The end of the directory: signature, disks, entries here and in all, size and place of the directory, comment length.
_END = struct.Struct("<4s4H2LH")
_PLAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PROGRAMS = re.compile(r"vbaproject|vbadata|activex|attachedtoolbars|macrosheets", re.IGNORECASE)
_EMBEDDED = re.compile(r"(^|/)embeddings/|oleobject|\.(zip|7z|rar|exe|dll|js|vbs|hta|lnk)$", re.IGNORECASE)
_OWN_DISK = re.compile(r"file:///[A-Za-z]:[\\/]")  # a template on the writer's own computer is not fetched from afar


def check(file: BinaryIO) -> None:
    """Raises Unfit. The sizes are looked at before anything is unpacked, and counted again while it is."""
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            _check_names([entry.filename for entry in entries])
            _check_sizes(entries)
            for entry in entries:
                _check_entry(packed, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, KeyError, OSError):
        raise Unfit(CUT_OFF) from None


def _check_directory(file: BinaryIO) -> None:
    """The directory stands at the very end, as Word writes it: so there is one only, and its size is known at once."""
    whole = file.seek(0, io.SEEK_END)
    if whole < _END.size:
        raise Unfit(CUT_OFF)
    file.seek(whole - _END.size)
    signature, *_, entries, size, place, comment = _END.unpack(file.read(_END.size))
    if signature != b"PK\x05\x06" or comment or place + size + _END.size != whole:
        raise Unfit(CUT_OFF)
    if entries > MOST_ENTRIES or size > LARGEST_RELS:
        raise Unfit(TOO_MUCH)
    file.seek(0)


def _check_names(names: list[str]) -> None:
    if len({name.lower() for name in names}) != len(names):
        raise Unfit(CUT_OFF)
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        raise Unfit(NOT_WORD)
    if any(_PROGRAMS.search(name) for name in names):
        raise Unfit(PROGRAM)
    if any(_EMBEDDED.search(name) for name in names):
        raise Unfit(INSIDE)
    if not {"[Content_Types].xml", "word/document.xml"} <= set(names):
        raise Unfit(NOT_WORD)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Unfit(TOO_MUCH)
    for entry in entries:
        if entry.flag_bits & 0x1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unfit(NOT_WORD)
        if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise Unfit(TOO_MUCH)


def _check_entry(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack it once, for nothing but its checksum; read what says of which kind it is and where it points."""
    if entry.filename == "[Content_Types].xml":
        _check_content_types(_small(packed, entry))
    elif entry.filename.lower().endswith(".rels"):
        for target in _outward(_small(packed, entry)):
            raise Unfit(OUTSIDE) if target else Unfit(CUT_OFF)
    else:
        with packed.open(entry) as unpacked:
            while unpacked.read(AT_ONCE):
                pass


def _check_content_types(data: bytes) -> None:
    kinds = [told.get("ContentType", "") for _, told in _elements(data)]
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in kinds):
        raise Unfit(PROGRAM)
    if _PLAIN not in kinds:
        raise Unfit(NOT_WORD)


def _outward(data: bytes) -> Iterator[str]:
    """Where a part of the file points outside, links that somebody has to press left aside."""
    for _, told in _elements(data):
        if told.get("TargetMode", "").lower() != "external":
            continue
        kind, target = told.get("Type", "").rpartition("/")[2], told.get("Target", "")
        if kind != "hyperlink" and not (kind == "attachedTemplate" and _OWN_DISK.match(target)):
            yield target or "nowhere"


def _small(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > LARGEST_RELS:
        raise Unfit(TOO_MUCH)
    with packed.open(entry) as unpacked:
        return unpacked.read()


def _elements(data: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every element with what it says. Raises Unfit for XML that is broken, or that defines things of its own."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise Unfit(NOT_WORD)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, told: found.append((name, told))
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise Unfit(CUT_OFF) from None
    return found
