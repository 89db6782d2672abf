"""The bones of a page: what its main part is made of, without the words, so that two of one shape are examined once."""

from __future__ import annotations

import re

from lxml import html  # type: ignore[import-untyped]

# What an examination of the page looks at; of everything else only the words differ.
BONES = ("class", "role", "type", "name", "scope", "tabindex", "autocomplete", "aria-hidden", "aria-current", "open")
NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


def bones(page: str) -> str:
    """A text that is the same for two pages of one shape. Of equal elements that follow one another two are kept."""
    return _bones(html.document_fromstring(page).find(".//main"))


def title(page: str) -> str:
    """The page's title, as the browser's history keeps it."""
    return str(html.document_fromstring(page).findtext(".//title"))


def _bones(element: html.HtmlElement) -> str:
    held: list[str] = []
    for child in element.iterchildren("*"):
        found = _bones(child)
        if held[-2:] != [found, found]:
            held.append(found)
    worn = " ".join(f"{name}={NUMBER.sub('#', value)}" for name in BONES if (value := element.get(name)) is not None)
    worded = "…" if (element.text or "").strip() else ""
    return f"<{element.tag} {worn}>{worded}{''.join(held)}"
