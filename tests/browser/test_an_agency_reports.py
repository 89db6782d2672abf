"""Somebody at a partner agency finds what is owed, says how far it is, asks for longer, and shows that it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from dhr_app.casework.words import known_as
from dhr_app.database.models import Action, Recommendation, Review
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import Walker
from tests.documents import pdf
from tests.factories import TODAY

pytestmark = pytest.mark.browser

WANTED = TODAY + timedelta(days=90)
SAID_NEXT = "Six surgeries of seven have signed."


def action_of(site: Site, case: str) -> str:
    """The trust’s action on a case: its id."""
    with site.house.reading() as session:
        of = site.ids(Recommendation, case, number="2.1")[0]
        found = [one for one in site.ids(Action, case) if session.get_one(Action, one).recommendation_id == of]
    return str(found[0])


def name_of(site: Site, case: str) -> str:
    """What an agency calls a review by: its reference, after its public name where it has one."""
    with site.house.reading() as session:
        return known_as(session.get_one(Review, site.review_id(site.reference(case))))


@pytest.mark.parametrize(("case", "phone"), [("publication", False), ("seminar", True)], ids=["desktop", "phone"])
def test_an_agency_reports_until_its_action_is_signed_off(
    arrive: Callable[..., Walker], site: Site, case: str, phone: bool
) -> None:
    reference, action_id = site.reference(case), action_of(site, case)
    agency = arrive(phone=phone).sign_in(Role.AGENCY_CONTRIBUTOR)
    agency.sees_heading("What your agency owes").follow(f"{name_of(site, case)}: Action 2.1/1")
    assert agency.page.url.endswith(f"/owed/actions/{action_id}")
    assert agency.faults() == []

    said_before = agency.press("Progress").main.get_by_label("How far is it?").input_value()
    assert said_before
    agency.write("How far is it?", "").press("Report progress").sees("Say how far it is, in a sentence or two.")
    assert agency.faults() == []
    agency.write("How far is it?", f"{said_before} {SAID_NEXT}").press("Report progress")
    agency.told(f"{reference}, action 2.1/1: your report “progress” is sent, without a file.")
    agency.sees(f"{said_before} {SAID_NEXT}")

    agency.press("Need longer").date("By when can it be done?", WANTED)
    agency.write("Why does it need longer?", "The last surgery changes hands.").press("Ask for longer")
    agency.told("The coordinator answers.").sees("Asks for longer").sees("Not answered yet.")

    office = arrive(phone=phone).sign_in(Role.COORDINATOR)
    office.sees("Agencies that ask for longer").click(office.page.locator(f"main a[href*='{action_id}/longer']"))
    office.sees("The last surgery changes hands.")
    assert office.faults() == []
    office.sees("you need the number and the day of the minute.")
    office.press("Move the date").sees("The last surgery changes hands.")
    office.choose("Why does the date move?", "It waits for another organisation")
    office.write("Which minute agrees to it?", "8.1")
    office.date("Of which day is that minute?").press("Save").told("The date of action 2.1/1 is moved.")

    agency.open(f"/owed/actions/{action_id}").sees(f"due {in_words(WANTED)} from then on.")
    agency.press("Done").date("On which day was it done?")
    agency.write("What shows it?", "Statement of the medical director")
    agency.page.set_input_files(
        "input[type=file]", {"name": "statement.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    agency.press("Report as done").told("is sent, with a file.").sees("waits for the steering group to sign it off")
    with agency.page.expect_download() as coming:
        agency.main.get_by_role("link", name="Open the file").first.click()
    assert coming.value.suggested_filename.startswith(f"{reference}-action-2.1-1-evidence-")
    assert agency.open(f"/reviews/{reference}/plan").status == 404

    chair = arrive(phone=phone).sign_in(Role.STEERING_CHAIR).open(f"/reviews/{reference}/plan")
    chair.main.locator(f"tr:has(#a-{action_id}) summary").click()
    chair.sees("Statement of the medical director")
    assert chair.faults() == []
    chair.press("Sign actions off").write("What is the number of the minute?", "8.2")
    chair.date("Of which day is the minute?").press("Sign off what is ticked").told("signed off.")

    agency.open(f"/owed/actions/{action_id}").sees("This action is signed off")
    assert agency.faults() == []


def test_a_report_meets_what_a_colleague_said_meanwhile(arrive: Callable[..., Walker], site: Site) -> None:
    action_id = action_of(site, "home_office_qa")
    agency = arrive(phone=True).sign_in(Role.AGENCY_CONTRIBUTOR).open(f"/owed/actions/{action_id}/progress")
    colleague = agency.another_tab()
    colleague.write("How far is it?", "Said in the other window.").press("Report progress").told("is sent")
    agency.write("How far is it?", "Said in this window.").press("Report progress")
    assert agency.status == 409
    agency.sees("yours is not sent yet").sees("This action moved on while you wrote").sees("Said in the other window.")
    assert agency.main.get_by_label("How far is it?").input_value() == "Said in this window."
    assert agency.faults() == []
    agency.press("Report progress").told("is sent")
    agency.sees("Said in this window.").sees("Said in the other window.")


def test_it_is_done_without_javascript_too(arrive: Callable[..., Walker], site: Site) -> None:
    action_id = action_of(site, "returned_twice")
    agency = arrive(phone=True, javascript=False).sign_in(Role.AGENCY_CONTRIBUTOR).open(f"/owed/actions/{action_id}")
    agency.press("No change").press("Report no change").told("is sent.").sees("No change")
