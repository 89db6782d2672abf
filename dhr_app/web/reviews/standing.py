"""How a review stands, put into the words and rows its page shows: what is late, its dates, whom it is waiting for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dhr_app.casework.review_page import ReviewPage, waiting_label
from dhr_app.web.filters import day, plural
from dhr_app.web.overview.charts import WAITS_FOR
from dhr_app.workflows.dates import ReviewDate
from dhr_app.workflows.deadlines import Due
from dhr_app.workflows.duties import DUTIES


@dataclass(frozen=True)
class LateLine:
    """Something that is late, by so many days, and where on the page or beyond it is settled."""

    text: str
    days: int
    href: str


@dataclass(frozen=True)
class OwedLine:
    """Somebody to be told by a day of a step, as an address calls it; `people` counts family members: each is told."""

    sentence: str
    audience: str
    about: str
    due_on: date
    days_late: int
    people: int


@dataclass(frozen=True)
class DateLine:
    """One date as a row; `colour` is that of its badge."""

    id: str
    name: str
    due: Due
    state: str
    colour: str
    first_due_on: date | None
    if_resumed: date | None
    source: str
    checked: bool


@dataclass(frozen=True)
class WaitingSpan:
    """A share of the waiting bar, as macros/waiting.html takes it."""

    label: str
    days: int
    kind: str


@dataclass(frozen=True)
class Standing:
    """Everything of it; `waited_in_words` says the whole bar in a sentence."""

    late: tuple[LateLine, ...]
    owed: tuple[OwedLine, ...]
    dates: tuple[DateLine, ...]
    past_dates: tuple[DateLine, ...]
    waits_now: str
    waiting: tuple[WaitingSpan, ...]
    waited_in_words: str


def standing(page: ReviewPage) -> Standing:
    """The rows of one review's page."""
    rows = [_date_line(page, number, one) for number, one in enumerate(page.dates, start=1)]
    spans = tuple(
        WaitingSpan(waiting_label(share), share.days, share.holder.kind.replace("_", "-")) for share in page.waiting
    )
    owed = _owed(page)
    return Standing(
        late=tuple(_late(page, owed)),
        owed=owed,
        dates=tuple(row for row, one in zip(rows, page.dates, strict=True) if one.waited_for),
        past_dates=tuple(row for row, one in zip(rows, page.dates, strict=True) if not one.waited_for),
        waits_now=WAITS_FOR[page.waits_now.holder] if page.waits_now else "",
        waiting=spans,
        waited_in_words="; ".join(f"{span.label}: {plural(span.days, 'day')}" for span in spans) + ".",
    )


def _owed(page: ReviewPage) -> tuple[OwedLine, ...]:
    """The duties still owed, those of one family and one step in one line: one form settles them."""
    counted = Counter((duty.due_on, duty.name, duty.audience, duty.move_seq) for duty in page.duties)
    return tuple(
        OwedLine(
            sentence=DUTIES[name].sentence,
            audience=audience.value,
            about=page.told_of[seq],
            due_on=due_on,
            days_late=max(0, (page.today - due_on).days),
            people=people,
        )
        for (due_on, name, audience, seq), people in counted.items()
    )


def _late(page: ReviewPage, owed: tuple[OwedLine, ...]) -> Iterator[LateLine]:
    told = f"/reviews/{page.reference}/told"
    for number, one in enumerate(page.dates, start=1):
        if one.overdue(page.today):
            yield LateLine(_name(page, one), one.late(page.today), f"#date-{number}")
    for line in owed:
        if line.days_late:
            form = f"{told}?whom={line.audience}&about={line.about}"
            yield LateLine(line.sentence, line.days_late, form if "told.record" in page.may else "#owed")
    if page.open_pause is not None and page.open_pause.review_by < page.today:
        yield LateLine("Look at the hold again", (page.today - page.open_pause.review_by).days, "#on-hold")
    if page.deferred_until is not None and page.deferred_until < page.today:
        yield LateLine("Take up the deferred decision", (page.today - page.deferred_until).days, "#deferred")


def _date_line(page: ReviewPage, number: int, one: ReviewDate) -> DateLine:
    state, colour = _state(one, page.today)
    return DateLine(
        id=f"date-{number}",
        name=_name(page, one),
        due=one.due,
        state=state,
        colour=colour,
        first_due_on=one.first_due_on if one.moved else None,
        if_resumed=one.if_resumed,
        source=one.rule.source,
        checked=one.rule.checked,
    )


def _name(page: ReviewPage, one: ReviewDate) -> str:
    agency = page.agencies.get(one.agency_id) if one.agency_id else None
    return f"{one.rule.name}, {agency}" if agency else one.rule.name


def _state(one: ReviewDate, today: date) -> tuple[str, str]:
    """How the date stands in a word or two, and the colour that goes with it."""
    late = one.late(today)
    if one.met_on is not None:
        return f"Met {day(one.met_on)}" + (f", {plural(late, 'day')} late" if late else ""), "grey" if late else "green"
    if one.ended:
        return "No longer waited for", "grey"
    if one.due.on is None:
        return "On hold", "grey"
    if late:
        return f"{plural(late, 'day')} late", "red"
    if one.due.on == today:
        return "Due today", "purple"
    return f"In {plural((one.due.on - today).days, 'day')}", "blue"
