"""Factual accuracy checks on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from dhr_app.casework import accuracy
from dhr_app.casework.accuracy_page import open_check
from dhr_app.casework.paper import add_version
from dhr_app.casework.paper_entry import NewVersion
from dhr_app.database.models import AccuracyCheck
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]

CORRECTS = {
    "outcome": "corrections", "corrections": "4.2: half past nine.", "came_from": "DI Thorne, 3 June",
    "answered_on-day": "3", "answered_on-month": "6", "answered_on-year": "2026",
}  # fmt: skip


@pytest.fixture
def case(county: County) -> Case:
    """The chair writes the report; Police and Barset Refuge were sent version 1 about thirty days ago."""
    case = county.review(Stage.CHAIR_REPORT, at=NOW - timedelta(days=33))
    report(case, "a")
    send(case, "Police", "Barset Refuge")
    return case


def report(case: Case, digit: str) -> None:
    new = NewVersion("overview_report", digit * 64, case.today, "What agencies asked for", "Case folder")
    add_version(case.reference, new, by=case.county.coordinator, at=case.wait(minutes=1))


def send(case: Case, *agencies: str) -> None:
    chosen = tuple(case.county.agency(name) for name in agencies)
    accuracy.send(case.reference, chosen, case.today, by=case.county.coordinator, at=case.wait(minutes=1))


def path_of(case: Case, agency: str) -> str:
    """The newest check of an agency."""
    rows = [row for row in case.rows(AccuracyCheck) if row.agency_id == case.county.agency(agency)]
    standing = [row for row in rows if row.voided_on is None]
    return f"/reviews/{case.reference}/accuracy/{(standing or rows)[0].id}"


def path_id(path: str) -> UUID:
    return UUID(path.rsplit("/", 1)[1])


def test_whoever_is_silent_past_the_date_is_marked(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/accuracy")
    assert visitor.text.count("Silent, late") == 2
    assert "from version 1" in visitor.text


def test_without_a_report_on_file_the_page_says_what_comes_first(county: County, visitor: Visitor) -> None:
    review = county.review(Stage.CHAIR_REPORT)
    visitor.open(f"/reviews/{review.reference}/accuracy")
    assert "No overview report is on file yet." in visitor.text
    assert visitor.page.select("main form") == []


def test_agencies_are_sent_their_passages_and_not_offered_again(case: Case, county: County, visitor: Visitor) -> None:
    sent = [str(county.agency(name)) for name in ("Probation", "Mental Health Trust")]
    visitor.open(f"/reviews/{case.reference}/accuracy")
    assert "Send passages of version 1" in visitor.text
    visitor.send({"sent_on-year": "2027"})
    assert visitor.errors() == ["Choose at least one agency."]
    visitor.send({"agency_ids": sent})
    assert visitor.errors() == ["3 June 2027 has not come yet: check the day."]
    visitor.send({"sent_on-year": "2026"})
    assert "2 agencies were sent their passages." in visitor.text
    offered = {str(box["value"]) for box in visitor.page.select("input[name=agency_ids]")}
    assert not offered & set(sent)
    assert str(county.agency("Police")) not in offered


def test_corrections_are_entered_on_behalf_and_settled_one_by_one(case: Case, visitor: Visitor) -> None:
    path = path_of(case, "Police")
    visitor.open(path).send({**CORRECTS, "came_from": ""})
    assert visitor.errors() == ["Say from whose e-mail or letter, and of which day, you enter this."]
    assert visitor.value("corrections") == "4.2: half past nine."
    visitor.send({"came_from": "DI Thorne, 3 June"})
    assert visitor.path == f"/reviews/{case.reference}/accuracy"
    assert "Corrections to settle" in visitor.text
    visitor.open(f"{path}/settle")
    assert "4.2: half past nine." in visitor.text
    visitor.send({"settled_on-day": "3", "settled_on-month": "6", "settled_on-year": "2026"})
    assert visitor.errors() == ["Say of each correction whether it is made, or why not."]
    visitor.send({"settlement": "Made: the log shows it."})
    assert "Corrections settled" in visitor.text
    assert "Made: the log shows it." in visitor.open(path).text


def test_silence_is_recorded_as_lapsed_and_never_before_its_time(case: Case, visitor: Visitor) -> None:
    path = path_of(case, "Police")
    visitor.open(path).send(button="Record as lapsed without an answer")
    assert "Lapsed without an answer" in visitor.text
    case.at = NOW
    send(case, "Probation")
    fresh = path_of(case, "Probation")
    visitor.open(fresh)
    assert "Record as lapsed" not in visitor.text
    refused = visitor.client.post(f"{fresh}/lapse", data={"csrf_token": visitor.value("csrf_token")})
    assert refused.status_code == 422
    assert "it cannot lapse before" in refused.text


def test_what_was_sent_by_mistake_is_taken_back(case: Case, visitor: Visitor) -> None:
    visitor.open(path_of(case, "Police")).send(button="Take it back: sent by mistake")
    assert "Taken back" in visitor.text
    assert visitor.open(path_of(case, "Police")).page.select("main form") == []


def test_an_answer_entered_by_mistake_can_be_taken_back(case: Case, visitor: Visitor) -> None:
    path = path_of(case, "Police")
    visitor.open(path)
    assert "entered by mistake" not in visitor.text
    visitor.send(CORRECTS)
    empty = {f"answered_on-{part}": "" for part in ("day", "month", "year")}
    visitor.open(path).send({"outcome": "open", "corrections": "", **empty})
    assert visitor.text.count("Silent, late") == 2


def test_a_corrected_day_moves_the_date(case: Case, visitor: Visitor) -> None:
    path = path_of(case, "Police")
    visitor.open(f"{path}/sent").send({"sent_on-day": "1", "sent_on-month": "6", "sent_on-year": "2026"})
    assert visitor.path == path
    assert "Due 15 June 2026" in visitor.text


def test_a_new_version_asks_again_unless_the_check_may_stand(case: Case, county: County, visitor: Visitor) -> None:
    case.at = NOW
    report(case, "b")
    visitor.open(f"/reviews/{case.reference}/accuracy")
    assert visitor.text.count("To be asked again") == 2
    ticked = {str(box["value"]) for box in visitor.page.select("input[name=agency_ids][checked]")}
    assert ticked == {str(county.agency("Police")), str(county.agency("Barset Refuge"))}
    visitor.open(path_of(case, "Barset Refuge"))
    assert "What it said before no longer counts" in visitor.text
    visitor.send(button="Let the check stand")
    assert visitor.text.count("To be asked again") == 1
    visitor.send({"agency_ids": [str(county.agency("Police"))]})
    assert "Asked again since" in visitor.text


def test_a_contributor_sees_and_answers_only_their_own_agencys(
    app: Flask, case: Case, county: County, sign_in: SignIn
) -> None:
    contributor = Visitor(app.test_client())
    person = sign_in(contributor.client, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
    assert contributor.open(f"/reviews/{case.reference}/accuracy").status == 404
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    contributor.open(f"/reviews/{case.reference}/accuracy")
    assert "What your agency is asked to check" in contributor.text
    assert "Barset Refuge" not in contributor.text
    contributor.open(path_of(case, "Police"))
    assert "From whose e-mail" not in contributor.text
    assert "What does your agency answer?" in contributor.text
    assert "We ask for corrections" in contributor.text
    assert contributor.value("answered_on-year") == "2026"
    assert "sent by mistake" not in contributor.text
    contributor.send({name: value for name, value in CORRECTS.items() if name != "came_from"})
    assert (contributor.status, contributor.path) == (200, "/owed")
    assert "By the agency" in contributor.open(path_of(case, "Police")).text
    for beyond in (
        path_of(case, "Barset Refuge"),
        f"{path_of(case, 'Police')}/sent",
        f"{path_of(case, 'Police')}/settle",
    ):
        assert contributor.open(beyond).status == 403


def test_the_second_to_save_chooses_between_both_texts(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = path_of(case, "Police")
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send(CORRECTS)
    second.send({**CORRECTS, "corrections": "4.2 and 4.9.", "came_from": "A letter"})
    assert second.status == 409
    second.send({"keep-corrections": "yours", "keep-came_from": "theirs"})
    page = open_check(case.reference, path_id(path), by=case.county.coordinator, at=NOW)
    assert (page.entry.corrections, page.entry.came_from) == ("4.2 and 4.9.", "DI Thorne, 3 June")


SETTLED_ON = {"settled_on-day": "3", "settled_on-month": "6", "settled_on-year": "2026"}


@pytest.mark.parametrize(
    ("page", "first", "second", "field", "kept"),
    [
        ("settle", {**SETTLED_ON, "settlement": "All made."}, {**SETTLED_ON, "settlement": "One made."},
         "settlement", "One made."),
        ("sent", {"sent_on-day": "11", "sent_on-month": "5"}, {"sent_on-day": "12", "sent_on-month": "5"},
         "sent_on", "12 May 2026"),
    ],
)  # fmt: skip
def test_two_people_correct_the_same_check(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn, page: str, first: dict[str, str],
    second: dict[str, str], field: str, kept: str,
) -> None:  # fmt: skip
    path = path_of(case, "Police")
    visitor.open(path).send(CORRECTS)
    other = Visitor(app.test_client())
    sign_in(other.client)
    other.open(f"{path}/{page}")
    visitor.open(f"{path}/{page}").send(first)
    other.send(second)
    assert other.status == 409
    other.send({f"keep-{field}": "yours"})
    assert kept in visitor.open(path).text


def test_whoever_oversees_reads_a_check_and_changes_nothing(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = path_of(case, "Police")
    visitor.open(path).send(CORRECTS)
    overseer = Visitor(app.test_client())
    sign_in(overseer.client, Role.STEERING_CHAIR)
    page = overseer.open(path)
    assert "4.2: half past nine." in page.text
    assert page.page.select("main form") == []
    for role in (Role.AUDITOR, Role.STEERING_MEMBER):
        other = Visitor(app.test_client())
        sign_in(other.client, role)
        assert other.open(f"/reviews/{case.reference}/accuracy").status == 403
        assert other.open(path).status == 403


def test_there_is_nothing_to_settle_before_an_agency_asks_for_corrections(case: Case, visitor: Visitor) -> None:
    assert visitor.open(f"{path_of(case, 'Police')}/settle").status == 404


def test_a_day_that_cannot_be_read_hides_nothing_else_that_is_wrong(case: Case, visitor: Visitor) -> None:
    visitor.open(path_of(case, "Police")).send({**CORRECTS, "corrections": "", "answered_on-day": "31"})
    assert visitor.errors() == [
        "Enter the corrections it asks for.",
        "The day of the answer must be a real date: June 2026 has 30 days.",
    ]


def test_an_agency_that_cannot_see_its_check_is_named(case: Case, county: County, visitor: Visitor) -> None:
    county.who(Role.AGENCY_CONTRIBUTOR)
    for path in (f"/reviews/{case.reference}/accuracy", path_of(case, "Police")):
        assert "Nobody of Barsetshire Police has a seat on this review" in visitor.open(path).text
