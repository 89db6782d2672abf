"""What leaves the system names nobody: a paper that would is refused, a mail is held, and only the kind of hit is told.

On screen a person answers for the words they keep. A file or a mail goes to people who were never asked, so here
nothing is kept, whatever was agreed on screen, and what cannot be read stops it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import select

from dhr_app.casework.house import House, house
from dhr_app.casework.protected_values import Gathering
from dhr_app.casework.purposes import NAME_CHECK
from dhr_app.database.errors import SealError
from dhr_app.database.keyring import holding
from dhr_app.database.models.review import Review
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.many_watches import ManyWatches
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.protected import Hit, Kind, Watch

OF_NO_REVIEW = ""
REFERENCE = re.compile(r"\bDHR-\d{4}-\d{3,}\b")
CLASSES = (DataClass.IDENTITIES, DataClass.FAMILY, DataClass.SENSITIVE)
A_KIND = {
    Kind.NAME: "a name",
    Kind.DATE: "the day of a birth or a death",
    Kind.ADDRESS: "an address",
    Kind.NUMBER: "a number",
}
UNREADABLE = "A record that it has to be held against cannot be read, so it was not sent."

Found = dict[str, set[Kind]]


class MayNotLeave(RuleError):
    """Something on its way out would name somebody protected: refused. The sentence says of which review, and no more.

    `found` is by reference.
    """

    def __init__(self, what: str, found: Mapping[str, Iterable[Kind]]) -> None:
        super().__init__(f"{what} was not made: it would hold {in_words(found)}. Take it out there, then try again.")
        self.found = found


def in_words(found: Mapping[str, Iterable[Kind]]) -> str:
    """What was found, by kind and reference: “a name and an address of DHR-2026-004”."""
    return "; ".join(
        f"{' and '.join(A_KIND[kind] for kind in Kind if kind in set(found[reference]))} that {reference} protects"
        for reference in sorted(found)
    )


def must_not_name(paper: object, references: Iterable[str], *, what: str, at: datetime) -> None:
    """Hold a paper against what these reviews protect. `what` names it in the sentence: “This report”.

    A paper is any dataclass, or dataclasses, lists and mappings in each other; a text inside something that has a
    `reference` is about that review. Days that the program itself prints are dates and no texts: they are not looked
    at. Each text is looked at once, however often it stands there. Raises MayNotLeave; SealError for what cannot be
    read.
    """
    watches = ManyWatches(_opened(house(), references, at=at))
    about: dict[str, set[str]] = {}
    for reference, text in texts_of(paper):
        about.setdefault(text, set()).add(reference)
    found: Found = {}
    for text, its_own in about.items():
        for reference, hits in watches.hits(text).items():
            _note(found, reference, hits if reference in its_own else [hit for hit in hits if _elsewhere(hit)])
    if found:
        raise MayNotLeave(what, found)


@dataclass(frozen=True)
class MailCheck:
    """What the mails of one run are held against; no watches where a record could not be read: then nothing goes."""

    watches: Mapping[str, Watch] | None

    def covers(self, mail: str) -> bool:
        """Whether every review named in a mail was read, or none could be."""
        return self.watches is None or all(each in self.watches for each in REFERENCE.findall(mail))

    def why_held(self, mail: str) -> str:
        """Why a mail may not go; an empty sentence where it may. The days in it are the program’s own.

        It is held against the reviews whose references stand in it, and held where one of them is not among those
        that were read.
        """
        references = sorted(set(REFERENCE.findall(mail)))
        if self.watches is None or not self.covers(mail):
            return UNREADABLE
        found: Found = {}
        for each in references:
            _note(found, each, [hit for hit in self.watches[each].hits(mail) if hit.kind is not Kind.DATE])
        return f"It would hold {in_words(found)}, so it was not sent." if found else ""


def mail_check(in_house: House, mails: Iterable[str], *, at: datetime) -> MailCheck:
    """Open what the reviews named in these mails protect, in the same number of questions for one as for a hundred.

    Called before the verb that writes the mails: what is opened is in the trail first, in one entry.
    """
    references = {reference for mail in mails for reference in REFERENCE.findall(mail)}
    try:
        return MailCheck(_opened(in_house, references, at=at))
    except SealError:
        return MailCheck(None)


def texts_of(paper: object, about: str = OF_NO_REVIEW) -> Iterator[tuple[str, str]]:
    """Every text in a paper, with the reference of the review that it is about."""
    if isinstance(paper, str):
        if paper and not isinstance(paper, Enum):
            yield about, paper
    elif is_dataclass(paper):
        about = getattr(paper, "reference", about)
        for each in fields(paper):
            yield from texts_of(getattr(paper, each.name), about)
    elif isinstance(paper, Mapping):
        for each in paper.values():
            yield from texts_of(each, about)
    elif isinstance(paper, list | tuple | set | frozenset):
        for each in paper:
            yield from texts_of(each, about)


def _elsewhere(hit: Hit) -> bool:
    """What counts in a text that is about another review: one surname may be that of many, a whole name is not."""
    return hit.whole and hit.kind is not Kind.DATE


def _note(found: Found, reference: str, hits: Iterable[Hit]) -> None:
    if kinds := {hit.kind for hit in hits}:
        found.setdefault(reference, set()).update(kinds)


def _opened(in_house: House, references: Iterable[str], *, at: datetime) -> dict[str, Watch]:
    """A watch for each of these reviews, opened after one entry in the trail. Raises SealError."""
    with in_house.reading() as session:
        rows = select(Review.reference, Review.id).where(Review.reference.in_(set(references)))
        ids = {row.reference: row.id for row in session.execute(rows.order_by(Review.reference))}
    if not ids:
        return {}
    keyring = in_house.keyring(NAME_CHECK, at=at)
    keyring.announce_search({each.value: list(ids.values()) for each in CLASSES}, at=at)
    with holding(keyring), in_house.reading() as session:
        found = Gathering(session, list(ids.values()), in_house.rule_book.nicknames, strict=True).watches()
    return {reference: found[review_id] for reference, review_id in ids.items()}
