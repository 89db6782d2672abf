"""On a telephone nothing is cut off and nothing waits behind a sideways scroll that nobody sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import PHONE, Walker

pytestmark = pytest.mark.browser

WIDE = '<div class="wide">' + "A date, an agency, a button. " * 20 + "</div>"
STYLE = """<style>
  .wide   { white-space: nowrap }
  .scroll { overflow-x: auto }
  .cut    { overflow: hidden }
  table   { width: 300px; table-layout: fixed }
  button  { position: relative; left: -90px }
</style>"""

SPILLS = "The next date, and what is late"
CUT = {
    "a page that scrolls":         WIDE,
    "a box that scrolls":          f'<section class="scroll">{WIDE}</section>',
    "a box that cuts":             f'<section class="cut">{WIDE}</section>',
    "a cell that spills":          f'<table><tr><td class="wide">{SPILLS}</td><td></td></tr></table>',
    "a button beside the window":  "<button>End today</button>",
    "something wide, folded away": f"<details><summary>Filters</summary>{WIDE}</details>",
}  # fmt: skip
SOUND = "<details><summary>Filters</summary><p>Stage</p></details><table><tr><th>Due</th><td>Late</td></tr></table>"


@pytest.mark.parametrize("page", CUT.values(), ids=CUT)
def test_whatever_cannot_be_seen_is_called_a_fault(arrive: Callable[..., Walker], page: str) -> None:
    walker = arrive(phone=True)
    walker.page.set_content(STYLE + page)
    assert walker.faults_of_shape()


def test_a_page_that_shows_everything_has_no_fault(arrive: Callable[..., Walker]) -> None:
    walker = arrive(phone=True)
    walker.page.set_content(STYLE + SOUND)
    assert walker.faults_of_shape() == []


def test_the_next_date_and_what_is_late_stand_on_a_telephone_s_list_of_reviews(arrive: Callable[..., Walker]) -> None:
    walker = arrive(phone=True).sign_in(Role.COORDINATOR).open("/reviews")
    row = walker.main.get_by_role("row").filter(has_text="Late").first
    assert row.get_by_role("rowheader").is_visible()
    for name in ("Stage", "Next date", "Led by"):
        cell = row.locator(f"[data-label='{name}']")
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]
        assert cell.evaluate("each => getComputedStyle(each, '::before').content").startswith(f'"{name}"')
    assert [each.inner_text() for each in walker.main.get_by_role("columnheader").all()] == [
        "Review", "Stage", "Next date", "Led by"
    ]  # fmt: skip


def test_the_list_begins_on_a_telephone_s_first_screen_whatever_it_is_narrowed_to(
    arrive: Callable[..., Walker],
) -> None:
    walker = arrive(phone=True, javascript=False).sign_in(Role.COORDINATOR).open("/reviews?stage=scoping&late=yes")
    walker.sees("Narrowed to: Scoping, late")
    assert not walker.main.get_by_label("Stage", exact=True).is_visible()
    box = walker.main.get_by_role("rowheader").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"]
    walker.main.locator("summary").click()
    walker.choose("Stage", "Any stage").press("Show").sees("Narrowed to: late")


def test_a_seat_can_be_ended_from_a_telephone(arrive: Callable[..., Walker], site: Site) -> None:
    walker = arrive(phone=True).sign_in(Role.COORDINATOR).open(f"/reviews/{site.reference('panel')}/members")
    button = walker.main.get_by_role("button", name="End the seat of").first
    box = button.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]
