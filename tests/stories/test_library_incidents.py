"""The main job on real input: de-identified incidents of the Home Office DHR Library, taken as a coordinator would.

Twenty incidents stand in the folder beside the project, six shortened ones in tests/data: real deaths, with dates known
to the month, several victims, overlapping kinds, and FALSE meaning “not tagged”.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from dhr_app.casework.house import House
from dhr_app.casework.rule_book import pinned
from dhr_app.database.base import Base, SealedRow
from dhr_app.database.facts import facts_of
from dhr_app.database.models import AuditEntry, Event, MoveMade, Notification, Review, RuleSetUsed
from dhr_app.database.verify import verify
from dhr_app.workflows.dates import dates_of
from dhr_app.workflows.events import Happened
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.wording import FEATURES, KINDS_OF_DEATH
from tests.factories import StoppedClock
from tests.stories.coordinating import Office, day_boxes, month_boxes
from tests.workflows.walker import HORIZON, walk

SHORTENED = Path(__file__).parents[1] / "data"
WHOLE = Path(__file__).parents[3] / "shared" / "data" / "real"

CAUSES = {
    "fall to a hard surface": "fall",
    "sharp instrument": "sharp_instrument",
    "blunt instrument": "blunt_instrument",
    "suffocation, asphyxiation or smothering": "suffocation",
    "strangulation with ligature": "ligature_strangulation",
    "other poisoning": "other_poisoning",
    "arson": "arson",
    "other": "other",
    "unknown": "unknown",
}
PLACES = {
    "residential_location": "residential",
    "public_place": "public_place",
    "other": "other",
    "not_known": "not_known",
}
RELATIONSHIPS = {
    "Common-law spouse": "common_law_spouse",
    "Spouse (incl civil partner)": "spouse",
    "Parent": "parent",
    "Grandparent": "grandparent",
    "Boyfriend or girlfriend": "partner",
}
AGES = {"Unknown": "not_known", "20-34": "not_known"}


@dataclass(frozen=True)
class Incident:
    """One row of the library with the rows of its victims; a second victim may have no row of their own."""

    row: Mapping[str, str]
    victims: tuple[Mapping[str, str], ...]

    @property
    def month(self) -> str:
        return self.row["death_date"]

    @property
    def aware_on(self) -> date:
        """The library keeps no such day: the first of the next month stands for it."""
        death = datetime.strptime(self.month, "%B %Y").date()  # noqa: DTZ007 - a month of a calendar, no moment
        return (death.replace(day=28) + timedelta(days=4)).replace(day=1)

    @property
    def dead(self) -> int:
        return max(len(self.victims), 2 if self.row["multiple_victims"] == "True" else 1)

    def tagged(self, names: Mapping[str, str]) -> list[str]:
        """FALSE means not tagged, so only what is tagged is said."""
        return [name for name in names if self.row.get(name) == "True"]


def incidents(folder: Path) -> list[Incident]:
    def rows(name: str) -> list[dict[str, str]]:
        with (folder / f"library_{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    victims = rows("victims")
    return [
        Incident(row, tuple(one for one in victims if one["incident_id"] == row["incident_id"]))
        for row in rows("incidents")
    ]


def notify(office: Office, incident: Incident) -> str:
    """Enter the incident as its notification, through the form, and return the reference the page gives."""
    page = office.somebody().open("/reviews/new")
    for _ in range(incident.dead - 1):
        page.send(button="Add another")
    leads = page.page.select("select[name=lead_partnership_id] option")[1]
    values: dict[str, str | list[str]] = {
        "rule_set": "dhr-2016",
        "lead_partnership_id": str(leads["value"]),
        "notifier_kind": "police",
        **day_boxes("aware_on", incident.aware_on),
        **day_boxes("police_told_on", incident.aware_on),
        "cause_of_death": CAUSES[incident.row["cause_of_death"]],
        "place_of_death": PLACES[incident.row["location_of_death"]],
        "suspected_suicide": "yes" if any(one["victim_suicide"] == "True" for one in incident.victims) else "not_known",
        "kinds": incident.tagged(KINDS_OF_DEATH),
        **{f"features-{name}": "yes" for name in incident.tagged(FEATURES)},
    }
    for number in range(incident.dead):
        victim = incident.victims[number] if number < len(incident.victims) else {}
        values |= month_boxes(f"victims-{number}-died_on", incident.month)
        values |= {
            f"victims-{number}-sex": victim.get("sex_of_victim", "not_known").lower(),
            f"victims-{number}-age_band": AGES.get(
                victim.get("age_at_death", "Unknown"), victim.get("age_at_death", "")
            ),
            f"victims-{number}-relationship_to_victim": RELATIONSHIPS.get(
                victim.get("relationship_to_perpetrator", ""), "not_known"
            ),
        }
    page.send(values, button="Record the death")
    assert page.errors() == []
    assert page.status == 200
    return page.path.split("/")[2]


def decide(office: Office, reference: str, *, review: bool) -> None:
    """Scoping and the decision, each step tried too early first."""
    office.be_refused(reference, "begin_scoping")
    office.ask_agencies(reference)
    office.make(reference, "begin_scoping")
    office.be_refused(reference, "commission" if review else "decide_not_to_review")
    office.days_later(9)
    office.enter_returns(reference)
    office.consider_other_reviews(reference)
    office.prepare_decision(reference, "review" if review else "not_review")
    office.days_later(4)
    office.make(reference, "commission" if review else "decide_not_to_review")
    office.tell(reference, "home_office", "agencies", "notifier")
    office.tell(reference, "family")


def take_to_the_end(office: Office, reference: str, *, trial: bool) -> None:
    """From the review panel to closure, every refusal seen and mended, every date compared on the way."""
    if trial:
        wait_for_the_trial(office, reference)
    for move, days in (
        ("begin_report", 60), ("submit_to_home_office", 120), ("clear", 130), ("publish", 50), ("close", 170),
    ):  # fmt: skip
        office.days_later(days)
        office.take_on(reference, move)
        check_dates(office, reference)
    assert "Closed" in office.stage_shown(reference)


def wait_for_the_trial(office: Office, reference: str) -> None:
    """On hold for a trial, resumed, and the report’s date extended: all dates still show their working."""
    office.days_later(20)
    for link in office.be_refused(reference, "pause"):
        office.mend(link)
    office.make(
        reference, "pause", reason_code="criminal_trial", who_was_asked="officer_in_charge",
        clocks=["overview_report_due"],
        reason="The agencies’ work goes on.", **day_boxes("review_by", office.today + timedelta(days=80)),
    )  # fmt: skip
    office.days_later(75)
    for link in office.be_refused(reference, "resume"):
        office.mend(link)
    check_dates(office, reference)
    office.make(reference, "resume", ended_by="The verdict; the panel meets next month.")
    check_dates(office, reference)
    for link in office.be_refused(reference, "extend"):
        office.mend(link)
    page = office.somebody().open(f"/reviews/{reference}/moves/extend")
    label = next(one for one in page.page.select("label") if "verview report" in one.get_text())
    box = page.page.find(id=str(label["for"]))
    office.make(
        reference, "extend", deadline_id=str(box["value"]), reason_code="criminal_proceedings",  # type: ignore[index]
        reason="The trial took its time.", **day_boxes("new_date", office.today + timedelta(days=365)),
    )  # fmt: skip


def check_dates(office: Office, reference: str) -> int:
    """Every due date of the review equals the one found by walking day by day; returns how many were compared."""
    calendar = office.house.rule_book.calendar
    with office.house.reading() as session:
        review, content = session.execute(
            select(Review, RuleSetUsed.content).join(RuleSetUsed).where(Review.reference == reference)
        ).one()
        facts = facts_of(session, [review.id])[review.id]
    rules = pinned(content)
    shown = {one.clock_id: one for one in dates_of(facts, rules, calendar, today=office.today)}
    for clock in facts.clocks:
        assert clock.anchor_on is not None
        rule = rules.deadline(clock.rule)
        pauses, extensions = facts.pauses.get(clock.rule, ()), facts.extensions.get(clock.clock_id, ())
        walked = walk(rule, clock.anchor_on, pauses, extensions, calendar, horizon=HORIZON)
        assert shown[clock.clock_id].due.on == walked, (reference, rule.key)
        assert clock.first_due_on == walk(rule, clock.anchor_on, (), (), calendar, horizon=HORIZON)
    return len(facts.clocks)


def check_trail(house: House, office: Office) -> None:
    """Every row of every review was created in the trail; every move and refusal is an event; the chains hold."""
    with house.reading() as session:
        assert verify(session) == []
        created = set()
        for body in session.scalars(select(AuditEntry.body).order_by(AuditEntry.chain, AuditEntry.seq)):
            created |= {(one["table"], one["row"]) for one in json.loads(body)["changes"] if one["op"] == "create"}
        for mapper in Base.registry.mappers:
            if issubclass(mapper.class_, SealedRow):
                table = str(mapper.local_table.name)  # type: ignore[attr-defined]
                rows = session.scalars(select(mapper.class_.id).order_by(mapper.class_.id))
                assert {(table, str(row)) for row in rows} <= created
        moved = session.scalars(select(Event).where(Event.kind == Happened.MOVED).order_by(Event.id)).all()
        made = session.scalars(select(MoveMade).order_by(MoveMade.id)).all()
        assert {event.subject_id for event in moved} == {row.id for row in made}
        refused = session.scalars(select(Event).where(Event.kind == Happened.REFUSED).order_by(Event.id)).all()
        assert len(refused) == office.refusals


def run(found: list[Incident], to_the_end: int, app: Flask, house: House, clock: StoppedClock) -> None:
    office = Office(app, house, clock)
    office.open_up()
    to_end = [number for number in range(len(found)) if number % 4 != 3][:to_the_end]
    references: dict[str, Incident] = {}
    compared = 0
    for number, incident in enumerate(found):
        office.on(incident.aware_on + timedelta(days=2))
        reference = notify(office, incident)
        references[reference] = incident
        decide(office, reference, review=number % 4 != 3)
        if number in to_end:
            take_to_the_end(office, reference, trial=number == 1)
        compared += check_dates(office, reference)
    assert compared >= 5 * len(found)
    check_trail(house, office)
    check_facts(house, references)
    with house.reading() as session:
        stages = session.scalars(select(Review.stage).order_by(Review.reference)).all()
    assert stages.count(Stage.CLOSED) == to_the_end
    assert stages.count(Stage.NOT_REVIEWED) == len(found) // 4


def check_facts(house: House, references: Mapping[str, Incident]) -> None:
    """What was tagged is recorded as yes, what was not tagged as not known, and each person who died is there."""
    with house.reading() as session:
        for reference, incident in references.items():
            review, row = session.execute(
                select(Review, Notification).join(Notification).where(Review.reference == reference)
            ).one()
            assert row.kinds == incident.tagged(KINDS_OF_DEATH)
            assert row.features == dict.fromkeys(incident.tagged(FEATURES), "yes")
            dead = session.execute(
                text("SELECT count(*) FROM involved_person WHERE review_id = :id AND part = 'victim'"),
                {"id": review.id.hex},
            )
            assert dead.scalar_one() == incident.dead


@pytest.mark.slow
def test_a_coordinator_takes_the_shortened_incidents(app: Flask, house: House, clock: StoppedClock) -> None:
    run(incidents(SHORTENED), 2, app, house, clock)


@pytest.mark.slow
@pytest.mark.skipif(
    not WHOLE.is_dir(), reason="the folder of real incidents is not beside the project: only six were run"
)
def test_a_coordinator_takes_all_twenty_incidents(app: Flask, house: House, clock: StoppedClock) -> None:
    found = incidents(WHOLE)
    assert len(found) == 20
    run(found, 5, app, house, clock)
