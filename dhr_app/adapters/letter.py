"""One message as it goes out: as plain text, and as a page made from that same text, each with its marking.

The page holds what the text says and nothing else: no picture, nothing that is fetched, and every link shows in full
where it leads. The text is a block after each empty line; a line in capitals is a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

LETTERS = Path(__file__).parent / "letters"
ADDRESS = re.compile(r"(?P<text>.*?)(?P<address>https?://\S+)")
HEADING = re.compile(r"[^a-z\n]*[A-Z]{2}[^a-z\n]*")
SIGNATURE = "— "  # under a signed note (adapters/signed_notes.py), which must be copied letter by letter


@dataclass(frozen=True)
class Letter:
    """One message. `message_id` is the same however often it is sent; `again` where an earlier try may have got out.

    `marking` stands before the subject and above and below the text; it may be empty.
    """

    message_id: str
    to: str
    subject: str
    body: str
    written_at: datetime
    marking: str = ""
    again: bool = False

    @property
    def reference(self) -> str:
        """The part of the Message-ID that is ours alone."""
        return self.message_id.strip("<>").partition("@")[0]

    @property
    def marked_subject(self) -> str:
        """The subject as the reader sees it."""
        return f"{self.marking}: {self.subject}" if self.marking else self.subject

    @property
    def text(self) -> str:
        """The whole message as plain text."""
        body = self.body.strip("\n")
        return f"{self.marking}\n\n{body}\n\n{self.marking}\n" if self.marking else f"{body}\n"

    @property
    def page(self) -> str:
        """The same as HTML."""
        return _template().render(subject=self.subject, marking=self.marking, blocks=tuple(_blocks(self.body)))


@dataclass(frozen=True)
class Line:
    """A line of a block: its words, and the address that ends it, if one does."""

    text: str
    address: str = ""


@dataclass(frozen=True)
class Block:
    """What stands between two empty lines. One that is `titled` is about what its first line says."""

    kind: Literal["heading", "lines", "exact"]
    text: str

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its lines."""
        return tuple(
            Line(found["text"].rstrip(), found["address"]) if (found := ADDRESS.fullmatch(line)) else Line(line)
            for line in self.text.splitlines()
        )

    @property
    def titled(self) -> bool:
        """Whether its first line is the title of what follows: a reference, then what about it, then where it is."""
        lines = self.lines
        return len(lines) > 2 and not lines[0].address and bool(lines[-1].address)


def _blocks(body: str) -> Iterator[Block]:
    parts = [part.strip("\n") for part in re.split(r"\n\s*\n", body) if part.strip()]
    for number, part in enumerate(parts):
        signed = parts[number + 1 : number + 2]
        if signed and signed[0].startswith(SIGNATURE):
            yield Block("exact", f"{part}\n\n{signed[0]}\n")
        elif HEADING.fullmatch(part):
            yield Block("heading", part)
        elif not (number and part.startswith(SIGNATURE)):
            yield Block("lines", part)


@cache
def _template() -> Template:
    env = Environment(
        loader=FileSystemLoader(LETTERS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["stylesheet"] = Markup((LETTERS / "letter.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return env.get_template("letter.html")
