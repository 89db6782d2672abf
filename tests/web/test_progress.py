"""Reports on the plan page: read there, entered for an agency, a wish for a later date answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from flask import Flask

from dhr_app.casework import files
from dhr_app.database.models import Evidence
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.documents import pdf
from tests.factories import NOW, TODAY
from tests.planning import act, action_shown, recommend
from tests.queries import asked_by
from tests.reporting import contributor, page_of, report
from tests.reviews import Case, County
from tests.stories.coordinating import day_boxes
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


def here(case: Case, action_id: UUID, step: str) -> str:
    return f"/reviews/{case.reference}/plan/actions/{action_id}/{step}"


def test_the_coordinator_reports_for_an_agency_and_it_is_shown_so(
    case: Case, action_id: UUID, visitor: Visitor
) -> None:
    visitor.open(f"/reviews/{case.reference}/plan")
    (link,) = visitor.links("/report", words="Report progress")
    (step,) = visitor.open(link).links("/progress")
    visitor.open(step).send({"text": "Half of the stations have it."})
    assert visitor.errors() == ["Say from whose e-mail or letter, and of which day, you enter this."]
    assert visitor.value("text") == "Half of the stations have it."
    visitor.send({"came_from": "E-mail of J. Arabin, 3 June"})
    assert visitor.path == f"/reviews/{case.reference}/plan"
    assert "on behalf of Barsetshire Police, from: E-mail of J. Arabin, 3 June" in visitor.text
    assert "Half of the stations have it." in visitor.text


def test_the_agency_reads_what_was_entered_for_it(case: Case, action_id: UUID, visitor: Visitor) -> None:
    visitor.open(here(case, action_id, "report/done"))
    visitor.send({"text": "The statement", "came_from": "Letter of 2 June", **day_boxes("done_on", TODAY)})
    (one,) = page_of(case, action_id, by=contributor(case)).action.reports
    assert (one.on_behalf, one.came_from) == (True, "Letter of 2 June")


def test_a_wish_for_longer_is_on_the_day_page_and_is_answered_by_moving_the_date(
    case: Case, action_id: UUID, visitor: Visitor
) -> None:
    report(case, action_id, "need_longer")
    visitor.open("/today")
    assert "Agencies that ask for longer" in visitor.text
    (link,) = visitor.links("/longer")
    visitor.open(link)
    assert "The supplier is late." in visitor.text
    assert "So long a move is the steering group chair’s to agree: you need the number and the day" in visitor.text
    (move,) = visitor.links("/date")
    later = action_shown(case, "4/1").target_on or TODAY
    visitor.open(move)
    assert "The supplier is late." in visitor.text
    assert [visitor.value(f"to_on-{part}") for part in ("day", "month", "year")] == ["31", "12", "2026"]
    visitor.open(move).send({"because": "larger", **day_boxes("to_on", later + timedelta(days=10))})
    visitor.was_taken()
    assert "Asks for longer" not in visitor.text
    assert "Agencies that ask for longer" not in visitor.open("/today").text
    assert "This is answered" in visitor.open(link).text


def test_a_wish_is_refused_with_a_reason_and_the_agency_reads_it(
    case: Case, action_id: UUID, visitor: Visitor, app: Flask, sign_in: SignIn
) -> None:
    report(case, action_id, "need_longer")
    visitor.open(here(case, action_id, "longer")).send()
    assert visitor.errors() == ["Say why the date stays: the agency reads it."]
    visitor.send({"because": "The seminar is in May."})
    assert "the agency is answered, and its date stays" in visitor.page.get_text()
    agency = Visitor(app.test_client())
    sign_in(agency.client, Role.AGENCY_CONTRIBUTOR, agency_id=case.county.agency("Police"))
    agency.open(f"/owed/actions/{action_id}")
    assert "the date stays. The seminar is in May." in agency.text


def test_a_wish_asked_anew_meanwhile_is_looked_at_again(case: Case, action_id: UUID, visitor: Visitor) -> None:
    report(case, action_id, "need_longer")
    visitor.open(here(case, action_id, "longer"))
    report(case, action_id, "need_longer", text="Another reason.")
    visitor.send({"because": "The seminar is in May."})
    assert "look at it again" in visitor.errors()[0]
    assert "Another reason." in visitor.text
    visitor.send()
    visitor.was_taken()


def test_the_second_to_move_a_date_is_told_what_stands_and_can_go_on(
    case: Case, action_id: UUID, app: Flask, visitor: Visitor, sign_in: SignIn
) -> None:
    second = Visitor(app.test_client())
    sign_in(second.client)
    first_on = action_shown(case, "4/1").target_on or TODAY
    second.open(here(case, action_id, "date"))
    visitor.open(here(case, action_id, "date"))
    visitor.send({"because": "larger", **day_boxes("to_on", first_on + timedelta(days=5))})
    second.send({"because": "larger", **day_boxes("to_on", first_on + timedelta(days=9))})
    assert "Somebody changed this action" in second.errors()[0]
    second.send()
    second.was_taken()


def test_a_day_that_cannot_be_read_hides_nothing_else_that_is_wrong_in_a_move(
    case: Case, action_id: UUID, visitor: Visitor
) -> None:
    boxes = {"to_on-day": "31", "to_on-month": "2", "to_on-year": "2027"}
    visitor.open(here(case, action_id, "date")).send(boxes)
    assert visitor.errors() == [
        "Say why the date moves.",
        "The new date must be a real date: February 2027 has 28 days.",
    ]
    visitor.open(here(case, action_id, "report/done")).send({"done_on-day": "31", "done_on-month": "2"})
    assert set(visitor.errors()) == {
        "The day it was done must include a year.",
        "Say what shows it; a senior officer’s statement will do.",
        "Say from whose e-mail or letter, and of which day, you enter this.",
    }


def test_the_steering_group_reads_reports_and_their_files_and_the_panel_does_not(
    case: Case, action_id: UUID, app: Flask, sign_in: SignIn
) -> None:
    report(case, action_id, file=files.arrived("a.pdf", pdf()))
    (row,) = case.rows(Evidence)
    file = f"/reviews/{case.reference}/plan/evidence/{row.id}"
    member, auditor = Visitor(app.test_client()), Visitor(app.test_client())
    sign_in(member.client, Role.STEERING_MEMBER)
    sign_in(auditor.client, Role.AUDITOR)
    assert member.open(f"/reviews/{case.reference}/plan").links("/evidence/") == [file]
    assert "The draft form is with the unions." in member.text
    assert member.client.get(file).data == pdf()
    assert member.links("/report", words="Report progress") == []
    assert "The draft form" not in auditor.open(f"/reviews/{case.reference}/plan").text
    assert auditor.open(file).status == 403
    assert case.happened("evidence") == ["evidence_read"]


def test_a_file_of_another_review_is_not_found(case: Case, action_id: UUID, county: County, visitor: Visitor) -> None:
    report(case, action_id, file=files.arrived("a.pdf", pdf()))
    (row,) = case.rows(Evidence)
    other = county.review(Stage.PANEL, at=NOW - timedelta(days=30))
    assert visitor.open(f"/reviews/{other.reference}/plan/evidence/{row.id}").status == 404


def test_a_silent_action_is_marked_on_the_plan(case: Case, visitor: Visitor, county: County) -> None:
    old = county.review(Stage.PANEL, at=NOW - timedelta(days=150))
    act(old, recommend(old, "1"))
    visitor.open(f"/reviews/{old.reference}/plan")
    assert "No word since" in visitor.text


def test_the_plan_asks_as_often_for_many_reports_as_for_one(case: Case, action_id: UUID, visitor: Visitor) -> None:
    report(case, action_id)
    path = f"/reviews/{case.reference}/plan"
    for_one = asked_by(case.county.house, lambda: visitor.open(path))
    for number in ("5", "6"):
        more = act(case, recommend(case, number))
        report(case, more, file=files.arrived("a.pdf", pdf()))
        report(case, more, "no_change")
    assert asked_by(case.county.house, lambda: visitor.open(path)) == for_one
