"""What somebody was shown in a step of theirs is an event too, so that “who has opened this” and its alarm tell of it.

A page that opens something announces it beforehand. A verb opens as it goes, and its entry tells each value by its
place; but an entry is for the proof, and no page reads it. So a verb that opened a row which it neither wrote nor told
of says so, once for each review, by the classes of what it opened. Whoever saves a form opens the row that they save:
the change itself tells that. Of a verb that failed everything is said: nothing was saved, and an answer may have shown
it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.database import many_opened
from dhr_app.database.audit import record
from dhr_app.database.context import Opening, OpeningFor
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.events import SHOWN, Happened

WITHIN_STEP, WITHIN_UNDONE = "step", "undone"


def tell(session: NamedSession, opened: Collection[Opening | OpeningFor], *, undone: bool = False) -> None:
    """At a verb's end, before its entry: record what the person was shown in it, and look whether it is too much.

    The program at its own work shows nobody anything; its entries alone tell what it opened.
    """
    verb = session.verb
    if verb is None or verb.by.id is None:
        return
    session.flush()
    known = set(_known(session))
    by_review: dict[UUID, set[str]] = defaultdict(set)
    for one in opened:
        if isinstance(one, Opening) and (one.table, one.row) not in known:
            by_review[one.review_id].add(one.data_class)
    for review_id, classes in sorted(by_review.items()):
        record(
            session,
            Happened.OPENED,
            happened_on=london_date(verb.at),
            review_id=review_id if review_id.int else None,
            details={"classes": sorted(classes), "within": WITHIN_UNDONE if undone else WITHIN_STEP},
        )
    if by_review or any(each.event is not None and each.event.kind in SHOWN for each in session.trail.pending):
        many_opened.watch(session, by=verb.by, at=verb.at)


def _known(session: NamedSession) -> Iterator[tuple[str, str]]:
    """The rows that the verb wrote, or recorded an event about, by table and id."""
    for change in session.trail.pending:
        if change.event is None:
            yield change.told["table"], change.told["row"]
        elif change.event.subject_type is not None:
            yield change.event.subject_type, str(change.event.subject_id)
