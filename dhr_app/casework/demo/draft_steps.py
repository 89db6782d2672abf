"""What people do with drafts: the chair or author hands one in, somebody reads it, the panel is let in."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import draft, files
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.draft import DraftEntry
from dhr_app.database.models.draft import Draft
from dhr_app.database.models.review import Review
from dhr_app.workflows.roles import Role

CHAIR = Role.INDEPENDENT_CHAIR

# A Word file with nothing in it but one paragraph: the parts that Word asks for, and no more.
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_BODY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>"
)


def drafted(
    day: int, kind: str, name: str, note: str, *, shared: bool = False, title: str = "", by: Role = CHAIR
) -> Step:
    """A Word file is handed in as the next version of its paper, or of the other document of this title."""

    def do(case: Playing, at: datetime) -> None:
        arrived = files.arrived(name, word_file(f"{note} ({case.reference}, {at:%d %B %Y})"))
        draft.hand_in(case.reference, DraftEntry(kind, note, shared, title), arrived, by=case.person(by), at=at)

    return Step(day, do, sealed=tuple(filter(None, (name, note, title))))


def draft_read(day: int, kind: str, number: int, *, by: Role) -> Step:
    """Somebody takes a version out to read it."""

    def do(case: Playing, at: datetime) -> None:
        taken = draft.take_out(case.reference, _version(case, kind, number), by=case.person(by), at=at)
        taken.content.close()

    return Step(day, do)


def word_file(text: str) -> bytes:
    """A Word file that says this; `text` holds no mark-up."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELS),
            ("word/document.xml", _BODY.format(text)),
        ):
            packed.writestr(zipfile.ZipInfo(name), part)
    return made.getvalue()


def _version(case: Playing, kind: str, number: int) -> UUID:
    with case.house.reading() as session:
        wanted = (
            select(Draft.id)
            .join(Review, Review.id == Draft.review_id)
            .where(Review.reference == case.reference, Draft.kind == kind, Draft.number == number)
        )
        return session.scalars(wanted).one()
