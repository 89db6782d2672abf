"""A chair hands in drafts with their progress and shares one; the coordinator reads it, and the chair sees that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dhr_app.workflows.roles import Role
from tests import documents
from tests.browser.site import Site
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

HANDED_IN = "Handed in: "


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The chair’s own folder: a large Word file, a PDF, and a file of a kind that is not taken."""
    mark = request.node.name
    (tmp_path / "Report 3.docx").write_bytes(documents.word(f"Whole, {mark}", stored=mark.encode() * 200_000))
    (tmp_path / "Plan.pdf").write_bytes(documents.pdf(2, stored=mark.encode()))
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
    choose_file(chair, "Anything else", folder / "Old notes.doc")
    chair.write("What should a reader know?", "Chapter three is new.").press("Hand in")
    told = chair.main.locator("[data-uploads-list] li")
    expect(told.nth(2)).to_contain_text("Not taken. This is a Word file of the old kind (.doc).")
    expect(told.nth(0)).to_contain_text(f"{HANDED_IN}overview report, version")
    expect(told.nth(1)).to_contain_text(f"{HANDED_IN}action plan, version")
    expect(chair.main.get_by_role("status")).to_have_text("2 handed in, 1 not taken.")
    assert chair.faults() == []

    chair.follow("See all drafts").sees_heading("Drafts").sees("Chapter three is new.").sees("Nobody else yet")
    assert chair.faults() == []
    chair.click(chair.main.get_by_role("link", name="Share it with the review panel").first)
    chair.press("Share it with the panel").told("The review panel can read this version now.")

    office = arrive().sign_in(Role.COORDINATOR).open(f"/reviews/{reference}").follow("Report").follow("Drafts")
    with office.page.expect_download() as coming:
        office.main.get_by_role("link", name="Download overview report, version").first.click()
    assert coming.value.suggested_filename.startswith(f"{reference}-overview-report-draft-v")
    assert Path(coming.value.path()).read_bytes() == (folder / "Report 3.docx").read_bytes()
    office.open(office.page.url).sees(f"{site.card(Role.COORDINATOR).name} on 3 June 2026")
    chair.open(f"/reviews/{reference}/drafts").sees(f"{site.card(Role.COORDINATOR).name} on 3 June 2026")


def test_without_javascript_one_form_takes_them_all(arrive: Callable[..., Walker], site: Site, folder: Path) -> None:
    walker = arrive(javascript=False).sign_in(Role.INDEPENDENT_CHAIR)
    walker.open(f"/reviews/{site.reference('chair_report')}/drafts/new").write(
        "What should a reader know?", "As asked."
    )
    choose_file(walker, "Overview report", folder / "Report 3.docx")
    choose_file(walker, "Anything else", folder / "Plan.pdf", folder / "Old notes.doc").press("Hand in")
    assert walker.status == 422
    walker.sees("There is a problem").sees("Old notes.doc: This is a Word file of the old kind (.doc).")
    walker.sees("Handed in already. You need not choose these again").sees("Report 3.docx: overview report, version")
    assert walker.main.get_by_label("What should a reader know?").input_value() == "As asked."
    walker.follow("Drafts").sees("Plan.pdf")


def test_nothing_chosen_is_said_beside_the_first_box(arrive: Callable[..., Walker], site: Site) -> None:
    walker = arrive().sign_in(Role.INDEPENDENT_CHAIR).open(f"/reviews/{site.reference('chair_report')}/drafts/new")
    walker.press("Hand in").sees("There is a problem").sees("Choose at least one file.")
    assert (walker.status, walker.faults(), walker.faults_when_narrow()) == (422, [], [])
