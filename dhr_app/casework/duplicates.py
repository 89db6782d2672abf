"""Whether somebody in a review may be in another one too: asked when people are saved, where the check is turned on.

The names of other reviews are opened and compared by the program, for its purpose “duplicate check”, and shown to
nobody. Whoever asked learns only that there may be a match and whom to ask; which review, only where they may open it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from dhr_app.adapters.clock import london_date
from dhr_app.casework.duplicate_names import Named, open_names
from dhr_app.casework.duplicate_terms import running_epoch
from dhr_app.casework.house import house
from dhr_app.casework.people import label_of
from dhr_app.casework.purposes import DUPLICATE_CHECK
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.whom_to_ask import sentences, whom_to_ask
from dhr_app.database.audit import record
from dhr_app.database.errors import DatabaseUnavailable, KeyUnavailable
from dhr_app.database.models.notification import Notification
from dhr_app.database.models.people import InvolvedPerson
from dhr_app.database.models.search import IndexTerm
from dhr_app.workflows.duplicates import may_be_same
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

NOT_MADE = (
    "The check for the same person in other reviews could not be made just now. Everything is saved; the check is made "
    "again when a person here is next saved."
)


def possible_matches(reference: str, *, by: Person, at: datetime) -> tuple[str, ...]:
    """A sentence for each person here who may be in another review too; none where nobody is, or the check is off.

    It comes after what was saved, so what stands in its way is a sentence too. Raises OutOfReach, NotAllowed.
    """
    with looking(reference, "people.change", by=by, at=at) as look:
        candidates, labels = _candidates(look), _labels(look)
        review_id = look.review.id
    if not candidates:
        return ()
    try:
        return _compared(review_id, candidates, labels, by=by, at=at)
    except (DatabaseUnavailable, KeyUnavailable):
        return (NOT_MADE,)


def _candidates(look: Look) -> dict[UUID, set[UUID]]:
    """By each person of the review, the people of others who share a term with them: mostly by coincidence."""
    epoch = running_epoch(look.session)
    if epoch is None:
        return {}
    mine, other = aliased(IndexTerm), aliased(IndexTerm)
    rows = (
        select(mine.row_id, other.row_id)
        .join(other, (other.index_name == mine.index_name) & (other.term == mine.term) & (other.epoch == mine.epoch))
        .where(mine.epoch == epoch.number, mine.review_id == look.review.id, other.review_id != look.review.id)
        .distinct()
        .order_by(mine.row_id, other.row_id)
    )
    found: dict[UUID, set[UUID]] = {}
    for row_id, candidate in look.session.execute(rows):
        found.setdefault(row_id, set()).add(candidate)
    return found


def _labels(look: Look) -> dict[UUID, str]:
    """What the people of the review are called, in the order in which their page shows them."""
    state = select(Notification.criminal_state).where(Notification.review_id == look.review.id)
    criminal_state = look.session.scalar(state) or "not_known"
    p = InvolvedPerson
    rows = select(p.id, p.part, p.number).where(p.review_id == look.review.id).order_by(p.part.desc(), p.number)
    return {row.id: label_of(row.part, row.number, criminal_state=criminal_state) for row in look.session.execute(rows)}


def _compared(
    review_id: UUID, candidates: Mapping[UUID, set[UUID]], labels: Mapping[UUID, str], *, by: Person, at: datetime
) -> tuple[str, ...]:
    everybody = set(candidates).union(*candidates.values())
    people = {one.row_id: one for one in open_names(house(), everybody, at=at)}
    alike = [
        (row_id, _alike(people[row_id], (people[each] for each in sorted(candidates[row_id]) if each in people)))
        for row_id in labels
        if row_id in candidates and row_id in people
    ]
    found = [(row_id, others) for row_id, others in alike if others]
    with house().transaction(by=DUPLICATE_CHECK, at=at) as session:
        matches = sum(len(others) for _, others in found)
        details = {"compared": sum(len(each) for each in candidates.values()), "matches": matches}
        record(session, Happened.DUPLICATES_SOUGHT, happened_on=london_date(at), review_id=review_id, details=details)
    whom = whom_to_ask({other for _, others in found for other in others}, by=by, at=at)
    return tuple(
        sentence
        for row_id, others in found
        for sentence in sentences(labels[row_id], [asked for each, asked in whom.items() if each in others])
    )


def _alike(one: Named, others: Iterable[Named]) -> list[UUID]:
    """The other reviews in which somebody may be the same person, each once."""
    nicknames = house().rule_book.nicknames
    same = (other.review_id for other in others if may_be_same(one.identity, other.identity, nicknames))
    return list(dict.fromkeys(same))
