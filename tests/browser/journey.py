"""One review on its way, as its coordinator takes it on: read what is still needed, follow the link, answer, go on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator

from dhr_app.workflows.stages import Stage
from tests.browser import answering
from tests.browser.answering import MANY
from tests.browser.walker import Walker

QUORUM = (
    "Barsetshire Police",
    "Barset Refuge and Outreach",
    "Probation Service, Barsetshire",
    "Barsetshire Fire and Rescue Service",
)
STILL_NEEDED = re.compile(r"Still\sneeded")


# Pages on which nothing depends on the step; those that the steps share have a method of their own below.
ANSWERING: dict[str, Callable[[Walker], None]] = {
    "panel":       answering.panel,
    "imrs":        answering.imrs,
    "report":      answering.report,
    "accuracy":    answering.accuracy,
    "home-office": answering.home_office,
    "publication": answering.publication,
    "learning":    answering.learning,
    "closing":     answering.closing,
}  # fmt: skip


@dataclass
class Journey:
    """The coordinator's window, the steering group chair's window, and the review they look at.

    `target` is the stage that it is brought in at, where it began before this system.
    """

    walker: Walker
    chair: Walker
    reference: str
    target: Stage = Stage.PUBLICATION

    @classmethod
    def begin(cls, walker: Walker, chair: Walker, *, victims: Sequence[str]) -> Journey:
        """Record a death that was notified, from the list of reviews on."""
        walker.go_to("Reviews").press("Record a death").sees_heading("Record a death")
        walker.choose("What kind of review may this become?", "Domestic Homicide Review")
        walker.choose("Which partnership leads?", "Barsetshire Community Safety Partnership")
        walker.choose("Who told the partnership of the death?", "The police")
        walker.date("On which day did the partnership become aware of the death?")
        for number, name in enumerate(victims, start=1):
            if number > 1:
                walker.press("Add another person who died")
            walker.main.get_by_label("Full name", exact=True).last.fill(name)
        walker.press("Record the death").told("The death is recorded.")
        return cls(walker, chair, walker.page.url.rpartition("/")[2])

    # --- Pages of the review ----------------------------------------------------------------------------------------

    def see_overview(self) -> Walker:
        """The review's own page, wherever one was; a seminar belongs to several, so it leads back by the list."""
        if f"/{self.reference}" not in self.walker.page.url:
            return self.walker.go_to("Reviews").follow(self.reference)
        return self.walker.follow("Overview")

    def add_relative(self, name: str, relationship: str) -> None:
        """Add somebody of the family."""
        self.walker.follow("Family").press("Add a family member or friend")
        self.walker.write("Name", name).write("What are they to the person who died?", relationship)
        self.walker.choose("May they be contacted?", "Yes").press("Save").told("The family member is added.")

    def ask(self, *agencies: str) -> None:
        """Record that agencies were asked what they know."""
        self.walker.follow("Scoping").tick("Which agencies are asked?", *agencies)
        self.walker.date("On which day were they asked?").press("Record that they were asked")

    def tell_everybody_owed(self) -> None:
        """Settle what is still to be told, one line after another."""
        for _ in range(MANY):
            self.see_overview()
            owed = self.walker.main.get_by_role("region", name="Still to be told").get_by_role("link")
            if not owed.count():
                return
            self.walker.click(owed.first)
            self._tell()
        raise AssertionError("Somebody is still to be told, however often they are told.")

    # --- Steps ------------------------------------------------------------------------------------------------------

    def take(self, step: str) -> None:
        """Answer whatever a step still needs, and take it."""
        self.mend_everything(step)
        self.see_overview().press(step)
        self.fill_move(self.walker).press(step)
        self.walker.told("")

    def bring_in(self, stage: Stage) -> None:
        """The review began before this system: mark its steps, have two people agree to the stage, and bring it in."""
        step = "Bring in a review that began before this system"
        self.target = stage
        for _ in range(MANY):
            walker = self._open_seldom(step)
            needed = walker.main.get_by_role("listitem").filter(has_text=STILL_NEEDED)
            if not needed.count():
                break
            line = needed.first.get_by_role("link").first
            sentence = line.inner_text()
            walker.click(line)
            self._mend(sentence, step)
        walker.choose("Which stage does the review go to?", stage.label)
        self.fill_move(walker.date("On which day did the review stand at this stage?")).press(step).told("")

    def _open_seldom(self, step: str) -> Walker:
        """A step that is folded away until somebody looks for it."""
        self.see_overview().main.get_by_text("Other steps", exact=True).click()
        return self.walker.follow(step)

    def fill_move(self, walker: Walker) -> Walker:
        """Who decided is proposed by the form; the day and the evidence are not."""
        return walker.date("When was it decided?").write("What shows the decision?", "Minute 7, folder Heron")

    def mend_everything(self, step: str) -> None:
        """Follow each line that is still needed to where it is answered, and answer it there."""
        for _ in range(MANY):
            self.see_overview()
            line = self._still_needed(self.walker, step)
            if line is None:
                return
            sentence = line.inner_text()
            self.walker.click(line)
            self._mend(sentence, step)
        raise AssertionError(f"“{step}” still needs something, however often it is answered.")

    def _still_needed(self, walker: Walker, step: str) -> Locator | None:
        needs = walker.main.locator(f"xpath=//h3[normalize-space()='{step}']/following-sibling::ul[1]/li")
        links = needs.filter(has_text=STILL_NEEDED).locator(".govuk-task-list__name-and-hint > a")
        return links.first if links.count() else None

    def _mend(self, sentence: str, step: str) -> None:
        """Answer on whatever page the link led to."""
        match self.walker.page.url.partition(self.reference)[2].split("?")[0].split("/"):
            case ["", "scoping"]:
                self._enter_returns()
            case ["", "other-reviews"]:
                self._consider_others()
            case ["", "decision"]:
                self.decide("To review")
            case ["", "told"]:
                self._tell()
            case ["", "terms"]:
                self._agree_terms()
            case ["", "approval"]:
                self._approve()
            case ["", "earlier-steps"]:
                answering.earlier_steps(self.walker, until=self.target)
            case ["", "plan"]:
                self._plan(sentence, step)
            case ["", "family"]:
                self._family(step)
            case ["", "conditions", _]:
                self._state(sentence, step)
            case ["", page] if page in ANSWERING:
                ANSWERING[page](self.walker)
            case elsewhere:
                raise AssertionError(f"“{sentence}” leads to {elsewhere}, where this walk knows nothing to do.")

    # --- What each page asks ----------------------------------------------------------------------------------------

    def _enter_returns(self) -> None:
        """Enter a nil return for each agency that is still waited for."""
        waiting = self.walker.main.get_by_role("row").filter(has_text="Waiting")
        while waiting.count():
            self.walker.click(waiting.first.get_by_role("link"))
            self.walker.choose("Did the agency know anybody involved?", "No: nothing to return")
            self.walker.choose("Are the agency’s records secured?", "Yes").date("On which day did the agency answer?")
            self.walker.write("From whose e-mail or letter do you enter this?", "E-mail of the duty desk, 3 June")
            self.walker.press("Save the answer").told("is recorded.")

    def _consider_others(self) -> None:
        self.walker.choose("Which body leads?", "Barsetshire Community Safety Partnership")
        self.walker.choose("Whose report will it be?", "This review’s own report")
        self.walker.date("On which day was this considered?").press("Save").told("were considered")

    def decide(self, way: str, *, against: bool = False) -> None:
        """Prepare the decision on the first ground there is."""
        question = "If not to review: on which grounds?" if against else "Which criteria for a review are met?"
        self.walker.choose("What is the decision?", way)
        self.walker.group(question).get_by_role("checkbox").first.check()
        self.walker.write("Reasons", "The returns show no contact of any agency with either of them.")
        self.walker.press("Save the decision").told("The decision is written down.")

    def _agree_terms(self) -> None:
        """Draft the terms of reference, hold the panel’s meeting, and record that it agreed them there."""
        walker = self.walker.press("Draft the terms of reference")
        walker.write("What is the review to find out?", "Who knew of the harm, and when?").press("Save the draft")
        self._hold_meeting("Review panel")
        walker.follow("Terms of reference").follow("Record that the panel agreed version 1")
        self._choose_meeting("At which meeting of the review panel?")
        walker.press("Save").told("Version 1 is recorded as agreed.")

    def _approve(self) -> None:
        """Hold a quorate meeting of the approving body, and record that it agreed the papers on file."""
        self.see_overview().follow("Panel")
        self._hold_meeting("Approving body")
        walker = self.walker.follow("Report").follow("Approval").press("Record the approval")
        self._choose_meeting("If at a meeting: which?")
        walker.write("What shows it?", "Minute 7, folder Heron").press("Save").told("The approval is recorded.")

    def _plan(self, sentence: str, step: str) -> None:
        """Enter a plan; at the end of the review carry it out, and the steering group’s chair signs it off."""
        if step != "Close the review":
            answering.plan(self.walker)
            return
        answering.carry_out(self.walker)
        answering.sign_off(self._chair_opens(sentence, step))

    def _family(self, step: str) -> None:
        """What the family is told of a publication is its day: that is planned before anybody is told."""
        if (
            step == "Publish the report"
            and self.walker.follow("Publication").main.get_by_role("button", name="Plan the publication").count()
        ):
            answering.publication(self.walker)
        answering.family(self.walker.follow("Family"))

    def _hold_meeting(self, kind: str) -> None:
        of_the_review = self.walker.main.get_by_role("link", name="Meetings", exact=True)
        walker = self.walker.click(of_the_review).press("Record a meeting")
        walker.choose("Which meeting was it?", kind).tick("Which organisations were present?", *QUORUM)
        walker.press("Save").told("The meeting is recorded.")

    def _choose_meeting(self, question: str) -> None:
        """The latest stands first, after the empty line."""
        self.walker.main.get_by_label(question, exact=True).first.select_option(index=1)

    def _tell(self) -> None:
        """The page has ticked whom the link was about."""
        self.walker.date("On which day?").choose("How did you tell them?", "By letter").press("Record it")
        self.walker.told("Recorded.")

    def state(self) -> None:
        """State that what the page asks for is done."""
        _fill_statement(self.walker, self.target)

    def _state(self, sentence: str, step: str) -> None:
        """State it; where it is the steering group chair's to say, or to agree to, they do so at their own window."""
        if self.walker.main.get_by_role("button", name="Record the statement").count():
            self.state()
            if "Two people are asked for" not in self.walker.main.inner_text():
                return
            agreeing = self._chair_opens(sentence, step).press("Agree as the second person")
            agreeing.main.get_by_role("checkbox").check()
            agreeing.type_password_again().press("Agree as the second person").told("Your agreement is recorded.")
        else:
            self.walker.sees("It can be stated")
            _fill_statement(self._chair_opens(sentence, step), self.target)

    def _chair_opens(self, sentence: str, step: str) -> Walker:
        """The chair finds the review in the list, and there the same line."""
        self.chair.go_to("Reviews").follow(self.reference)
        folded = self.chair.main.get_by_text("Other steps", exact=True)
        if not self.chair.page.get_by_role("link", name=sentence, exact=True).count() and folded.count():
            folded.click()
        return self.chair.follow(sentence)


def _fill_statement(walker: Walker, target: Stage) -> None:
    """What is stated, with the stage that it is about where it is about one."""
    if walker.main.get_by_label("Which stage do you agree to?").count():
        walker.choose("Which stage do you agree to?", target.label)
    walker.choose("How does it stand?", "Done").date("On which day?")
    walker.write("Who states this?", "Mary Thorne, coordinator").write(
        "What shows it?", "E-mail of 3 June, folder Heron"
    )
    walker.type_password_again().press("Record the statement").told("The statement is recorded.")
