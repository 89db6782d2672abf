"""Real Word files and PDFs for tests, made of bytes: good ones, and one for each thing that can be wrong with them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pikepdf

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
)
PLAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN_PART = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048)


def word(
    text: str = "The panel met on three days.",
    *,
    main: str = PLAIN,
    outward: Mapping[str, str] | None = None,
    more: Mapping[str, bytes] | None = None,
    stored: bytes = b"",
) -> bytes:
    """A Word file. `outward` are links out of it, by kind; `more` are further parts; `stored` is put in unpacked."""
    links = "".join(
        f'<Relationship Id="x{number}" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
        for number, (kind, target) in enumerate((outward or {}).items())
    )
    body = f'<w:document xmlns:w="urn:w"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    parts = {
        "[Content_Types].xml": CONTENT_TYPES.format(main=main).encode(),
        "_rels/.rels": RELS.format(inside=MAIN_PART).encode(),
        "word/document.xml": body.encode(),
        "word/_rels/document.xml.rels": RELS.format(inside=links).encode(),
        **(more or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
        if stored:
            packed.writestr("word/media/image1.png", stored, zipfile.ZIP_STORED)
    return file.getvalue()


def pdf(pages: int = 1, *, password: str = "", program: str = "", carries: bytes = b"", stored: bytes = b"") -> bytes:
    """A PDF. `program` is JavaScript that runs when it is opened, `carries` a file inside it."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    if program:
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=program)
    if carries:
        made.attachments["inside.docx"] = carries
    if stored:
        made.pages[0].Contents = made.make_stream(stored)
    locked = pikepdf.Encryption(owner="owner", user=password) if password else None
    file = io.BytesIO()
    made.save(file, encryption=locked or False, compress_streams=False, deterministic_id=not locked)
    return file.getvalue()


def bomb() -> bytes:
    """A Word file of some kilobytes with eighty megabytes inside."""
    return word(more={"word/media/image1.bmp": bytes(80 * 1024 * 1024)})


def crowd() -> bytes:
    """A Word file of three thousand parts."""
    return word(more={f"word/media/{number}.txt": b"x" for number in range(3000)})
