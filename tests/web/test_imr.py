"""Asking agencies for IMRs, and what they send, on the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask

from dhr_app.casework import imr
from dhr_app.casework.imr import RequestEntry
from dhr_app.casework.imr_page import open_imr
from dhr_app.database.models import Imr
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.queries import asked_by
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


def on(field: str, day: str, month: str, year: str = "2026") -> dict[str, str]:
    """A date in its three boxes."""
    return {f"{field}-day": day, f"{field}-month": month, f"{field}-year": year}


ANSWER = {
    "author": "Insp. J. Grantly", "author_independent": "yes", "author_trained": "yes", "outcome": "received",
    "signed_off_by": "Supt. A. Proudie", "findings": "Seven contacts.", "came_from": "DI Thorne, 3 June",
    **on("answered_on", "3", "6"), **on("signed_off_on", "2", "6"), **on("chronology_received_on", "1", "5"),
}  # fmt: skip


@pytest.fixture
def case(county: County) -> Case:
    """A review commissioned a hundred days ago; Police and Barset Refuge were asked then."""
    case = county.review(Stage.PANEL, at=NOW - timedelta(days=103))
    ask(case, "Police", "Barset Refuge")
    return case


def ask(case: Case, *agencies: str, day: date | None = None) -> None:
    chosen = tuple(case.county.agency(name) for name in agencies)
    entry = RequestEntry("imr", day or case.today, chronology_requested=True)
    imr.ask(case.reference, chosen, entry, by=case.county.coordinator, at=case.wait(minutes=1))


def path_of(case: Case, agency: str) -> str:
    (row,) = [row for row in case.rows(Imr) if row.agency_id == case.county.agency(agency)]
    return f"/reviews/{case.reference}/imrs/{row.id}"


def path_id(path: str) -> UUID:
    return UUID(path.rsplit("/", 1)[1])


def post(visitor: Visitor, path: str, data: Mapping[str, str] | None = None) -> int:
    """Press a button that the page no longer shows."""
    token = {"csrf_token": visitor.value("csrf_token")}
    return visitor.client.post(path, data={**token, **(data or {})}).status_code


def test_whoever_is_past_its_date_is_marked(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/imrs")
    assert visitor.text.count("Late") == 4  # two IMRs, two chronologies


def test_several_agencies_are_asked_at_once_and_not_offered_again(case: Case, county: County, visitor: Visitor) -> None:
    asked = [str(county.agency(name)) for name in ("Probation", "Mental Health Trust")]
    visitor.open(f"/reviews/{case.reference}/imrs").send({"agency_ids": asked, "kind": "summary_report"})
    assert "2 agencies were asked." in visitor.text
    assert visitor.text.count("Summary report") >= 2
    offered = {str(box["value"]) for box in visitor.page.select("input[name=agency_ids]")}
    assert not offered & set(asked)


def test_a_day_to_come_and_no_agency_are_said_beside_their_boxes(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/imrs").send({"chronology_requested": "no"})
    assert visitor.errors() == ["Choose at least one agency."]
    fire = str(case.county.agency("Fire and Rescue"))
    visitor.send({"agency_ids": [fire], "requested_on-year": "2027"})
    assert visitor.errors() == ["3 June 2027 has not come yet: check the day."]
    assert (visitor.value("agency_ids"), visitor.value("chronology_requested")) == (fire, "no")


def test_before_the_review_is_commissioned_nobody_is_asked(county: County, visitor: Visitor) -> None:
    path = f"/reviews/{county.review(Stage.SCOPING).reference}/imrs"
    visitor.open(path)
    assert "Agencies are asked for IMRs while the review is commissioned and open." in visitor.text
    assert visitor.page.select("main form") == []


def test_an_imr_is_entered_on_behalf_bit_by_bit(case: Case, visitor: Visitor) -> None:
    path = path_of(case, "Police")
    visitor.open(path).send({"author": "Insp. J. Grantly"})
    assert visitor.errors() == ["Say from whose e-mail or letter, and of which day, you enter this."]
    assert visitor.value("author") == "Insp. J. Grantly"
    visitor.send({"came_from": "DI Thorne, 3 June"})
    assert visitor.path == f"/reviews/{case.reference}/imrs"
    assert "IMR of Barsetshire Police: saved: the author; where it was entered from." in visitor.text
    assert "Insp. J. Grantly" in visitor.text
    visitor.open(path).send()
    assert "nothing was changed." in visitor.text
    visitor.open(path).send({**ANSWER, "author_independent": "no"})
    assert "Received" in visitor.text
    assert "Not independent" in visitor.text
    assert "On behalf of the agency" in visitor.open(path).text
    assert visitor.value("findings") == "Seven contacts."


def test_an_imr_turns_into_a_summary_report(case: Case, visitor: Visitor) -> None:
    visitor.open(f"{path_of(case, 'Police')}/request").send({"kind": "summary_report", "chronology_requested": "no"})
    assert visitor.path == path_of(case, "Police")
    assert "Summary report" in visitor.text
    assert visitor.page.select("[name=chronology_received_on-day]") == []


def test_two_people_correct_what_was_asked(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    path = f"{path_of(case, 'Police')}/request"
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"kind": "summary_report"})
    second.send({"chronology_requested": "no"})
    assert second.status == 409
    second.send({"keep-kind": "theirs", "keep-chronology_requested": "yours"})
    (row,) = [row for row in case.rows(Imr) if row.agency_id == case.county.agency("Police")]
    assert (row.kind, row.chronology_requested) == ("summary_report", False)


def test_a_silent_agency_is_escalated_and_only_then_closed_and_wanted_after_all(case: Case, visitor: Visitor) -> None:
    path = path_of(case, "Police")
    visitor.open(path)
    assert "Close as no reply" not in visitor.text
    token = {"csrf_token": visitor.value("csrf_token")}
    refused = visitor.client.post(f"{path}/close", data=token)
    assert refused.status_code == 422
    assert "an IMR is closed as no reply only after escalation" in refused.text
    visitor.send(button="Record the escalation")
    assert visitor.errors() == ["Give the day on which it was escalated."]
    visitor.send(on("escalated_on", "2", "6"), button="Record the escalation")
    assert "Escalated 2 June 2026" in visitor.text
    visitor.send(button="Close as no reply after escalation")
    assert "No reply" in visitor.text
    visitor.open(path).send(button="Wait for it again")
    assert "It is waited for again." in visitor.text
    assert post(visitor, f"{path}/again") == 422


def test_what_is_not_required_says_why(case: Case, visitor: Visitor) -> None:
    path = path_of(case, "Police")
    visitor.open(path).send(button="Record as not required")
    assert visitor.errors() == ["Say why it is not required."]
    visitor.send({"because": "outside_period"}, button="Record as not required")
    assert "Not required" in visitor.text
    visitor.open(path)
    assert "Its contact lies outside the period under review" in visitor.text
    assert "What the agency has sent" not in visitor.text


def test_a_contributor_sees_and_enters_only_their_own_agencys(
    app: Flask, case: Case, county: County, sign_in: SignIn
) -> None:
    contributor = Visitor(app.test_client())
    person = sign_in(contributor.client, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
    assert contributor.open(f"/reviews/{case.reference}/imrs").status == 404
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    contributor.open(f"/reviews/{case.reference}/imrs")
    assert "What your agency is asked to write" in contributor.text
    assert "Barset Refuge" not in contributor.text
    ways = [link.get_text() for link in contributor.page.select(".moj-sub-navigation__link")]
    assert ways == ["Scoping", "IMRs"]
    contributor.open(path_of(case, "Police"))
    assert "From whose e-mail" not in contributor.text
    for said in ("Is your agency’s report ready?", "Who writes it for your agency?", "What did your agency find?"):
        assert said in contributor.text
    assert "the agency" not in contributor.text
    assert f"ask {county.coordinator.name}." in contributor.text
    assert "If the agency does not answer" not in contributor.text
    contributor.send(on("chronology_received_on", "1", "5"))
    assert contributor.path == "/owed"
    assert "saved: chronology, 1 May 2026." in contributor.text
    contributor.open(path_of(case, "Police"))
    own = {name: value for name, value in ANSWER.items() if name != "came_from" and "answered_on" not in name}
    contributor.send(own)
    assert "it is recorded as received, 3 June 2026." in contributor.text
    assert contributor.status == 200
    assert "By the agency" in contributor.open(path_of(case, "Police")).text
    assert contributor.open(path_of(case, "Barset Refuge")).status == 403
    assert contributor.open(f"{path_of(case, 'Police')}/request").status == 403


def test_the_second_to_save_chooses_between_both_texts(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = path_of(case, "Police")
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send(ANSWER)
    second.send({**ANSWER, "findings": "Nine contacts.", "author_trained": "no"})
    assert second.status == 409
    second.send({"keep-findings": "yours", "keep-author_trained": "theirs"})
    page = open_imr(case.reference, path_id(path), by=case.county.coordinator, at=NOW)
    assert (page.entry.findings, page.entry.author_trained) == ("Nine contacts.", "yes")


def test_whoever_oversees_reads_an_imr_and_changes_nothing(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = path_of(case, "Police")
    visitor.open(path).send(ANSWER)
    overseer = Visitor(app.test_client())
    sign_in(overseer.client, Role.STEERING_CHAIR)
    page = overseer.open(path)
    assert "Seven contacts." in page.text
    assert "Supt. A. Proudie, 2 June 2026" in page.text
    assert page.page.select("main form") == []
    for role in (Role.AUDITOR, Role.STEERING_MEMBER):
        other = Visitor(app.test_client())
        sign_in(other.client, role)
        assert other.open(f"/reviews/{case.reference}/imrs").status == 403
        assert other.open(path).status == 403


def test_the_page_asks_the_database_as_often_for_ten_agencies_as_for_two(case: Case, visitor: Visitor) -> None:
    path = f"/reviews/{case.reference}/imrs"
    for_two = asked_by(case.county.house, lambda: visitor.open(path))
    ask(case, "Probation", "Mental Health Trust", "Adult Social Care", "Barchester Housing", "Fire and Rescue")
    assert asked_by(case.county.house, lambda: visitor.open(path)) == for_two


def test_a_day_that_cannot_be_read_hides_nothing_else_that_is_wrong(case: Case, visitor: Visitor) -> None:
    visitor.open(path_of(case, "Police")).send({"outcome": "received", **on("signed_off_on", "31", "2")})
    assert visitor.errors() == [
        "Give the day on which it came.",
        "Say who wrote it: name and post.",
        "The day of the sign-off must be a real date: February 2026 has 28 days.",
        "Say from whose e-mail or letter, and of which day, you enter this.",
    ]


def test_an_agency_that_cannot_see_what_it_is_asked_is_named(case: Case, county: County, visitor: Visitor) -> None:
    county.who(Role.AGENCY_CONTRIBUTOR)
    for path in (f"/reviews/{case.reference}/imrs", path_of(case, "Police")):
        assert "Nobody of Barsetshire Police has a seat on this review" in visitor.open(path).text
    assert "Nobody of" not in visitor.open(path_of(case, "Barset Refuge")).text
