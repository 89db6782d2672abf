"""What people do in a case, one function for each thing done; each gives the step that does it through its verb."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dhr_app.casework import (
    before_start,
    block_list,
    decision,
    family,
    lapsing,
    membership,
    other_reviews,
    people,
    scoping,
    scoping_page,
    statement,
    telling,
    telling_page,
)
from dhr_app.casework.before_start import Asked, DeclarationEntry
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.demo.staff import STAFF
from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.casework.other_reviews import OtherReviewsEntry
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.scoping import ReturnEntry
from dhr_app.casework.statement import StatementEntry
from dhr_app.casework.telling import TellingEntry
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.facts import IN_TOUCH
from dhr_app.workflows.roles import Role

COORDINATOR = Role.COORDINATOR
LEAD = "Barsetshire CSP"


def joined(day: int, *roles: Role) -> Step:
    """Colleagues take their seats on the review."""

    def do(case: Playing, at: datetime) -> None:
        for role in roles:
            membership.join(case.reference, case.staff[role], by=case.person(COORDINATOR), at=at)
            open_seat(case, role, at)

    return Step(day, do)


def waiting_to_start(day: int, role: Role) -> Step:
    """A colleague is given a seat and has not yet said whether they know anybody in the review."""

    def do(case: Playing, at: datetime) -> None:
        membership.join(case.reference, case.staff[role], by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def seat_kept(day: int, role: Role) -> Step:
    """The seat of a colleague is kept after the publication."""

    def do(case: Playing, at: datetime) -> None:
        page = membership.members_page(case.reference, by=case.person(COORDINATOR), at=at)
        for line in (each for each in page.members if each.role is role and each.to_on is None):
            lapsing.keep(case.reference, line.id, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def unsure(day: int, role: Role, note: str) -> Step:
    """A colleague is not sure whether they know somebody in the review, and waits for a decision."""

    def do(case: Playing, at: datetime) -> None:
        before_start.declare(case.reference, DeclarationEntry("unsure", note), by=case.person(role), at=at)

    return Step(day, do, sealed=(note,))


def kept_out(day: int, address: str) -> Step:
    """Somebody without an account is put on the block list by their work address."""

    def do(case: Playing, at: datetime) -> None:
        block_list.bar_address(case.reference, address, by=case.person(COORDINATOR), at=at)

    return Step(day, do, sealed=(address,))


def open_seat(case: Playing, role: Role, at: datetime) -> None:
    """Whoever was given a seat knows nobody in the review, and signs the undertaking."""
    while (page := before_start.before_start(case.reference, by=case.person(role), at=at)).asked is not Asked.NOTHING:
        if page.asked is Asked.DECLARE:
            before_start.declare(case.reference, DeclarationEntry("none"), by=case.person(role), at=at)
        else:
            before_start.sign(case.reference, page.number, by=case.person(role), at=at)


def involved(day: int, entry: PersonEntry) -> Step:
    """Somebody else who was involved is recorded."""

    def do(case: Playing, at: datetime) -> None:
        people.add_person(case.reference, entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do, sealed=tuple(getattr(entry, name) for name in people.SEALED))


def relative(day: int, entry: FamilyMemberEntry) -> Step:
    """A relative or friend is recorded; later steps call them by their number."""

    def do(case: Playing, at: datetime) -> None:
        case.family.append(family.add_family_member(case.reference, entry, by=case.person(COORDINATOR), at=at))

    return Step(day, do, sealed=tuple(getattr(entry, name) for name in family.SEALED))


def asked(day: int, *agencies: str) -> Step:
    """Agencies are asked what they know."""

    def do(case: Playing, at: datetime) -> None:
        chosen = tuple(case.agencies[agency] for agency in agencies)
        scoping.ask(case.reference, chosen, case.days.working(day), by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def answered(day: int, agency: str, what_is_known: str, came_from: str, *, by: Role = COORDINATOR) -> Step:
    """An agency says what it knows, or without a text that it knows nothing."""

    def do(case: Playing, at: datetime) -> None:
        person, request = case.person(by), case.request(agency, at=at)
        version = scoping_page.open_return(case.reference, request, by=person, at=at).version
        outcome = "in" if what_is_known else "nil"
        entry = ReturnEntry(outcome, case.days.working(day), "yes", what_is_known, came_from)
        scoping.record_return(case.reference, request, entry, version, by=person, at=at)

    return Step(day, do, sealed=(what_is_known, came_from))


def escalated(day: int, agency: str) -> Step:
    """An agency’s silence is taken further."""

    def do(case: Playing, at: datetime) -> None:
        request = case.request(agency, at=at)
        scoping.escalate(case.reference, request, case.days.working(day), by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def given_up(day: int, agency: str) -> Step:
    """An agency is closed as no reply."""

    def do(case: Playing, at: datetime) -> None:
        scoping.close_as_no_reply(case.reference, case.request(agency, at=at), by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def considered(day: int, *kinds: str) -> Step:
    """Other kinds of review are considered."""

    def do(case: Playing, at: datetime) -> None:
        entry = OtherReviewsEntry(case.days.working(day), kinds, case.agencies[LEAD], "own")
        other_reviews.consider_other_reviews(case.reference, entry, 0, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def decided(day: int, kind: str, criteria: tuple[str, ...], reasons: str) -> Step:
    """The decision is prepared."""

    def do(case: Playing, at: datetime) -> None:
        entry = decision.DecisionEntry(kind, criteria, reasons)
        decision.prepare_decision(case.reference, entry, 0, by=case.person(COORDINATOR), at=at)

    return Step(day, do, sealed=(reasons,))


def told(
    day: int, *audiences: str, family: tuple[int, ...] = (), of: str = "", why_not: str = "", note: str = ""
) -> Step:
    """Somebody is told, or it is written down why not; relatives by their numbers.

    `of` is the step to come; without it, it is the step taken of which somebody is to be told first, or none.
    """

    def do(case: Playing, at: datetime) -> None:
        whom = tuple(case.family[number - 1] for number in family)
        channel = "" if why_not else "letter"
        page = telling_page.telling_page(case.reference, by=case.person(COORDINATOR), at=at)
        about = of or next((one.code for one in page.about if one.seq is not None), IN_TOUCH)
        entry = TellingEntry(audiences, whom, channel, case.days.working(day), why_not, note, about)
        telling.tell(case.reference, entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do, sealed=(note,))


def stated(day: int, condition: str, entry: StatementEntry, *, by: Role = COORDINATOR) -> Step:
    """Whoever records it states that a condition is done, or how else it stands."""

    def do(case: Playing, at: datetime) -> None:
        full = replace(
            entry,
            answer=entry.answer or Answer.DONE,
            stated_by=STAFF[by].post,
            stated_on=case.days.working(day),
        )
        statement.state(case.reference, condition, full, by=case.person(by), at=at)

    return Step(day, do, sealed=(entry.evidence,))


def seconded(day: int, condition: str) -> Step:
    """The steering group’s deputy agrees to a statement, as the second person."""

    def do(case: Playing, at: datetime) -> None:
        person = case.person(Role.STEERING_DEPUTY)
        found = case.latest_statement(condition, by=person, at=at)
        statement.second(case.reference, found, by=person, at=at)

    return Step(day, do)


def accepted(day: int, condition: str) -> Step:
    """The steering group’s deputy accepts that something could not be done."""

    def do(case: Playing, at: datetime) -> None:
        person = case.person(Role.STEERING_DEPUTY)
        found = case.latest_statement(condition, by=person, at=at)
        statement.accept(case.reference, found, by=person, at=at)

    return Step(day, do)
