"""The meetings of a review on their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.agreements import QUORUM, agree_terms, draft, hold
from tests.factories import NOW
from tests.queries import asked_by
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]
DAY = {"held_on-day": "2", "held_on-month": "6", "held_on-year": "2026"}


@pytest.fixture
def case(county: County) -> Case:
    """A review whose panel is at work."""
    case = county.review(at=NOW - timedelta(days=90)).to(Stage.PANEL)
    case.wait(days=80)
    return case


def here(case: Case, *more: object) -> str:
    return "/".join([f"/reviews/{case.reference}/meetings", *map(str, more)])


def ids(case: Case, *names: str) -> list[str]:
    return [str(case.county.agency(name)) for name in names]


def test_a_meeting_is_recorded_and_seen_with_whoever_came(case: Case, visitor: Visitor) -> None:
    visitor.open(here(case))
    assert "No meeting is recorded yet." in visitor.text
    visitor.open(here(case, "new"))
    visitor.send({
        **DAY, "organisations": ids(case, "Police", "Barset Refuge"), "apologies": ids(case, "Probation"),
        "agreed": "The chair writes to the family.", "minutes_kept": "Minute book 3",
    })  # fmt: skip
    assert visitor.path == here(case)
    assert "The meeting is recorded." in visitor.text
    assert "Review panel, meeting 1 2 June 2026" in visitor.text
    assert "2 organisations present Barset Refuge and Outreach Barsetshire Police" in visitor.text
    assert "Apologies Probation Service, Barsetshire" in visitor.text
    assert "The chair writes to the family." in visitor.text


def test_what_is_wrong_stands_beside_its_box_and_every_word_is_kept(case: Case, visitor: Visitor) -> None:
    visitor.open(here(case, "new")).send({"agreed": "The chair writes.", "held_on-year": "2027"})
    assert visitor.status == 422
    assert visitor.errors() == ["Choose the organisations that were present."]
    police = ids(case, "Police")
    visitor.send({"organisations": police, "apologies": police})
    assert visitor.errors() == [
        "3 June 2027 has not come yet: check the day.",
        "Barsetshire Police cannot have been present and have sent apologies.",
    ]
    assert (visitor.value("agreed"), visitor.value("organisations")) == ("The chair writes.", police[0])


def test_a_meeting_of_the_approving_body_says_whether_it_was_quorate(case: Case, visitor: Visitor) -> None:
    hold(case, "approving_body", *QUORUM[:3])
    assert "Not quorate" in visitor.open(here(case)).text
    hold(case, "approving_body", *QUORUM)
    assert visitor.open(here(case)).text.count("Quorate") == 1


def test_a_record_is_corrected_and_the_second_to_save_chooses(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = here(case, hold(case))
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"minutes_kept": "Minute book 4", "organisations": ids(case, "Police")})
    assert "The record of the meeting is saved." in visitor.text
    second.send({"minutes_kept": "Minute book 5"})
    assert second.status == 409
    assert "Minute book 4" in second.text
    assert "Barsetshire Police" in second.text
    second.send({"keep-minutes_kept": "yours", "keep-organisations": "theirs"})
    assert second.path == here(case)
    assert "Minute book 5" in second.text
    assert "1 organisation present Barsetshire Police" in second.text


def test_an_organisation_that_has_ended_is_offered_with_its_last_day_and_only_taken_before(
    case: Case, visitor: Visitor
) -> None:
    page = visitor.open(here(case, hold(case, held_on=date(2022, 6, 1))))
    ended = page.box("organisations", "Barchester Clinical Commissioning Group (ended on 30 June 2022)")
    assert page.send({"organisations": [ended]}).path == here(case)
    assert "Barchester Clinical Commissioning Group" in visitor.text
    page = visitor.open(here(case, hold(case))).send({"organisations": [ended]})
    assert "ended on 30 June 2022: choose its successor" in page.errors()[0]


def test_a_meeting_entered_by_mistake_is_taken_out(case: Case, visitor: Visitor) -> None:
    visitor.open(here(case, hold(case))).send(button="Take this meeting out")
    assert "The meeting is taken out." in visitor.text
    assert "No meeting is recorded yet." in visitor.text


def test_where_something_was_agreed_the_meeting_stays_and_it_is_said_why(case: Case, visitor: Visitor) -> None:
    held = hold(case)
    agree_terms(case, draft(case), meeting_id=held)
    visitor.open(here(case, held)).send(button="Take this meeting out")
    assert visitor.status == 422
    assert visitor.errors() == ["The terms of reference were agreed at this meeting: it stays what it is."]
    assert visitor.value("minutes_kept") == "Minute book 3, page 12"


def test_the_ways_to_panel_and_terms_stand_at_the_top(case: Case, visitor: Visitor) -> None:
    visitor.open(here(case))
    links = [str(link["href"]) for link in visitor.page.select("nav[aria-label='The panel and its work'] a")]
    assert links == [f"/reviews/{case.reference}/{part}" for part in ("panel", "terms", "meetings")]


def test_the_panel_reads_and_others_are_kept_out(app: Flask, case: Case, county: County, sign_in: SignIn) -> None:
    held = hold(case)
    for role, status in ((Role.PANEL_MEMBER, 200), (Role.AUDITOR, 403), (Role.ADMINISTRATOR, 404)):
        other = Visitor(app.test_client())
        person = sign_in(other.client, role, agency_id=_police(county, role))
        if role is Role.PANEL_MEMBER:
            assert other.open(here(case)).status == 404
            join(case.reference, person.id, by=county.coordinator, at=NOW)
        assert other.open(here(case)).status == status
        for change in ("new", held):
            assert other.open(here(case, change)).status in (403, 404)
    assert "Record a meeting" not in other.text


def test_the_page_asks_the_database_as_often_for_ten_meetings_as_for_one(case: Case, visitor: Visitor) -> None:
    hold(case)
    for_one = asked_by(case.county.house, lambda: visitor.open(here(case)))
    for _ in range(9):
        hold(case, "debrief")
    assert asked_by(case.county.house, lambda: visitor.open(here(case))) == for_one


def _police(county: County, role: Role) -> UUID | None:
    return county.agency("Police") if role is Role.PANEL_MEMBER else None
