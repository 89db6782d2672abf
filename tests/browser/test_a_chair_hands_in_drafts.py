"""A chair hands in drafts with their progress and shares one; the coordinator reads it, and the chair sees that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Route, expect

from dhr_app.workflows.roles import Role
from tests import documents
from tests.browser.site import Site
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

HANDED_IN = "✓ Handed in at "
NOTE = "Note for the readers"
OTHER = "Other document"


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The chair’s own folder: a large Word file, a PDF, and a file of a kind that is not taken."""
    mark = request.node.name
    (tmp_path / "Report 3.docx").write_bytes(documents.word(f"Whole, {mark}", stored=mark.encode() * 200_000))
    (tmp_path / "Plan.pdf").write_bytes(documents.pdf(2, stored=mark.encode()))
    (tmp_path / "Notes.pdf").write_bytes(documents.pdf(3, stored=mark.encode()))
    (tmp_path / "Old notes.doc").write_bytes(documents.OLE + mark.encode())
    return tmp_path


@pytest.fixture(params=[False, True], ids=["desktop", "phone"])
def chair(request: pytest.FixtureRequest, arrive: Callable[..., Walker]) -> Walker:
    """The chair’s window, wide or on a telephone."""
    return arrive(phone=request.param).sign_in(Role.INDEPENDENT_CHAIR)


def choose_file(walker: Walker, box: str, *files: Path) -> Walker:
    walker.main.get_by_label(box, exact=True).set_input_files(list(files))
    return walker


def test_from_the_sign_in_to_seeing_who_read_it(
    chair: Walker, arrive: Callable[..., Walker], site: Site, folder: Path
) -> None:
    reference = site.reference("panel")
    chair.sees_heading("What is asked of you")
    assert chair.faults() == []
    chair.press(f"Hand in a draft for {reference}").sees_heading("Hand in a draft")
    assert chair.faults() == []

    choose_file(chair, "Overview report", folder / "Report 3.docx")
    choose_file(chair, "Action plan", folder / "Plan.pdf")
    choose_file(chair, OTHER, folder / "Old notes.doc")
    chair.write(NOTE, "Chapter three is new.").press("Hand in")
    told = chair.main.locator("[data-uploads-list] li")
    expect(told.nth(2)).to_contain_text("Not taken. This is a Word file of the old kind (.doc).")
    expect(told.nth(0)).to_contain_text(HANDED_IN)
    expect(told.nth(0)).to_contain_text("overview report, draft")
    expect(told.nth(1)).to_contain_text("action plan, draft")
    expect(chair.main.get_by_role("status")).to_have_text("2 handed in, 1 not taken.")
    assert chair.faults() == []

    box = chair.main.get_by_label(OTHER, exact=True)
    assert box.evaluate("each => [...each.files].map(file => file.name)") == ["Old notes.doc"]  # chosen, to try again
    assert chair.main.get_by_label("Action plan", exact=True).evaluate("each => each.files.length") == 0
    assert chair.main.get_by_label(NOTE).input_value() == "Chapter three is new."
    choose_file(chair, OTHER, folder / "Notes.pdf").write("What is the other document called?", "Old notes")
    chair.press("Hand in")
    expect(told.nth(2)).to_contain_text("other document")
    expect(told).to_have_count(3)  # what failed before is gone, what was taken stays
    expect(chair.main.get_by_role("status")).to_have_text("1 handed in.")
    assert [chair.main.get_by_label(each).input_value() for each in (NOTE, "What is the other document called?")] == [
        "", "",
    ]  # fmt: skip

    chair.follow("See all drafts").sees_heading("Drafts").sees("Chapter three is new.").sees("Nobody else yet").sees(
        "Old notes"
    )
    assert chair.faults() == []
    chair.click(chair.main.get_by_role("link", name="Share it with the review panel").first)
    chair.press("Share it with the panel").told("The review panel can read this draft now.")

    office = arrive().sign_in(Role.COORDINATOR).open(f"/reviews/{reference}").follow("Report").follow("Drafts")
    with office.page.expect_download() as coming:
        office.main.get_by_role("link", name="Download overview report, draft").first.click()
    assert coming.value.suggested_filename.startswith(f"{reference}-overview-report-draft-")
    assert Path(coming.value.path()).read_bytes() == (folder / "Report 3.docx").read_bytes()
    office.open(office.page.url).sees(f"{site.card(Role.COORDINATOR).name}, 3 June 2026 at ")
    chair.open(f"/reviews/{reference}/drafts").sees(f"{site.card(Role.COORDINATOR).name}, 3 June 2026 at ")


def test_after_a_timeout_one_signs_in_in_another_tab_and_goes_on(
    arrive: Callable[..., Walker], site: Site, folder: Path
) -> None:
    chair = arrive().sign_in(Role.INDEPENDENT_CHAIR).open(f"/reviews/{site.reference('panel')}/drafts/new")
    choose_file(chair, OTHER, folder / "Plan.pdf").write(NOTE, "Still here.")
    chair.page.context.clear_cookies()
    chair.press("Hand in")
    told = chair.main.locator("[data-uploads-problem]")
    expect(told).to_contain_text(
        "You have been signed out, and nothing was sent. Your files and your note are still here"
    )
    assert chair.faults() == []
    with chair.page.expect_popup() as opened:
        told.get_by_role("link", name="Sign in").click()
    tab = Walker(opened.value, site)
    card = site.card(Role.INDEPENDENT_CHAIR)
    tab.write("Work e-mail address", card.email).write("Password", card.password).press("Sign in")
    tab.sees_heading("Drafts").close()
    chair.press("Hand in")
    expect(chair.main.locator("[data-uploads-list] li")).to_contain_text(HANDED_IN)
    expect(told).to_be_hidden()
    chair.follow("See all drafts").sees("Still here.")


def test_a_line_that_breaks_is_told_from_one_that_broke_after_all_was_sent(
    arrive: Callable[..., Walker], site: Site, folder: Path
) -> None:
    chair = arrive().sign_in(Role.INDEPENDENT_CHAIR).open(f"/reviews/{site.reference('panel')}/drafts/new")
    chair.page.route("**/drafts/new", lambda route: route.abort("aborted") if is_post(route) else route.continue_())
    told = chair.main.locator("[data-uploads-list] li")
    choose_file(chair, OTHER, folder / "Plan.pdf").press("Hand in")
    expect(told).to_contain_text("The line broke")
    expect(chair.main.get_by_role("status")).to_have_text("0 handed in, 1 not taken.")
    chair.page.unroute("**/drafts/new")
    chair.page.route("**/drafts/new", lambda route: route.abort("aborted"))
    chair.press("Hand in")
    expect(chair.main.locator("[data-uploads-problem]")).to_contain_text("did not answer, and nothing was sent")
    expect(told).to_have_count(0)
    chair.page.unroute("**/drafts/new")
    chair.press("Hand in")
    expect(told).to_contain_text(HANDED_IN)


def test_whoever_leaves_with_something_typed_is_asked_first(arrive: Callable[..., Walker], site: Site) -> None:
    chair = arrive().sign_in(Role.INDEPENDENT_CHAIR).open(f"/reviews/{site.reference('panel')}/drafts/new")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    chair.page.on("dialog", stay)
    chair.main.get_by_label(NOTE).click()
    chair.page.keyboard.type("Half a thought")
    chair.page.get_by_role("link", name="Drafts", exact=True).first.click()
    chair.sees_heading("Hand in a draft")
    assert asked == ["beforeunload"]
    chair.write(NOTE, "")
    chair.follow("Drafts").sees_heading("Drafts")
    assert asked == ["beforeunload"]


def test_a_note_that_is_too_long_is_said_once_and_nothing_is_lost(
    arrive: Callable[..., Walker], site: Site, folder: Path
) -> None:
    chair = arrive().sign_in(Role.INDEPENDENT_CHAIR).open(f"/reviews/{site.reference('panel')}/drafts/new")
    choose_file(chair, "Overview report", folder / "Report 3.docx")
    choose_file(chair, OTHER, folder / "Plan.pdf").write(NOTE, "x" * 2001).press("Hand in")
    problem = chair.main.locator("[data-uploads-problem]")
    expect(problem).to_have_text("Note for the readers: Use 2,000 characters or fewer. You have used 2,001.")
    expect(chair.main.locator("[data-uploads-list] li")).to_have_count(0)
    chair.write(NOTE, "Short.").press("Hand in")
    expect(chair.main.get_by_role("status")).to_have_text("2 handed in.")


def test_on_a_telephone_the_parts_of_a_review_unfold(arrive: Callable[..., Walker], site: Site) -> None:
    chair = arrive(phone=True).sign_in(Role.INDEPENDENT_CHAIR).open(f"/reviews/{site.reference('panel')}/drafts")
    parts = chair.page.get_by_role("button", name="Report, and other parts")
    timeline = chair.page.get_by_role("link", name="Timeline", exact=True)
    expect(timeline).to_be_hidden()
    heading = chair.main.get_by_role("heading", level=1).bounding_box()
    assert heading is not None
    assert heading["y"] < 500  # on the first screen
    parts.click()
    expect(timeline).to_be_visible()
    assert chair.faults() == []
    chair.follow("Timeline").sees_heading("Timeline")


def is_post(route: Route) -> bool:
    return route.request.method == "POST"


def test_without_javascript_one_form_takes_them_all(arrive: Callable[..., Walker], site: Site, folder: Path) -> None:
    walker = arrive(javascript=False).sign_in(Role.INDEPENDENT_CHAIR)
    walker.open(f"/reviews/{site.reference('chair_report')}/drafts/new").write(NOTE, "As asked.")
    choose_file(walker, "Overview report", folder / "Report 3.docx")
    choose_file(walker, OTHER, folder / "Plan.pdf", folder / "Old notes.doc").press("Hand in")
    assert walker.status == 422
    walker.sees("There is a problem").sees("Old notes.doc: This is a Word file of the old kind (.doc).")
    walker.sees("Handed in already. You need not choose these again").sees("Report 3.docx: overview report, draft")
    assert walker.main.get_by_label(NOTE).input_value() == "As asked."
    walker.follow("Drafts").sees("Plan.pdf")


def test_nothing_chosen_is_said_beside_the_first_box(arrive: Callable[..., Walker], site: Site) -> None:
    walker = arrive().sign_in(Role.INDEPENDENT_CHAIR).open(f"/reviews/{site.reference('chair_report')}/drafts/new")
    walker.press("Hand in").sees("There is a problem").sees("Choose at least one file.")
    assert (walker.status, walker.faults(), walker.faults_when_narrow()) == (422, [], [])
