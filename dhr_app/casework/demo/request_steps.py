"""Requests for information in the demo, of each kind and as they can stand; and one incident, whose hours run."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework import incident, information_request
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.incident_checks import IncidentEntry
from dhr_app.casework.request_checks import AnswerEntry, RequestEntry
from dhr_app.workflows.request_dates import FOI
from dhr_app.workflows.roles import Role

Answer = tuple[str, tuple[str, ...], str, str]


def asked(
    day: int,
    kind: str,
    body: str = "",
    *,
    about: bool = True,
    asker: str = "",
    wanted: str = "",
    until: int | None = None,
    identity: bool = False,
    decided: Answer | None = None,
) -> Step:
    """A request comes, and is passed on to a body, where one is named, on the same day.

    `until` is the day that was given, `identity` whether who asks is still being confirmed. `decided` is the decision,
    the exemptions, and what was given to whom, two days later.
    """

    def do(case: Playing, at: datetime) -> None:
        on = london_date(at)
        entry = RequestEntry(
            kind, on, case.reference if about else "", asker, wanted, case.agencies[body] if body else None,
            on if body else None, None if until is None else case.days.working(until), on if identity else None,
        )  # fmt: skip
        calendar, by = case.house.rule_book.calendar, case.person(Role.COORDINATOR)
        made = information_request.receive(entry, calendar=calendar, by=by, at=at)
        if decided is not None:
            _decide(case, made, decided, case.moment(day + 2))

    return Step(day, do, (asker, wanted, *(decided[2:] if decided else ())))


def _decide(case: Playing, request_id: UUID, decided: Answer, at: datetime) -> None:
    decision, exemptions, given, whom = decided
    on = london_date(at)
    entry = AnswerEntry(decision, on, exemptions, "secure_mail" if given else "", on if given else None, given, whom)
    information_request.decide(request_id, entry, 1, by=case.person(Role.COORDINATOR), at=at)


def breached(day: int, kind: str, what_happened: str) -> Step:
    """The coordinator writes down an incident that touches the review; nothing is decided yet."""

    def do(case: Playing, at: datetime) -> None:
        aware = at.astimezone(LONDON)
        entry = IncidentEntry(kind, aware.date(), f"{aware:%H:%M}", 1, case.reference, what_happened)
        incident.enter(entry, by=case.person(Role.COORDINATOR), at=at)

    return Step(day, do, (what_happened,))


ABOUT_A_LIVING_REVIEW = (
    asked(-20, "coroner", "Police", wanted="The dates of the seven incidents", until=-2),
    asked(
        -12, "subject_access", "NHS Barsetshire", asker="Dorothea Greenacre", wanted="All that is written of herself",
        identity=True,
    ),
    breached(-1, "wrong_person", "The terms went to the old address of Dorothea Greenacre, and came back opened."),
)  # fmt: skip
OF_OTHERS = (
    asked(-25, FOI, "Police", about=False),
    asked(-9, "police", "NHS Barsetshire", wanted="Which staff were on duty that night"),
    asked(
        -40, "other_statutory", "Police", wanted="The chronology, for an inspection", until=-20,
        decided=("withdrawn", (), "", ""),
    ),
)  # fmt: skip
DECIDED = (
    asked(
        -28, "family_court", "Police", wanted="What is held about the children", until=-10,
        decided=("part", ("dpa_2_3_16",), "The chronology without other families", "The court at Silverbridge"),
    ),
    asked(
        -26, "cps", "Police", wanted="The report as it was published", until=-8,
        decided=("full", (), "The published report", "The reviewing lawyer, Barchester office"),
    ),
)  # fmt: skip
