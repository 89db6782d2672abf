"""The certificate of a disposal, to be kept outside this system. By POST: that it was made is written down."""

from __future__ import annotations

from flask import Response

from dhr_app.casework.certificate import certificate_of
from dhr_app.web.records.views import room
from dhr_app.web.security import current_person, this_moment
from dhr_app.web.sending import sent


@room.post("/reviews/<reference>/records/<int:number>/certificate", permission="records.see")
def certificate(reference: str, number: int) -> Response:
    """The PDF. Its name holds the reference and a number, and nobody's name."""
    data = certificate_of(reference, number, by=current_person(), at=this_moment())
    return sent([data], name=f"certificate-{reference}-{number}.pdf", media_type="application/pdf", size=len(data))
