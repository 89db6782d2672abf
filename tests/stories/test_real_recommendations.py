"""The main job on real input: the recommendations of five published reviews, entered as a coordinator would.

The whole facts stand in the folder beside the project, a shortened copy in tests/data. Each review is known by the
file's `id`: no published pseudonym and no person's name comes into the program. Twenty recommendations are held; the
reports make more (`recs_total`), and the page says so. Each review was begun in the year of the death and is brought in
today: all but the last as closed, which take their plans afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dhr_app import create_app
from dhr_app.casework.house import House, at_work, open_house
from dhr_app.settings import Settings
from dhr_app.workflows.stages import Stage
from tests.factories import StoppedClock
from tests.stories import finishing, passing_on
from tests.stories.coordinating import Office, day_boxes
from tests.stories.planning import act_on_each, plan_of, recommend

SHORTENED = Path(__file__).parents[1] / "data" / "recommendations.json"
WHOLE = Path(__file__).parents[3] / "shared" / "data" / "real" / "recommendations.json"
TODAY = date(2026, 6, 3)

POLICE, COUNTY, TRUST = "Kent Police", "Kent County Council", "Kent and Medway NHS and Social Care Partnership Trust"
CCG, ICB = "Kent and Medway Clinical Commissioning Group", "NHS Kent and Medway Integrated Care Board"
PARTNERSHIP = "Kent Community Safety Partnership"
# The agencies of Kent and Medway as the program ships them, for each addressee of the file. Where the file has an
# agency of another area, or a body that the shipped list lacks, one that stands in the same place is taken for it.
ADDRESSEES: dict[str, tuple[str, ...]] = {
    "Kent Police":                             (POLICE,),
    "KMPT":                                    (TRUST,),
    "NHS England":                             ("NHS England",),
    "Kent and Medway CCG":                     (CCG,),
    "KSCS":                                    (COUNTY,),
    "KCC Adult Social Care and Health":        (COUNTY,),
    "Kent Criminal Justice Board":             (PARTNERSHIP,),
    "Manchester Community Safety Partnership": (PARTNERSHIP,),
    "All Agencies":                            (POLICE, COUNTY, TRUST, "NHS England"),
    "Housing Providers":                       ("Medway Council",),
    "DWP":                                     ("Home Office",),
}  # fmt: skip
SCOPES = {"single-agency": "local", "multi-agency-local": "local", "national": "national"}


@dataclass(frozen=True)
class Published:
    """One published review of the file."""

    known_as: str
    death_year: int
    in_report: int
    recommendations: tuple[dict[str, Any], ...]

    def expected(self) -> list[tuple[str, list[str]]]:
        """Each number, in the order people count in, with the agencies that the page is to show."""
        in_order = sorted(self.recommendations, key=lambda one: [int(part) for part in one["rec_no"].split(".")])
        return [(one["rec_no"], sorted(shown_today(one))) for one in in_order]


def agencies_of(one: dict[str, Any]) -> list[str]:
    return [name for each in one["addressed_to"] for name in ADDRESSEES[each]]


def shown_today(one: dict[str, Any]) -> list[str]:
    """An agency that has ended shows its successor beside its own name."""
    return [f"{name}, now {ICB}" if name == CCG else name for name in agencies_of(one)] or ["Nobody yet"]


def offered_today(one: dict[str, Any]) -> list[str]:
    """An agency that has ended is offered with its last day."""
    return [f"{name} (ended on 30 June 2022)" if name == CCG else name for name in agencies_of(one)]


def published(file: Path) -> list[Published]:
    reviews = json.loads(file.read_text(encoding="utf-8"))["reviews"]
    found = [
        Published(each["id"], each["death_year"], each["recs_total"], tuple(each["recommendations"]))
        for each in reviews
    ]
    return sorted(found, key=lambda each: each.death_year)


@pytest.fixture
def kent(settings: Settings, clock: StoppedClock) -> Iterator[House]:
    """A house of the partnership that the program ships as its example."""
    opened = replace(open_house(replace(settings, partnership="kent-and-medway")), clock=clock)
    with at_work(opened):
        yield opened
    opened.database.dispose()


def bring_in(office: Office, review: Published, stage: Stage) -> str:
    """Enter a death that was notified in its year; the review began before this system, and stands at this stage."""
    page = office.somebody().open("/reviews/new")
    page.send(
        {
            "rule_set": "dhr-2016",
            "lead_partnership_id": page.option("lead_partnership_id"),
            "notifier_kind": "police",
            **day_boxes("aware_on", date(review.death_year, 11, 20)),
            "victims-0-died_on-year": str(review.death_year),
        },
        button="Record the death",
    )
    page.was_taken()
    reference = page.path.split("/")[2]
    office.take_on(reference, "bring_in", target=stage.value, **day_boxes("as_at", office.today))
    assert stage.label in office.stage_shown(reference)
    assert "before this system" in office.somebody().open(f"/reviews/{reference}/timeline").text
    return reference


def enter(office: Office, reference: str, review: Published) -> None:
    """The public name, every recommendation held, in the order of the file, and how many the report makes."""
    page = office.somebody().open(f"/reviews/{reference}/public-name")
    page.send({"public_name": review.known_as, "public_year": str(review.death_year)})
    assert (page.status, page.errors()) == (200, [])
    for one in review.recommendations:
        recommend(office, reference, one["rec_no"], one["fact"], offered_today(one), scope=SCOPES[one["level"]])
    page.open(f"/reviews/{reference}/plan/in-report").send({"in_report": str(review.in_report)})
    assert (page.status, page.errors()) == (200, [])


def run(reviews: list[Published], app: Flask, house: House, clock: StoppedClock) -> None:
    office = Office(app, house, clock, agencies=(POLICE, COUNTY, TRUST))
    office.on(TODAY)
    office.open_up()
    references = {}
    for review in reviews:
        stage = Stage.PUBLICATION if review is reviews[-1] else Stage.CLOSED
        references[review.known_as] = bring_in(office, review, stage)
        enter(office, references[review.known_as], review)
    for review in reviews:
        read_back(office, references[review.known_as], review)
    listed = office.somebody().open("/reviews").text
    assert all(f"{review.known_as}/{review.death_year}" in listed for review in reviews)
    last = references[reviews[-1].known_as]
    act_on_each(office, last)
    assert all_that_is_said(reviews[-1]) in office.somebody().open(f"/reviews/{last}/plan").text
    to_the_seminar(office, last)
    assert plan_of(office, last) == reviews[-1].expected()


def all_that_is_said(review: Published) -> str:
    """What the plan says where no recommendation on it lacks anything, though the report may make more."""
    entered = len(review.recommendations)
    if entered >= review.in_report:
        return "Everything that the plan needs is entered."
    return f"Nothing is missing from {'the one that is' if entered == 1 else 'those that are'} entered."


def to_the_seminar(office: Office, reference: str) -> None:
    """Its papers are put on file, checked and published; its learning is shared."""
    finishing.mend_report(office, reference)
    office.take_on(reference, "publish")
    assert Stage.SEMINAR.label in office.stage_shown(reference)
    passing_on.mend_learning(office, reference)
    assert "Asking who else lives there" in office.somebody().open(f"/reviews/{reference}/learning").text


def read_back(office: Office, reference: str, review: Published) -> None:
    """The page has the same numbers in natural order with the same addressees, and says what is not held."""
    assert plan_of(office, reference) == review.expected()
    text = office.somebody().text
    held = len(review.recommendations)
    assert f"{held} of {review.in_report} recommendations are entered here." in text
    nobody = sum(not one["addressed_to"] for one in review.recommendations)
    assert text.count("It is addressed to nobody yet.") == nobody


@pytest.mark.slow
def test_a_coordinator_enters_the_shortened_recommendations(kent: House, clock: StoppedClock) -> None:
    run(published(SHORTENED), create_app(house=kent), kent, clock)


@pytest.mark.slow
@pytest.mark.skipif(
    not WHOLE.is_file(), reason="the folder of real recommendations is not beside the project: the copy was run"
)
def test_a_coordinator_enters_the_recommendations_of_five_published_reviews(kent: House, clock: StoppedClock) -> None:
    reviews = published(WHOLE)
    assert (len(reviews), sum(len(each.recommendations) for each in reviews)) == (5, 20)
    assert all(each.in_report > len(each.recommendations) for each in reviews)
    run(reviews, create_app(house=kent), kent, clock)


def test_the_shortened_copy_keeps_every_number_addressee_and_total() -> None:
    kept = {
        each.known_as: (
            each.death_year,
            each.in_report,
            [(one["rec_no"], one["level"]) for one in each.recommendations],
        )
        for each in published(SHORTENED)
    }
    assert {name: (year, total, len(numbers)) for name, (year, total, numbers) in kept.items()} == {
        "AI-647f3047": (2012, 35, 4),
        "AI-644bea1d": (2013, 16, 6),
        "AI-644a9ef9": (2014, 4, 3),
        "AI-6391f1a0": (2018, 4, 3),
        "AI-698cafa3": (2021, 9, 4),
    }
    named = {name for each in published(SHORTENED) for one in each.recommendations for name in one["addressed_to"]}
    assert named == set(ADDRESSEES)
