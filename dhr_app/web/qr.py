"""A QR code as a picture inside the page: no other address is asked for it, and nothing of it is kept."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_picture(text: str, title: str) -> Markup:
    """The code as inline SVG, without any style of its own."""
    code = segno.make(text, error="m", micro=False)
    svg = code.svg_inline(scale=4, light="white", title=title, svgclass=None, lineclass=None)
    return Markup(svg)  # noqa: S704 - made here, of figures; the title is escaped by the library
