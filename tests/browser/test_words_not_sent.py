"""Words that were written and not sent: whoever is about to leave them behind is asked, and nobody else is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Dialog, expect

from dhr_app.database.models import Action
from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

Arrive = Callable[..., Walker]


@dataclass
class Asked:
    """What the browser asked, each time; it is answered with “stay” unless `go`."""

    walker: Walker
    go: bool = False
    times: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.walker.page.on("dialog", self._answer)

    def _answer(self, dialog: Dialog) -> None:
        self.times.append(dialog.type)
        (dialog.accept if self.go else dialog.dismiss)()

    def about(self, link: str) -> bool:
        """Whether it was asked on the way to where this link leads."""
        before = len(self.times)
        self.walker.page.get_by_role("link", name=link, exact=True).first.click()
        self.walker.page.wait_for_load_state()
        self.walker.page.wait_for_timeout(200)
        return len(self.times) > before


def forms(site: Site) -> dict[str, tuple[str, str]]:
    """Forms with room for words: where each is, and the question of one of its boxes."""
    here = f"/reviews/{site.reference('seminar')}"
    action = site.ids(Action, "publication")[0]
    progress = f"/reviews/{site.reference('publication')}/plan/actions/{action}/report/progress"
    return {
        "a death":     ("/reviews/new", "What is known so far?"),
        "a statement": (f"{here}/conditions/briefing_issued", "What shows it?"),
        "progress":    (progress, "How far is it?"),
        "a telling":   (f"/reviews/{site.reference('panel')}/told", "Note of the letter or talk"),
    }  # fmt: skip


@pytest.mark.parametrize("form", ["a death", "a statement", "progress", "a telling"])
def test_whoever_leaves_words_behind_is_asked_and_can_stay(arrive: Arrive, site: Site, form: str) -> None:
    path, question = forms(site)[form]
    walker = arrive().sign_in(Role.COORDINATOR).open(path)
    asked = Asked(walker)
    box = walker.main.get_by_label(question).first
    box.press_sequentially("The sister was told.")
    assert asked.about("Help")
    assert walker.page.url.endswith(path)
    assert "The sister was told." in box.input_value()
    walker.page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    walker.page.wait_for_timeout(200)
    assert asked.times == ["beforeunload"] * 2
    asked.go = True
    assert asked.about("Help")
    walker.sees_heading("For the coordinator")


def test_nobody_is_asked_about_a_form_that_was_only_looked_at(arrive: Arrive, site: Site) -> None:
    walker = arrive().sign_in(Role.COORDINATOR)
    asked = Asked(walker)
    for path, question in forms(site).values():
        box = walker.open(path).main.get_by_label(question).first
        written = box.input_value()
        box.press_sequentially("x")
        box.press("Backspace")
        assert box.input_value() == written
        assert not asked.about("Help")


def test_nobody_is_asked_on_sending_and_a_form_that_came_back_is_not_sent_yet(arrive: Arrive, site: Site) -> None:
    path, question = forms(site)["progress"]
    walker = arrive(phone=True).sign_in(Role.COORDINATOR).open(path)
    asked = Asked(walker)
    walker.write(question, "Six surgeries of seven.").press("Report progress")
    assert (walker.status, asked.times) == (422, [])
    walker.page.get_by_role("link", name="Back").or_(walker.page.locator(".govuk-back-link")).first.click()
    walker.page.wait_for_timeout(200)
    assert (asked.times, walker.page.url.endswith(path)) == (["beforeunload"], True)

    walker.write("From whose e-mail or letter do you enter this?", "E-mail of 2 June").press("Report progress").told(
        "is entered"
    )
    assert asked.times == ["beforeunload"]
    walker.page.go_back()
    expect(walker.main.get_by_role("heading", level=1)).to_have_text("Report progress")
    assert walker.status == 200


def test_what_was_saved_is_seen_where_the_plan_opens(arrive: Arrive, site: Site) -> None:
    action = site.ids(Action, "publication")[-1]
    for phone, javascript in ((False, True), (False, False), (True, True), (True, False)):
        walker = arrive(phone=phone, javascript=javascript).sign_in(Role.COORDINATOR)
        walker.open(f"/reviews/{site.reference('publication')}/plan/actions/{action}").press("Save")
        expect(walker.main.locator(f"#a-{action} .dhr-saved")).to_be_in_viewport()
        expect(walker.main.locator(".dhr-saved")).to_contain_text("is saved.")
    assert walker.faults_of_shape() == []
