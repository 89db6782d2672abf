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

# The narrowest that WCAG asks for (a desk’s screen enlarged four times), a telephone, a tablet upright, a small desk.
NARROW = (320, PHONE["width"], 641, 769)

# What nobody sees at this width, although it is there: outside the window, or inside something that shows only a part.
# What is folded away is opened for the moment. What only a screen reader is to find is a box of one pixel.
OUT_OF_SIGHT = """
() => {
  const wide = document.documentElement.clientWidth;
  const folded = [...document.querySelectorAll('details:not([open])')];
  const forReaders = each => each !== null
    && (each.clientWidth <= 1 && getComputedStyle(each).position === 'absolute' || forReaders(each.parentElement));
  const hides = each => each.matches('td, th, dt, dd') || getComputedStyle(each).overflowX !== 'visible';
  const named = each => `${each.localName}.${each.className} “${each.textContent.trim().slice(0, 30)}”`;
  const found = [];
  folded.forEach(each => each.open = true);
  if (document.documentElement.scrollWidth > wide) found.push('the page scrolls sideways');
  for (const each of document.querySelectorAll('body *:not(svg *, input, select, .govuk-button)')) {
    if (!each.checkVisibility() || forReaders(each)) continue;
    if (hides(each) && each.clientWidth && each.scrollWidth > each.clientWidth + 1) {
      found.push(`${named(each)} hides a part of itself`);
    }
  }
  for (const each of document.querySelectorAll('body *:not(svg *)')) {
    const box = each.getBoundingClientRect();
    if ((box.left < -1 || box.right > wide + 1) && each.checkVisibility() && !forReaders(each)) {
      found.push(`${named(each)} lies outside the window`);
    }
  }
  folded.forEach(each => each.open = false);
  return found.slice(0, 5);
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

    def type_password_again(self) -> Walker:
        """Type the password into the box that asks for it once more, where there is one; all cards have the same."""
        box = self.main.get_by_label("Your password", exact=True)
        if box.count():
            box.fill(self.site.card(Role.COORDINATOR).password)
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
        """Follow the link of this text, unfolding the parts of a review where a telephone hides it there."""
        link = self.page.get_by_role("link", name=text, exact=True)
        parts = self.page.locator("[data-fold] button[aria-expanded=false]")
        if parts.is_visible() and not link.count():
            parts.click()
        return self.click(link.first)

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
        """What cannot be seen without scrolling sideways, folded parts included."""
        wide = self.page.evaluate("window.innerWidth")
        return [f"at {wide} pixels: {each}" for each in self.page.evaluate(OUT_OF_SIGHT)]

    def faults_when_narrow(self) -> list[str]:
        """What cannot be seen in narrower windows, a telephone’s among them."""
        found = []
        for width in NARROW:
            self.page.set_viewport_size({"width": width, "height": PHONE["height"]})
            found += self.faults_of_shape()
        self.page.set_viewport_size(DESKTOP)
        return found

    def faults_of_title(self) -> list[str]:
        """A sealed value in the title, which the browser's history keeps."""
        return [f"its title holds “{value}”" for value in self.site.sealed_in(self.page.title())]


def _nodes(violation: dict[str, object]) -> list[str]:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    return [str(node["html"])[:160] for node in nodes[:3]]
