"""Action plans in the demo: recommendations and what is done about them, to read for many months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dhr_app.casework import action, action_progress, addressee, plan, plan_parts, public_name, recommendation, sign_off
from dhr_app.casework.action import ActionEntry
from dhr_app.casework.action_progress import DoneEntry, MovedEntry
from dhr_app.casework.addressee import LetterEntry, RefusalEntry
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.plan_rows import ActionShown, RecommendationShown
from dhr_app.casework.public_name import PublicNameEntry
from dhr_app.casework.recommendation import RecommendationEntry
from dhr_app.casework.sign_off import OutcomeEntry, Seen
from dhr_app.workflows.roles import Role

Steps = tuple[Step, ...]
COORDINATOR, STEERING_CHAIR = Role.COORDINATOR, Role.STEERING_CHAIR


@dataclass(frozen=True)
class Advice:
    """A recommendation of the demo, and the action that answers it: by `due` days after it is entered, or ongoing.

    Without `does` it is a national one, or one that its addressee refuses.
    """

    number: str
    text: str
    to: tuple[str, ...]
    does: str = ""
    due: int | None = None
    scope: str = "local"
    origin: str = "overview"


PLAN = (
    Advice(
        "1",
        "Barsetshire Police asks at every first response to domestic abuse who else lives there, and records it.",
        ("Police",),
        "The response form has a box for it that cannot be left empty.",
        150,
    ),
    Advice(
        "2.1",
        "The Mental Health Trust and the surgeries agree who tells whom, within two working days, that a patient "
        "missed an appointment after a first report of violence at home.",
        ("Mental Health Trust", "NHS Barsetshire"),
        "A protocol of two pages is signed by both and audited after six months.",
        210,
        origin="imr",
    ),
    Advice(
        "2.2",
        "All agencies should consider refresher training where appropriate.",
        ("Adult Social Care",),
        "Every team of adult social care has the half-day course of Barset Refuge, new staff in their first year.",
    ),
    Advice(
        "10",
        "The Home Office asks each licensing force to write to the surgery before a shotgun certificate is renewed.",
        ("Home Office",),
        scope="national",
    ),
)
SHORT_PLAN = (PLAN[0], PLAN[2])
SAFETY_VISITS = (
    Advice(
        "3",
        "The fire service offers a home safety visit to every household with an order against a former partner.",
        ("Fire and Rescue",),
    ),
)


def advised(day: int, advice: tuple[Advice, ...] = PLAN) -> Steps:
    """The recommendations are entered, each with what its agency does about it, and the national one is sent."""
    sent = (letter(day + 3, one.number, 3) for one in advice if one.scope == "national")
    return (*(_entered(day, one) for one in advice), *(_acting(day + 1, one) for one in advice if one.does), *sent)


def letter(day: int, number: str, sent: int, *, replied: int | None = None, reply: str = "") -> Step:
    """A national recommendation goes to its department; `sent` and `replied` count back from the day of the step."""

    def do(case: Playing, at: datetime) -> None:
        by, row = case.person(COORDINATOR), _recommendation(case, number, at)
        part = plan_parts.letter_part(case.reference, row.id, by=by, at=at)
        sent_on = part.entry.sent_on or case.days.working(day - sent)
        replied_on = None if replied is None else case.days.working(day - replied)
        entry = LetterEntry(sent_on, replied_on, reply)
        addressee.record_letter(case.reference, row.id, entry, part.version, by=by, at=at)

    return Step(day, do)


def refused(day: int, number: str, refusal: str) -> Step:
    """The first addressee of a recommendation refuses in writing."""

    def do(case: Playing, at: datetime) -> None:
        by, row = case.person(COORDINATOR), _recommendation(case, number, at)
        part = plan_parts.refusal_part(case.reference, row.addressees[0].id, by=by, at=at)
        entry = RefusalEntry(case.days.working(day), refusal)
        addressee.record_refusal(case.reference, row.addressees[0].id, entry, part.version, by=by, at=at)

    return Step(day, do)


def date_moved(day: int, label: str, to: int, because: str, *, minute: str = "") -> Step:
    """The date of an action moves to so many days from the demo’s today; a long move has its minute."""

    def do(case: Playing, at: datetime) -> None:
        by, row = case.person(COORDINATOR), _action(case, label, at)
        part = plan_parts.action_part(case.reference, row.id, by=by, at=at)
        minute_on = case.days.working(day) if minute else None
        entry = MovedEntry("by_a_date", case.days.working(to), None, because, minute, minute_on)
        action_progress.move_date(case.reference, row.id, entry, part.version, by=by, at=at)

    return Step(day, do)


def reported(day: int, label: str, evidence: str) -> Step:
    """An agency reports its action as done."""

    def do(case: Playing, at: datetime) -> None:
        by, row = case.person(COORDINATOR), _action(case, label, at)
        part = plan_parts.done_part(case.reference, row.id, by=by, at=at)
        entry = DoneEntry(case.days.working(day), evidence)
        action_progress.report_done(case.reference, row.id, entry, part.version, by=by, at=at)

    return Step(day, do)


def signed_off(day: int, minute: str) -> Step:
    """The steering group chair signs off everything that was reported as done."""

    def do(case: Playing, at: datetime) -> None:
        by = case.person(STEERING_CHAIR)
        chosen = tuple(Seen(one.id, one.version) for one in plan.consent_list(case.reference, by=by, at=at))
        sign_off.sign_off(case.reference, chosen, minute, case.days.working(day), by=by, at=at)

    return Step(day, do)


def overtaken(day: int, label: str, minute: str) -> Step:
    """Something else took an action’s place, and the steering group minuted it."""

    def do(case: Playing, at: datetime) -> None:
        by, row = case.person(STEERING_CHAIR), _action(case, label, at)
        part = plan_parts.outcome_part(case.reference, row.id, by=by, at=at)
        entry = OutcomeEntry("superseded", minute, case.days.working(day))
        sign_off.close_action(case.reference, row.id, entry, part.version, by=by, at=at)

    return Step(day, do)


def carried_out(day: int) -> Steps:
    """Every action of PLAN is closed by the steering group, and the department has answered."""
    return (
        reported(day - 60, "1/1", "Superintendent’s statement; the box is in the form since the spring."),
        reported(day - 40, "2.1/1", "The protocol, signed by both, and an audit of forty letters."),
        signed_off(day - 6, "7.2"),
        overtaken(day - 5, "2.2/1", "7.3"),
        letter(day - 5, "10", 0, replied=10, reply="The guidance to forces says so since its last edition."),
    )


def counted(day: int, in_report: int) -> Step:
    """How many recommendations the report makes in all."""

    def do(case: Playing, at: datetime) -> None:
        by = case.person(COORDINATOR)
        version = plan_parts.in_report_part(case.reference, by=by, at=at).version
        plan.count_in_report(case.reference, plan.InReport(in_report), version, by=by, at=at)

    return Step(day, do)


def named(day: int, name: str, died: int) -> Step:
    """The review gets its public name; the year is that of `died`, counted from the demo’s today."""

    def do(case: Playing, at: datetime) -> None:
        by = case.person(COORDINATOR)
        version = public_name.public_name_page(case.reference, by=by, at=at).version
        entry = PublicNameEntry(name, case.days.working(died).year)
        public_name.give_public_name(case.reference, entry, version, by=by, at=at)

    return Step(day, do)


def _entered(day: int, one: Advice) -> Step:
    def do(case: Playing, at: datetime) -> None:
        agencies = tuple(sorted(case.agencies[name] for name in one.to))
        entry = RecommendationEntry(one.number, one.text, one.scope, one.origin, agencies)
        recommendation.add_recommendation(case.reference, entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def _acting(day: int, one: Advice) -> Step:
    def do(case: Playing, at: datetime) -> None:
        due_on = None if one.due is None else case.days.working(day + one.due)
        again_on = case.days.working(day + 365) if due_on is None else None
        when = action.ONGOING if due_on is None else action.BY_A_DATE
        entry = ActionEntry(one.does, case.agencies[one.to[0]], "", when, due_on, again_on)
        of = _recommendation(case, one.number, at).id
        action.add_action(case.reference, of, entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def _recommendation(case: Playing, number: str, at: datetime) -> RecommendationShown:
    page = plan.plan_page(case.reference, by=case.person(COORDINATOR), at=at)
    return next(one for one in page.standing if one.number == number)


def _action(case: Playing, label: str, at: datetime) -> ActionShown:
    page = plan.plan_page(case.reference, by=case.person(COORDINATOR), at=at)
    return next(one for one in page.actions if one.label == label)
