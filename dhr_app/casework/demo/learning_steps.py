"""How what was learnt is passed on in the demo, and what a review leaves behind when it closes."""

from __future__ import annotations

from datetime import date, datetime

from dhr_app.casework import closing, learning, seminar
from dhr_app.casework.closing import AuditEntry, RetentionEntry
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.learning import BriefingEntry
from dhr_app.casework.seminar_checks import SeminarEntry, SeminarFigures
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage

COORDINATOR = Role.COORDINATOR
POLICY = "Barsetshire CSP retention schedule, 2024"
EARLIER_POLICY = "Barsetshire CSP retention schedule, 2019"
YEARS_KEPT = 7


def briefed(day: int, *sent_to: str, kept: str) -> Step:
    """The learning briefing is issued."""

    def do(case: Playing, at: datetime) -> None:
        entry = BriefingEntry(case.days.working(day), sent_to, kept)
        learning.issue_briefing(case.reference, entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do, sealed=(kept,))


def shared(day: int, theme: str, came: dict[str, int], *, with_closed: bool = False) -> Step:
    """A seminar is held; with `with_closed` it is about the reviews that are closed by then too."""

    def do(case: Playing, at: datetime) -> None:
        by = case.person(COORDINATOR)
        others = [one.reference for one in seminar.reviews_to_choose(by=by, at=at) if one.stage is Stage.CLOSED]
        about = (case.reference, *(others if with_closed else ()))
        people = sum(came.values())
        entry = SeminarEntry(
            theme,
            "hybrid",
            case.days.working(day),
            tuple(sorted(about)),
            speakers=("independent_chair", "expert"),
            invited=3 * people,
            registered=people + 11,
        )
        held = seminar.hold_seminar(entry, by=by, at=at)
        figures = SeminarFigures(
            {str(case.agencies[agency]): number for agency, number in came.items()},
            surveys_sent=people,
            surveys_returned=people - 6,
            ratings={"excellent": people // 3, "very_good": people // 4, "good": 4, "fair": 1},
        )
        seminar.record_figures(held, figures, 1, by=by, at=at)

    return Step(day, do)


def minuted(day: int, theme: str, minute: str) -> Step:
    """What was learnt is shared in another way than a seminar."""

    def do(case: Playing, at: datetime) -> None:
        entry = SeminarEntry(theme, "another_way", case.days.working(day), (case.reference,), minute)
        seminar.hold_seminar(entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def kept(day: int) -> Step:
    """The day until which the records are kept is set."""

    def do(case: Playing, at: datetime) -> None:
        until = date(case.days.working(day).year + YEARS_KEPT, 12, 31)
        page = closing.closing_page(case.reference, by=case.person(COORDINATOR), at=at)
        entry = RetentionEntry(until, POLICY)
        closing.set_retention(case.reference, entry, page.version, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def kept_until(day: int, until: int) -> Step:
    """The day until which the records are kept is corrected to one much nearer, as the policy of the time had it."""

    def do(case: Playing, at: datetime) -> None:
        page = closing.closing_page(case.reference, by=case.person(COORDINATOR), at=at)
        entry = RetentionEntry(case.days.working(until), EARLIER_POLICY)
        closing.set_retention(case.reference, entry, page.version, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def audited(day: int, found: str) -> Step:
    """The action plan is audited."""

    def do(case: Playing, at: datetime) -> None:
        page = closing.closing_page(case.reference, by=case.person(COORDINATOR), at=at)
        entry = AuditEntry(case.days.working(day), found)
        closing.record_audit(case.reference, entry, page.version, by=case.person(COORDINATOR), at=at)

    return Step(day, do)
