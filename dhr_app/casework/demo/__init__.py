"""The demo: Barsetshire, an invented county, with a review at every stage, made by the verbs its people would use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.account import AccountEntry, create_account
from dhr_app.casework.agreement import AgreementEntry, add_agreement
from dhr_app.casework.demo import plan as planning
from dhr_app.casework.demo.cases import CASES
from dhr_app.casework.demo.plan import Plan, Planned
from dhr_app.casework.demo.playing import Playing, morning
from dhr_app.casework.demo.staff import PASSWORD, SHARING, STAFF
from dhr_app.casework.house import House, at_work
from dhr_app.casework.notification import notify
from dhr_app.casework.partnership import agencies, key_of
from dhr_app.casework.program import Program
from dhr_app.casework.quiet_days import QuietEntry, set_quiet
from dhr_app.database.models.account import Account
from dhr_app.database.models.event import Event
from dhr_app.database.models.review import Review
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.roles import Role

PARTNERSHIP = "barsetshire"
OPERATOR = Program("dhr demo")
SHUT = timedelta(days=16)  # from today


class DemoRefused(RuleError):
    """The demo may not be loaded here; the sentence says why."""


@dataclass(frozen=True)
class SignInCard:
    """How to sign in as one of Barsetshire’s people."""

    name: str
    email: str
    role: str
    password: str


@dataclass(frozen=True)
class Demo:
    """What is there: who can sign in, each case’s reference by what it shows, and every value kept sealed.

    `sentence` says what was done. Where something else is in the installation, the rest is empty.
    """

    sentence: str
    accounts: tuple[SignInCard, ...] = ()
    references: dict[str, str] = field(default_factory=dict)
    sealed: tuple[str, ...] = ()


def load(house: House, *, today: date | None = None, if_empty: bool = False) -> Demo:
    """Load the demo into an empty installation, as it stands on a day (unless given, the clock’s).

    With `if_empty` an installation in use is left alone, and the answer tells what of the demo is in it.
    Raises DemoRefused in production, in an installation in use, and where an earlier load did not get to its end.
    """
    if house.settings.production:
        raise DemoRefused("This is a production installation: no invented deaths are put among real ones.")
    with at_work(house):
        began_on = _began_on(house)
        if began_on is not None and if_empty:
            there = _whole(house, _plan(house, began_on - timedelta(days=planning.OPENED)))
            return _told(there, "The demo was loaded before")
        obstacle = _obstacle(house)
        if obstacle and if_empty:
            return Demo(f"The demo was not loaded. {obstacle}")
        if obstacle:
            raise DemoRefused(obstacle)
        worked_out = _plan(house, today or london_date(house.clock.now()))
        _play(house, worked_out)
    return _told(worked_out, "The demo was loaded")


def in_lines(demo: Demo) -> Iterator[str]:
    """The demo as a person reads it at the command line: one sign-in for each role."""
    yield demo.sentence
    for card in demo.accounts:
        yield f"  {Role(card.role).label:<28}{card.email}"
    if demo.accounts:
        yield f"  The password of each is: {PASSWORD}"


def _plan(house: House, today: date) -> Plan:
    return planning.plan(CASES, house.rule_book.rule_sets.values(), house.rule_book.calendar, today=today)


def _began_on(house: House) -> date | None:
    """The day the demo’s accounts were made, from which its today follows; None where there is no demo."""
    first = STAFF[Role.COORDINATOR].email
    made = select(Event.happened_on).join(Account, Account.id == Event.subject_id).where(Account.email == first)
    with house.reading() as session:
        return session.scalars(made.order_by(Event.recorded_at)).first()


def _obstacle(house: House) -> str:
    """Why the demo cannot be loaded here, in a sentence; empty where it can."""
    with house.reading() as session:
        key = key_of(session)
        used = session.scalar(select(Account.id).limit(1)) or session.scalar(select(Review.id).limit(1))
    if key != PARTNERSHIP:
        return f"It is about Barsetshire, and this installation was set up for “{key}”."
    return "It wants an empty installation, and this one is in use." if used is not None else ""


def _whole(house: House, worked_out: Plan) -> Plan:
    """The plan again, once it is known that loading it got to the end."""
    last = worked_out.cases[-1].reference
    with house.reading() as session:
        found = session.scalar(select(Review.id).where(Review.reference == last))
    if found is None:
        raise DemoRefused("The demo was loaded here only in part: empty the instance folder and begin again.")
    return worked_out


def _play(house: House, worked_out: Plan) -> None:
    days = worked_out.days
    opened_on = days.today + timedelta(days=planning.OPENED)
    known = {agency.short_name: agency.id for agency in agencies(on=days.today)}
    staff = _hire(known, opened_on)
    _sign(Playing(house, days, staff, known), opened_on)
    _close_the_office(Playing(house, days, staff, known), opened_on)
    for planned in worked_out.cases:
        _play_case(Playing(house, days, staff, known), planned)


def _hire(agency_ids: dict[str, UUID], opened_on: date) -> dict[Role, UUID]:
    staff = {}
    for colleague in STAFF.values():
        agency_id = agency_ids[colleague.agency] if colleague.agency else None
        entry = AccountEntry(colleague.name, colleague.email, colleague.role, PASSWORD, agency_id)
        staff[colleague.role] = create_account(entry, by=OPERATOR, at=morning(opened_on))
    return staff


def _sign(office: Playing, opened_on: date) -> None:
    """What people of the county’s agencies come in by, and its chairs."""
    by, at = office.person(Role.COORDINATOR), morning(opened_on)
    for agency in SHARING:
        entry = AgreementEntry("information_sharing", office.agencies[agency], signed_on=opened_on)
        add_agreement(entry, by=by, at=at)
    contract = AgreementEntry("data_processing", organisation="Plumstead Reviews", signed_on=opened_on)
    add_agreement(contract, by=by, at=at)


def _close_the_office(office: Playing, opened_on: date) -> None:
    """A day to come on which the partnership’s office is shut and no mail goes out."""
    entry = QuietEntry(office.days.today + SHUT)
    set_quiet(entry, by=office.person(Role.COORDINATOR), at=morning(opened_on))


def _play_case(case: Playing, planned: Planned) -> None:
    """Notify the death and take every step, each in its own person’s name and time."""
    at = case.moment(planned.case.aware)
    entry = replace(
        planned.notification,
        lead_partnership_id=case.agencies[planned.case.lead],
        notifier_agency_id=case.agencies["Police"],
        police_told_on=case.days.working(planned.case.aware),
    )
    by = case.person(Role.COORDINATOR)
    case.reference = notify(entry, planned.victims, planned.case.rule_set, by=by, at=at)
    for step in planned.case.steps:
        step.do(case, case.moment(step.day))


def _told(worked_out: Plan, done: str) -> Demo:
    cards = tuple(SignInCard(one.name, one.email, one.role.value, PASSWORD) for one in STAFF.values())
    sentence = f"{done}: Barsetshire as it stands on {in_words(worked_out.days.today)}."
    return Demo(sentence, cards, worked_out.references, tuple(worked_out.sealed))
