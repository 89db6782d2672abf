"""The list of reviews one may see: by next date, filtered, a page at a time, whatever their number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.scene import require
from dhr_app.casework.words import what
from dhr_app.database.models.partnership import Agency, RuleSetUsed
from dhr_app.database.models.review import Review
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.stages import Stage

PAGE = 50

# Plain tables: the list shows columns only, and fifty rows without objects behind them come in less time.
REVIEW, RULE_SET, AGENCY = (model.__table__ for model in (Review, RuleSetUsed, Agency))

# A statement that is put together in steps.
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; an empty choice narrows nothing."""

    stage: str = ""
    kind: str = ""
    late: bool = False
    on_hold: bool = False


@dataclass(frozen=True)
class Place:
    """Where in the list: the next date and reference of a review at the page’s edge."""

    sorts_on: date
    reference: str

    @classmethod
    def parse(cls, text: str) -> Place | None:
        """A place from a link, or None for a text that is none."""
        day, _, reference = text.partition("_")
        try:
            return cls(date.fromisoformat(day), reference)
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.sorts_on.isoformat()}_{self.reference}"


@dataclass(frozen=True)
class ReviewLine:
    """One review in the list: nothing of it is opened. Whoever may not see its own page is told no date of it.

    An auditor is told the dates, and not the name under which the review is published.
    """

    reference: str
    public_name: str
    kind: str
    stage: Stage
    lead: str
    next_on: date | None
    next_what: str
    late: bool
    on_hold_since: date | None
    may_see: bool


@dataclass(frozen=True)
class CaseList:
    """A page of the list; `before` and `after` are the places its neighbours start from, None at either end.

    `shows_dates` is false for whoever may see none of the reviews themselves, an agency contributor.
    """

    lines: tuple[ReviewLine, ...]
    before: Place | None
    after: Place | None
    shows_dates: bool = True


def case_list(
    filters: Filters,
    *,
    after: Place | None = None,
    before: Place | None = None,
    last: bool = False,
    by: Person,
    at: datetime,
) -> CaseList:
    """One page in order of the next date, those without one last. Raises NotAllowed."""
    today = london_date(at)
    require(by, "reviews.list", on=today)
    backwards = before is not None or last
    sees = _sees(by, today)
    rows = _narrowed(_reachable(by, today), filters, sees, today)
    edge = tuple_(Review.sorts_on, Review.reference)  # compared as one, so that the index finds it at any depth
    if after is not None:
        rows = rows.where(edge > (after.sorts_on, after.reference))
    if before is not None:
        rows = rows.where(edge < (before.sorts_on, before.reference))
    if backwards:
        rows = rows.order_by(Review.sorts_on.desc(), Review.reference.desc())
    else:
        rows = rows.order_by(Review.sorts_on, Review.reference)
    with house().reading() as session:
        found = list(session.execute(rows.limit(PAGE + 1)))
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    earlier = more if backwards else after is not None
    later = more if not backwards else before is not None
    named = not allows(by, "review.outline", on=today)
    lines = tuple(_line(row, today, may_see=sees is None or row.id in sees, named=named) for row in found)
    return CaseList(
        lines,
        _place(found[0]) if found and earlier else None,
        _place(found[-1]) if found and later else None,
        shows_dates=sees is None or bool(sees),
    )


def _sees(by: Person, today: date) -> frozenset[UUID] | None:
    """The reviews whose own page, or outline, the person may open; None where that is every one they reach."""
    if allows(by, "review.see", on=today) or allows(by, "review.outline", on=today):
        return None
    seats = (seat.review_id for seat in by.memberships)
    return frozenset(each for each in seats if allows(by, "review.see", review_id=each, on=today))


def _reachable(by: Person, today: date) -> Rows:
    review, used, agency = REVIEW.c, RULE_SET.c, AGENCY.c
    rows: Rows = (
        select(
            review.id, review.reference, review.public_name, review.public_year, review.stage, review.on_hold_since,
            review.next_on, review.next_what, review.sorts_on,
            used.key.label("rule_set"), agency.short_name.label("lead"),
        )
        .join(RULE_SET, used.id == review.rule_set_id)
        .outerjoin(AGENCY, agency.id == review.lead_partnership_id)
    )  # fmt: skip
    if not allows(by, "reviews.list_all", on=today):
        seats = (seat.review_id for seat in by.memberships)
        reach = {each for each in seats if allows(by, "review.reach", review_id=each, on=today)}
        rows = rows.where(Review.id.in_(reach))
    return rows.where(Review.id.not_in(by.conflicts)) if by.conflicts else rows


def _narrowed(rows: Rows, filters: Filters, sees: frozenset[UUID] | None, today: date) -> Rows:
    if filters.stage in tuple(Stage):
        rows = rows.where(Review.stage == filters.stage)
    if filters.kind:
        rows = rows.where(RuleSetUsed.key == filters.kind)
    if filters.late:
        rows = rows.where(Review.sorts_on < today)
        if sees is not None:  # or the filter would tell what the line does not
            rows = rows.where(Review.id.in_(sees))
    if filters.on_hold:
        rows = rows.where(Review.on_hold_since.is_not(None))
    return rows


def _line(row: Any, today: date, *, may_see: bool, named: bool) -> ReviewLine:
    rule_set = house().rule_book.rule_sets.get(row.rule_set)
    return ReviewLine(
        reference=row.reference,
        public_name=f"{row.public_name}/{row.public_year}" if named and row.public_name else "",
        kind=rule_set.short_name if rule_set else row.rule_set,
        stage=Stage(row.stage),
        lead=row.lead or "",
        next_on=row.next_on if may_see else None,
        next_what=what(row.next_what) if may_see else "",
        late=may_see and row.sorts_on < today,
        on_hold_since=row.on_hold_since,
        may_see=may_see,
    )


def _place(row: Any) -> Place:
    return Place(row.sorts_on, row.reference)
