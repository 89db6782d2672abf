"""A member of the steering group comes in, sees what is late, and takes the report of a past day to a meeting."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize

from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

DAY = date(2026, 5, 31)
BLOCKS = {"on a telephone": True, "at a desk": False}
A4: ViewportSize = {"width": 680, "height": 1009}  # between margins of 15 mm, at 96 to the inch
WHAT_FOLLOWS = "links => links.map(link => getComputedStyle(link, '::after').content)"


@pytest.mark.parametrize("phone", BLOCKS.values(), ids=BLOCKS)
def test_from_the_sign_in_to_the_printed_report(
    arrive: Callable[..., Walker], site: Site, tmp_path: Path, phone: bool
) -> None:
    walker = arrive(phone=phone).sign_in(Role.STEERING_MEMBER)
    walker.sees_heading("Steering group overview").sees("What waits for the steering group chair")
    assert walker.faults() + ([] if phone else walker.faults_when_narrow()) == []

    _every_chart_is_seen(walker)
    _fits_on_paper(walker)
    late = walker.main.get_by_role("table", name="Reviews whose date passed longest ago").get_by_role("link").first
    reference = late.inner_text()
    walker.click(late).sees_heading(reference).sees("Late")

    walker.go_to("Steering overview").press("Report as at a day").sees_heading("Steering group report")
    assert walker.faults() == []
    walker.date("As at the end of which day?", date(2027, 5, 31)).press("Show the report")
    assert (walker.status, walker.faults()) == (422, [])
    walker.sees("31 May 2027 has not come yet")
    walker.date("As at the end of which day?", DAY).press("Show the report")
    walker.sees_heading("Steering group report as at 31 May 2026").sees(reference).sees("Columbine/2023")
    assert walker.faults() == []
    assert site.sealed_in(walker.main.inner_text()) == []
    _is_printed(walker, tmp_path)


def test_a_number_of_late_actions_leads_to_the_actions_by_name(arrive: Callable[..., Walker]) -> None:
    walker = arrive().sign_in(Role.STEERING_CHAIR)
    agency = "Barsetshire Police"
    walker.click(walker.main.get_by_role("link", name=re.compile(f"days late: {agency}")).first)
    table = walker.main.get_by_role("table", name=f"Late actions: {agency}")
    assert table.bounding_box() is not None
    walker.click(table.get_by_role("link").first).sees_heading("Action plan").sees("Late")


def _every_chart_is_seen(walker: Walker) -> None:
    for name in ("Reviews at each stage", "Reviews by their next date", "Whom reviews are waiting for"):
        box = walker.main.get_by_role("img", name=name).bounding_box()
        assert box is not None
        assert box["height"] > 100
        assert walker.main.get_by_role("table", name=name).is_visible()


def _fits_on_paper(walker: Walker) -> None:
    """No table is cut off at the edge, no address stands after its link, and no label is cut off in a chart."""
    before = walker.page.viewport_size
    assert before is not None
    walker.page.emulate_media(media="print")
    walker.page.set_viewport_size(A4)
    for each in [*walker.main.get_by_role("table").all(), *walker.main.locator(".dhr-bars__label").all()]:
        box = each.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= A4["width"]
    assert set(walker.main.locator("a[href]").evaluate_all(WHAT_FOLLOWS)) == {"none"}
    walker.page.emulate_media(media="screen")
    walker.page.set_viewport_size(before)
    for label in walker.main.locator(".dhr-bars__label").all():
        box = label.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= before["width"]


def _is_printed(walker: Walker, folder: Path) -> None:
    """On paper stands the report alone, upright on A4, without the form that chose the day."""
    walker.page.emulate_media(media="print")
    assert walker.main.get_by_role("table", name="Open actions by agency").is_visible()
    assert not walker.page.get_by_role("button", name="Show the report").is_visible()
    assert not walker.page.get_by_role("link", name="Reviews", exact=True).is_visible()
    foot = walker.main.locator(".dhr-report__foot")
    assert foot.inner_text().startswith("OFFICIAL-SENSITIVE. Steering group report as at 31 May 2026, made on ")
    on_each_page = "foot => [getComputedStyle(foot).display, getComputedStyle(foot).breakInside]"
    assert foot.evaluate(on_each_page) == ["table-footer-group", "avoid"]
    assert walker.main.get_by_text("Individual management review").is_visible()  # what is folded away is open on paper
    printed = walker.page.pdf(prefer_css_page_size=True, path=folder / "report.pdf")
    assert b"/MediaBox [0 0 594" in printed or b"/MediaBox [0 0 595" in printed
    walker.page.emulate_media(media="screen")


def test_the_chair_signs_off_what_the_overview_says_waits(arrive: Callable[..., Walker]) -> None:
    walker = arrive().sign_in(Role.STEERING_CHAIR).sees("to be signed off by you")
    waiting = walker.main.locator("a[href$='/plan/sign-off']").first
    href = waiting.get_attribute("href")
    walker.click(waiting).sees_heading("Sign actions off")
    walker.write("What is the number of the minute?", "11").date("Of which day is the minute?")
    walker.press("Sign off what is ticked").told("signed off.")
    walker.go_to("Steering overview")
    assert walker.main.locator(f"a[href='{href}']").count() == 0


def test_without_a_script_everything_is_there(arrive: Callable[..., Walker]) -> None:
    walker = arrive(javascript=False).sign_in(Role.STEERING_MEMBER).sees("Where reviews stand")
    walker.press("Report as at a day").follow("The end of last month: 31 May 2026")
    walker.sees_heading("Steering group report as at 31 May 2026")
