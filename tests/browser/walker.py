"""Somebody at a browser, in the words of a walk: follow a link, answer a question, press a button, look at the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Response, ViewportSize, expect

from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.factories import TODAY

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

PARTS = ("Day", "Month", "Year")

ONLY_FAULTS = {"resultTypes": ["violations"]}  # axe writes no report on what is right

# What sticks out of the window although nothing around it scrolls sideways.
STICKING_OUT = """
() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > wide + 1 && !each.closest('.dhr-scroll'))
    .map(each => `${each.tagName.toLowerCase()}.${each.className}`).slice(0, 5).concat('the page scrolls sideways');
}
"""


@dataclass
class Walker:
    """A browser window, and what its address last answered."""

    page: Page
    site: Site
    status: int = 0
    _axe: Axe = field(default_factory=Axe)

    def __post_init__(self) -> None:
        self.page.on("response", self._remember)

    def _remember(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status

    # --- Getting about ----------------------------------------------------------------------------------------------

    def sign_in(self, role: Role) -> Walker:
        """Sign in as the demo's person of this role."""
        card = self.site.card(role)
        self.open("/sign-in")
        self.write("Work e-mail address", card.email)
        self.write("Password", card.password)
        self.press("Sign in")
        return self

    def open(self, path: str) -> Walker:
        """Type an address."""
        self.page.goto(path)
        return self

    def another_tab(self) -> Walker:
        """A second tab of the same browser: signed in as the same person, at the same address."""
        tab = Walker(self.page.context.new_page(), self.site)
        return tab.open(self.page.url)

    def close(self) -> None:
        """Close the tab: one that lies in front makes Chromium slow with those behind it."""
        self.page.close()

    def follow(self, text: str) -> Walker:
        """Follow the link of this text."""
        return self.click(self.page.get_by_role("link", name=text, exact=True).first)

    def go_to(self, text: str) -> Walker:
        """Follow one of the ways at the top of every page, which a telephone folds away."""
        menu = self.page.get_by_role("button", name="Menu")
        if menu.is_visible():
            menu.click()
        return self.follow(text)

    def click(self, target: Locator) -> Walker:
        """Click something that leads to another page."""
        target.click()
        self.page.wait_for_load_state()
        return self

    def press(self, text: str) -> Walker:
        """Press the button of this text, or the link that looks like one."""
        self.main.get_by_role("button", name=text, exact=True).first.click()
        self.page.wait_for_load_state()
        return self

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    # --- Answering --------------------------------------------------------------------------------------------------

    def write(self, question: str, text: str) -> Walker:
        """Write a text into the box of a question."""
        self.main.get_by_label(question, exact=True).first.fill(text)
        return self

    def choose(self, question: str, answer: str) -> Walker:
        """Choose the radio button, or the line of a list, that says this."""
        group = self.group(question)
        if group.count():
            group.first.get_by_label(answer, exact=True).check()
        else:
            self.main.get_by_label(question, exact=True).first.select_option(label=answer)
        return self

    def tick(self, question: str, *answers: str) -> Walker:
        """Tick these boxes of a question."""
        for answer in answers:
            self.group(question).first.get_by_label(answer, exact=True).check()
        return self

    def date(self, question: str, day: date = TODAY) -> Walker:
        """Fill the three boxes of a date."""
        for part, number in zip(PARTS, (day.day, day.month, day.year), strict=True):
            self.group(question).first.get_by_label(part, exact=True).fill(str(number))
        return self

    def group(self, question: str) -> Locator:
        """The boxes that stand under one question."""
        return self.main.get_by_role("group", name=question, exact=True)

    # --- Looking ----------------------------------------------------------------------------------------------------

    def sees(self, text: str) -> Walker:
        """The page says so, somewhere in its main part."""
        expect(self.main).to_contain_text(text)
        return self

    def sees_heading(self, text: str) -> Walker:
        """The page's own heading."""
        expect(self.main.get_by_role("heading", level=1)).to_have_text(text)
        return self

    def told(self, sentence: str) -> Walker:
        """The banner that says what was done."""
        expect(self.main.get_by_role("alert")).to_contain_text(sentence)
        return self

    def faults(self) -> list[str]:
        """Everything that is wrong with the page as it stands, in sentences; empty for a good page."""
        return [*self.faults_of_shape(), *self.faults_of_access(), *self.faults_of_title()]

    def faults_of_access(self) -> list[str]:
        """What axe finds."""
        found: Sequence[dict[str, object]] = self._axe.run(self.page, options=ONLY_FAULTS).response["violations"]
        return [f"axe {each['id']}: {each['help']} {_nodes(each)}" for each in found]

    def faults_of_shape(self) -> list[str]:
        """What sticks out sideways."""
        return [f"sticks out: {each}" for each in self.page.evaluate(STICKING_OUT)]

    def faults_on_a_telephone(self) -> list[str]:
        """What sticks out at a telephone's width."""
        self.page.set_viewport_size(PHONE)
        found = self.faults_of_shape()
        self.page.set_viewport_size(DESKTOP)
        return found

    def faults_of_title(self) -> list[str]:
        """A sealed value in the title, which the browser's history keeps."""
        return [f"its title holds “{value}”" for value in self.site.sealed_in(self.page.title())]


def _nodes(violation: dict[str, object]) -> list[str]:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    return [str(node["html"])[:160] for node in nodes[:3]]
