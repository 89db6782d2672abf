"""The protected-name check on save: a clear text that may name somebody is kept only when a person says why.

Called at the end of every transaction (House.transaction), over whatever typed column changed in it. Nobody’s name is
shown: the program opens them for its own purpose, and the person sees the words that they typed themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.protected_values import Gathering
from dhr_app.casework.purposes import NAME_CHECK
from dhr_app.database.audit import record
from dhr_app.database.context import Actor
from dhr_app.database.errors import ValueDestroyed
from dhr_app.database.models.kept_words import KeptWords
from dhr_app.database.models.learning import Seminar, SeminarReview
from dhr_app.database.models.legal_hold import LegalHold
from dhr_app.database.models.progress import Progress
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.database.typed_texts import TypedText, changed_texts
from dhr_app.workflows.events import Happened
from dhr_app.workflows.kept_words import Asked, Keeping, MayNameSomebody
from dhr_app.workflows.protected import Hit, Kind, Watch

if TYPE_CHECKING:
    from dhr_app.casework.house import House

_keepings: ContextVar[Sequence[Keeping]] = ContextVar("keepings", default=())


@contextmanager
def keeping(answers: Sequence[Keeping]) -> Iterator[None]:
    """Let these answers count for what is saved until the block ends."""
    token = _keepings.set(tuple(answers))
    try:
        yield
    finally:
        _keepings.reset(token)


@dataclass(frozen=True)
class _Named:
    """One text, held against one review that it belongs to, and what it may name there."""

    text: TypedText
    review_id: UUID
    hits: tuple[Hit, ...]


def check(in_house: House, session: NamedSession, *, by: Actor, at: datetime) -> None:
    """Hold what was typed against the names of its reviews, and write down what is kept.

    Raises MayNameSomebody where a word may name somebody and no reason is given. A freeze, which is of every review, is
    held against the whole names of all; any other text that belongs to no review against nothing.
    """
    texts = changed_texts(session)
    reviews = {each: _reviews_of(session, each) for each in texts}
    review_ids = {review_id for ids in reviews.values() for review_id in ids}
    if not review_ids:
        return
    with in_house.with_keys(NAME_CHECK, at=at):
        watches = Gathering(session, review_ids, in_house.rule_book.nicknames, strict=False).watches()
        named = [
            _Named(text, review_id, hits)
            for text in texts
            for review_id in reviews[text]
            if (hits := _hits(watches[review_id], text))
        ]
        known = _kept_before(session, named)
    _settle(session, named, known, by=by, at=at)


def _reviews_of(session: NamedSession, text: TypedText) -> list[UUID]:
    """The reviews whose names must not stand in the text."""
    if isinstance(text.row, Review):
        return [text.row.id]
    if isinstance(text.row, Seminar):
        about = select(SeminarReview.review_id).where(SeminarReview.seminar_id == text.row.id)
        return list(session.scalars(about.order_by(SeminarReview.review_id)))
    if _is_of_all(text):
        return list(session.scalars(select(Review.id).order_by(Review.reference)))
    review_id: UUID | None = getattr(text.row, "review_id", None)
    return [] if review_id is None else [review_id]


def _is_of_all(text: TypedText) -> bool:
    return isinstance(text.row, LegalHold) and text.row.review_id is None


def _subject(text: TypedText) -> UUID:
    """The row whose text it is: one report after the other carries the same text of an action on."""
    row = text.row
    return row.action_id if isinstance(row, Progress) else row.id


def _hits(watch: Watch, text: TypedText) -> tuple[Hit, ...]:
    """What counts: of names only the whole one, where a member of staff is named or every review’s names are meant."""
    found = watch.hits(text.text, is_public_name=text.place == "review.public_name")
    return found if text.typed == "text" and not _is_of_all(text) else tuple(hit for hit in found if hit.whole)


def _kept_before(session: NamedSession, named: Sequence[_Named]) -> dict[tuple[UUID, UUID, str], Keeping]:
    """What was kept in these very texts before, by review, row and place."""
    if not named:
        return {}
    rows = session.scalars(
        select(KeptWords).where(KeptWords.row_id.in_([_subject(each.text) for each in named])).order_by(KeptWords.id)
    )
    found: dict[tuple[UUID, UUID, str], Keeping] = {}
    for row in rows:
        key = (row.review_id, row.row_id, row.place)
        before = found[key].words if key in found else frozenset()
        try:
            words = (row.words or "").split("\n")
        except ValueDestroyed:
            continue  # what was kept is gone, so it is asked anew
        found[key] = Keeping(before | Keeping.of(words, row.reason).words, row.reason)
    return found


def _settle(
    session: NamedSession,
    named: Sequence[_Named],
    known: dict[tuple[UUID, UUID, str], Keeping],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what there is a reason for; raise MayNameSomebody for the rest."""
    asked: dict[tuple[str, str], list[str]] = {}
    faults: dict[tuple[str, str], str] = {}
    kinds: set[Kind] = set()
    refused: list[UUID] = []
    for one in named:
        before = known.get((one.review_id, _subject(one.text), one.text.place))
        words = {hit.words: hit.kind for hit in one.hits if before is None or not before.covers(hit.words)}
        for answer in _keepings.get():
            covered = [each for each in words if answer.covers(each)]
            if covered and not answer.fault:
                _keep(session, one, covered, answer, by=by, at=at)
                words = {each: kind for each, kind in words.items() if each not in covered}
            elif covered:
                faults[one.text.place, one.text.text] = answer.fault
        if words:
            asked.setdefault((one.text.place, one.text.text), []).extend(words)
            kinds |= set(words.values())
            refused.append(one.review_id)
    if asked:
        raise MayNameSomebody(
            [Asked(*key, tuple(dict.fromkeys(words)), faults.get(key, "")) for key, words in asked.items()],
            review_id=refused[0],
            kinds=sorted(kind.value for kind in kinds),
        )


def _keep(
    session: NamedSession, one: _Named, words: Iterable[str], answer: Keeping, *, by: Actor, at: datetime
) -> None:
    row = KeptWords(
        review_id=one.review_id,
        place=one.text.place,
        row_id=_subject(one.text),
        reason=answer.reason,
        agency_id=getattr(by, "agency_id", None),
        kept_at=at,
        kept_by_id=by.id,
        words="\n".join(words),
        note=answer.note or None,
    )
    session.add(row)
    record(
        session,
        Happened.WORDS_KEPT,
        happened_on=london_date(at),
        review_id=one.review_id,
        subject=row,
        details={"place": one.text.place, "reason": answer.reason},
    )
