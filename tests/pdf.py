"""What stands in a PDF, as somebody who has it read aloud would hear it: its words by page, its title, its tags."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf

HEX = re.compile(rb"<([0-9A-Fa-f]+)>")


def words(data: bytes) -> str:
    """Every word in the order in which it is drawn, words parted by one space."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return " ".join(" ".join("".join(_texts(page)) for page in pdf.pages).split())


def about(data: bytes) -> dict[str, Any]:
    """What the file says of itself: its title and language, whether it is tagged, and its kinds of tag."""
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_metadata() as told:
        return {
            "title": str(told["dc:title"]),
            "language": str(pdf.Root.Lang),
            "tagged": bool(pdf.Root.MarkInfo.Marked),
            "universal": told.get("pdfuaid:part"),
            "shows_title": bool(pdf.Root.ViewerPreferences.DisplayDocTitle),
            "tags": sorted(set(_tags(pdf.Root.StructTreeRoot))),
        }


def _texts(page: pikepdf.Page) -> Iterator[str]:
    fonts = {name: _letters(font) for name, font in page.obj.Resources.Font.items()}
    letters: Mapping[int, str] = {}
    for drawn in pikepdf.parse_content_stream(page):
        operands = drawn.operands
        match str(drawn.operator):
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj" | "TJ":
                parts = operands[0] if str(drawn.operator) == "TJ" else [operands[0]]
                for part in parts:
                    if isinstance(part, pikepdf.String):
                        glyphs = bytes(part)
                        yield "".join(
                            letters.get(int.from_bytes(glyphs[at : at + 2], "big"), "�")
                            for at in range(0, len(glyphs), 2)
                        )
            case "ET" | "Tm" | "Td":
                yield " "


def _letters(font: pikepdf.Object) -> dict[int, str]:
    """Which letters each glyph stands for: its ToUnicode table."""
    found: dict[int, str] = {}
    table = font.ToUnicode.read_bytes()
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        codes = [bytes.fromhex(each.decode()) for each in HEX.findall(block)]
        for glyph, text in zip(codes[::2], codes[1::2], strict=True):
            found[int.from_bytes(glyph, "big")] = text.decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        codes = [bytes.fromhex(each.decode()) for each in HEX.findall(block)]
        for first, last, text in zip(codes[::3], codes[1::3], codes[2::3], strict=True):
            low, high = int.from_bytes(first, "big"), int.from_bytes(last, "big")
            for step in range(high - low + 1):
                found[low + step] = chr(int.from_bytes(text, "big") + step)
    return found


def _tags(node: Any) -> Iterator[str]:
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from _tags(each)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S).removeprefix("/")
        if "/K" in node:
            yield from _tags(node.K)
