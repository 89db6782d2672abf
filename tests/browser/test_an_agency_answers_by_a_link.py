"""Somebody at an agency without an account follows the link in a mail, enters a code, and shows what was done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dhr_app.database.models import Action, Recommendation
from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import Walker
from tests.documents import pdf
from tests.factories import TODAY
from tests.linking import Post
from tests.mailserver import mail_server

pytestmark = pytest.mark.browser

SHOWS = "The form as it is printed since May."


def action_of(site: Site, case: str) -> str:
    """The police’s action on a case: its id."""
    with site.house.reading() as session:
        of = site.ids(Recommendation, case, number="1")[0]
        found = [one for one in site.ids(Action, case) if session.get_one(Action, one).recommendation_id == of]
    return str(found[0])


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_from_the_mail_to_the_report_with_its_file(arrive: Callable[..., Walker], site: Site, phone: bool) -> None:
    case = "publication"
    reference, action_id = site.reference(case), action_of(site, case)
    office = arrive(phone=phone).sign_in(Role.COORDINATOR).open(f"/reviews/{reference}/plan")
    office.click(office.page.locator(f"main a[href*='{action_id}/link']"))
    office.sees_heading("Send a link to action 1/1")
    assert office.faults() == []
    address = f"plans@{'phone' if phone else 'desk'}.police.example"  # where nobody of them is known yet
    office.write("Work e-mail address at the agency", address).press("Send the link")
    office.sees("Check the address letter by letter")
    assert office.faults() == []
    office.page.get_by_label("The address is right").check()
    office.press("Send the link")
    office.told("The link to action 1/1 is on its way.").sees("Works until")
    assert office.faults() == []

    with mail_server() as server:
        post = Post(site.house, server)
        agency = arrive(phone=phone).open(post.link(at=site.house.clock.now()))
        agency.sees_heading("Report on an action")
        assert reference not in agency.main.inner_text()
        assert agency.faults() == []
        agency.press("Send me a code").sees_heading("Enter the code from the mail")
        assert agency.faults() == []
        agency.write("Code", "000000").press("Continue").sees("That code is not right")
        agency.write("Code", post.code(at=site.house.clock.now())).press("Continue")
    agency.sees_heading("Action 1/1").sees(reference).sees("cannot be left empty")
    assert "/answer" in agency.page.url
    assert agency.faults() == []
    agency.press("Done")
    assert agency.faults() == []
    agency.date("On which day was it done?", TODAY).write("What shows it?", SHOWS)
    agency.page.set_input_files(
        "input[type=file]", {"name": "form.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    agency.press("Report as done").sees_heading("Your report is sent")
    assert agency.faults() == []
    assert agency.open("/answer").status == 404
    agency.sees_heading("This link opens nothing")
    assert agency.faults() == []

    office.open(f"/reviews/{reference}/plan/actions/{action_id}/report").sees(SHOWS)
    office.sees("By the link sent to the agency on").sees("Open the file")
