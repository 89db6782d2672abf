"""At a machine that others use too: after a sign-out nothing of a review is to be read in the browser any more."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Dialog, Error, expect

from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

Arrive = Callable[..., Walker]

WRITTEN = "The sister in Silverbridge was told by telephone."
STORED = """async () => [
  localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length
]"""


def shown(walker: Walker) -> str:
    """Everything that stands in the window, and in its title."""
    return f"{walker.page.title()} {walker.page.locator('body').inner_text()}"


def sign_out(walker: Walker) -> None:
    walker.page.get_by_role("button", name="Sign out").click()
    walker.sees_heading("Sign in")


def test_no_way_back_shows_a_page_of_a_review_again(arrive: Arrive, site: Site) -> None:
    reference = site.reference("panel")
    walker = arrive().sign_in(Role.COORDINATOR).open(f"/reviews/{reference}").open(f"/reviews/{reference}/told")
    assert reference in shown(walker)
    walker.page.once("dialog", lambda dialog: dialog.accept())
    sign_out(walker)
    for _ in range(2):
        walker.page.go_back()
        walker.sees_heading("Sign in")
        assert reference not in walker.main.inner_text()
    assert walker.page.evaluate(STORED) == [0, 0, 0, 0, 0]


def test_a_form_that_the_browser_keeps_is_sent_again_and_gives_nothing_back(arrive: Arrive, site: Site) -> None:
    path = f"/reviews/{site.reference('panel')}/told"
    walker = arrive(javascript=False).sign_in(Role.COORDINATOR).open(path)  # with scripts it is not kept at all
    walker.write("Note of the letter or talk", WRITTEN).press("Record it")
    assert walker.status == 422
    assert walker.main.get_by_label("Note of the letter or talk").input_value() == WRITTEN
    walker.page.on("dialog", lambda dialog: dialog.accept())
    sign_out(walker)
    with suppress(Error):  # Chromium’s own page, which says that the form would have to be sent again
        walker.page.go_back()
    walker.page.wait_for_timeout(500)
    with suppress(Error):
        walker.page.reload()
    walker.sees_heading("You have signed out")
    assert WRITTEN not in walker.page.content()


def test_another_tab_shows_nothing_any_more(arrive: Arrive, site: Site) -> None:
    reference = site.reference("panel")
    walker = arrive().sign_in(Role.COORDINATOR).open(f"/reviews/{reference}/told")
    other = walker.another_tab()
    other.write("Note of the letter or talk", WRITTEN)
    sign_out(walker)
    expect(other.page.get_by_role("dialog")).to_contain_text("You have signed out in another tab")
    expect(other.page.locator("main")).to_be_empty()
    assert reference not in shown(other)
    assert WRITTEN not in other.page.content()
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    other.page.on("dialog", answer)
    other.click(other.page.get_by_role("link", name="Sign in again"))
    other.sees_heading("Sign in")
    assert asked == []


def test_whoever_stays_after_all_because_of_unsent_words_is_signed_out_nowhere(arrive: Arrive, site: Site) -> None:
    path = f"/reviews/{site.reference('panel')}/told"
    walker = arrive().sign_in(Role.COORDINATOR).open(path)
    other = walker.another_tab()
    walker.main.get_by_label("Note of the letter or talk").press_sequentially(WRITTEN)
    walker.page.once("dialog", lambda dialog: dialog.dismiss())
    walker.page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    walker.page.wait_for_timeout(300)
    expect(other.page.get_by_role("dialog")).to_have_count(0)
    expect(other.main.get_by_label("Note of the letter or talk")).to_be_visible()
