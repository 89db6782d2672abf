"""How long each class of a review's records is kept after its closing, what stops its disposal, and what still lacks.

Sources: the guidance of 2016 asks each body only to have a policy on retention and disposal; no period is stated. Six
to seven years after closure is common local practice, so config/retention.toml says “check against your policy”. That
family contact should end with the review unless somebody asks to be kept informed is good practice too, but the record
does not say who asked: it is kept with the identities. An inquiry can forbid any destruction: a hold beats every date.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Reason
from dhr_app.workflows.mappings import Reader
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.stages import Stage

# The classes of a review's records: what is destroyed apart, in the order in which pages show it.
RECORDS = (
    DataClass.IDENTITIES,
    DataClass.FAMILY,
    DataClass.SENSITIVE,
    DataClass.WORKING_PAPERS,
    DataClass.PANEL_PAPERS,
    DataClass.EVIDENCE,
    DataClass.KEPT_WORDS,
)

# A hold is looked at again within a year: house rule, so that nothing is kept for good because nobody asked.
LOOK_AGAIN = timedelta(days=366)

# Reviews that have ended here: their records are kept, and one day destroyed, by this partnership.
ENDED_HERE = frozenset({Stage.CLOSED, Stage.NOT_REVIEWED, Stage.WITHDRAWN})


@dataclass(frozen=True)
class Schedule:
    """How many years each class is kept after closing, and how many days' notice is given before it is destroyed."""

    years: Mapping[DataClass, int]
    notice_days: int

    @classmethod
    def from_toml(cls, data: Mapping[str, object]) -> Schedule:
        """The schedule of a parsed retention.toml. Raises ValueError with one message that names every fault."""
        read = Reader(data)
        notice = read.whole_number("notice_days")
        years = {}
        for each in RECORDS:
            row = read.table(each.value)
            years[each] = row.whole_number("years")
            row.finish()
        read.finish()
        if read.faults:
            raise ValueError("; ".join(read.faults))
        return cls(years, notice)

    def due_on(self, record_class: DataClass, *, closed_on: date, keep_until: date) -> date:
        """The last day on which records of this class are kept: the earlier of their period's end and the review's day.

        Whoever set the review's day named the policy that says so; nothing is kept longer than that.
        """
        return min(years_after(closed_on, self.years[record_class]), keep_until)

    def may_begin_on(self, notice_on: date) -> date:
        """The first day on which records may be destroyed after a notice."""
        return notice_on + timedelta(days=self.notice_days)


def years_after(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 1 March, so that nothing is kept shorter than its period."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@dataclass(frozen=True)
class Grave:
    """One destroyed domain: whose it was, which generations of its key there were; `subject_id` is 0 for nobody's own.

    `last_hash` is that of the last entry of the review's chain before anything was destroyed.
    """

    review_id: UUID
    record_class: str
    subject_id: UUID
    generations: tuple[int, ...]
    destroyed_at: datetime
    policy: str
    last_hash: bytes


def still_missing(
    *, stage: Stage, keep_until: date | None, due: Collection[DataClass], held: bool, asked: bool = False
) -> tuple[Reason, ...]:
    """Why nothing of a review can be destroyed, nor notice of it given: a sentence each; empty where nothing lacks.

    `due` are the classes asked for, once the last day of each is over; `asked` is whether a request for information
    about the review is not decided yet.
    """
    reasons = []
    if stage not in ENDED_HERE:
        reasons.append(
            Reason("closed", f"The review is at “{stage.label}”. Only a review that has ended here is disposed of.")
        )
    elif keep_until is None:
        reasons.append(
            Reason("keep_until", "No day is set until which the records are kept: set it under Closing.", "closing")
        )
    elif not due:
        reasons.append(Reason("due", "These records are not due to be destroyed yet."))
    if held:
        reasons.append(Reason("held", "A legal hold is in force: nothing is destroyed until it is lifted.", "records"))
    if asked:
        reasons.append(
            Reason(
                "asked",
                "A request for information about this review is open: nothing is destroyed until it is decided.",
                "records",
            )
        )
    return tuple(reasons)


CONFIRMED_FOR = timedelta(days=28)  # as long as a notice: what one person found true may have changed since


def confirmation_counts(confirmed_on: date | None, *, today: date) -> bool:
    """Whether what a first person confirmed still stands: for twenty-eight days after it, then it is asked anew."""
    return confirmed_on is not None and today <= confirmed_on + CONFIRMED_FOR


def notice_runs(begins_on: date, *, today: date) -> tuple[Reason, ...]:
    """The reason that a notice still runs, until its last day is over."""
    if today >= begins_on:
        return ()
    until = in_words(begins_on - timedelta(days=1))
    return (Reason("notice", f"The notice runs until {until}: nothing is destroyed before it is over."),)
