"""What each page of a review asks of its coordinator, answered by clicking, from the panel to the closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from playwright.sync_api import Locator

from dhr_app.workflows.stages import MAIN_LINE, Stage
from tests.browser.walker import Walker
from tests.factories import TODAY

AGENCIES = ("Barsetshire Police", "Barset Refuge and Outreach")
KEPT = "Folder Heron"
SENT_BY = "E-mail of the duty desk, 3 June"
FAMILY_TOLD, AGENCIES_TOLD = TODAY - timedelta(days=14), TODAY - timedelta(days=2)  # five working days between them
MANY = 40  # no page has more of the same to answer; one that never counts as answered must not go on for ever


# --- The panel and what agencies write --------------------------------------------------------------------------------


def panel(walker: Walker) -> None:
    """Appoint a chair who has declared their independence, and seat the specialist service, whichever is missing."""
    if walker.main.get_by_text("No independent chair is in office.").count():
        walker.press("Appoint a chair or author").choose("As what are they appointed?", "Independent chair")
        walker.write("Name", "Theophilus Grantly").write("Where do they come from?", "Self-employed")
        walker.date("On which day did they declare their independence?")
        walker.write("What did they declare?", f"No tie to any agency of the review. {KEPT}")
        walker.press("Record the appointment").told("The appointment is recorded.")
        return
    walker.press("Give an agency a seat").choose("Which agency has the seat?", "Barset Refuge and Outreach")
    walker.choose("What does it bring?", "Specialist knowledge of domestic abuse")
    walker.write("Who sits for it?", "Eleanor Bold, head of outreach")
    walker.choose("Were they involved in the case themselves?", "No").press("Save")
    walker.told("The agency sits on the review panel.")


def imrs(walker: Walker) -> None:
    """Ask two agencies, and enter what each wrote."""
    walker.tick("Which agencies are asked?", *AGENCIES)
    walker.choose("Is a chronology asked for as well?", "No").press("Record that they were asked")
    for each in _waiting(walker):
        walker.click(each).write("Who writes it?", "Frances Gresham, head of review")
        walker.choose("Has the IMR or summary report come?", "Yes").date("On which day did it come?")
        walker.write("What did the agency find?", "Two contacts; the second was not shared.")
        walker.write("From whose e-mail or letter do you enter this?", SENT_BY).press("Save").told(
            "it is recorded as received"
        )


# --- The family -------------------------------------------------------------------------------------------------------


def family(walker: Walker) -> None:
    """Somebody takes part: offer or tell them whatever is still ahead of the next step, in good time."""
    _follow(walker, "Taking part")
    if walker.main.get_by_text("Not yet known whether they take part").count():
        walker.press("Change how they take part").choose("Do they take part?", "Takes part").press("Save").told("saved")
    ahead = walker.main.locator("p:has-text('Then write it down:') + ul").get_by_role("link")
    for _ in range(MANY):
        if not walker.main.get_by_text("Still to be offered or told").count():
            return
        walker.click(ahead.first).date("On which day?", FAMILY_TOLD).choose("How?", "In person")
        if walker.group("Which day of publication were they told?").count():
            walker.date("Which day of publication were they told?")
        walker.press("Save").told("Saved for family member 1")
    raise AssertionError("Something is still to be offered, however often it is.")


# --- Before this system -----------------------------------------------------------------------------------------------


def earlier_steps(walker: Walker, *, until: Stage) -> None:
    """Mark every stage up to this one as reached; of the days nobody knows more."""
    for stage in MAIN_LINE[1 : MAIN_LINE.index(until) + 1]:
        _follow(walker, f"Mark {stage.label}").choose("Was this stage reached before this system?", "Yes")
        walker.press("Save").told(f"“{stage.label}” is marked.")


# --- The report -------------------------------------------------------------------------------------------------------


def report(walker: Walker) -> None:
    """Put on file whichever papers are missing, or else a new overview report; all are marked final and agreed."""
    missing = walker.main.get_by_role("link", name="on file").filter(has_text="Put the ")
    if not missing.count():
        walker.press("Put a new version on file").choose("Which paper is it?", "Overview report")
        walker.write("What changed since the version before?", "Section 2.3, as the letter asks")
        _put_on_file(walker, 4)
    for number in range(missing.count()):
        _put_on_file(walker.click(missing.first), number)
    chair = walker.press("Mark papers as final").main.get_by_label("Who marked them final?")
    if not chair.input_value():  # a review that was brought in may have had its chair before this system
        chair.fill("Theophilus Grantly")
    walker.press("Record it").told("Marked as final.")
    walker.press("Record that the panel agreed").press("Record it").told("The panel’s agreement is recorded.")


def accuracy(walker: Walker) -> None:
    """Send two agencies their passages, and enter that each agrees."""
    walker.tick("Which agencies are sent their passages?", *AGENCIES).press("Record that they were sent")
    for each in _waiting(walker):
        walker.click(each).choose("What does the agency answer?", "It agrees with its passages")
        walker.date("On which day did it answer?")
        walker.write("From whose e-mail or letter do you enter this?", SENT_BY).press("Save the answer")
        walker.told("is recorded.")


def home_office(walker: Walker) -> None:
    """Enter the letter that lets the report be published after a change, and answer its point."""
    walker.press("Enter a letter").choose("What does the letter decide?", "May be published after changes")
    walker.date("Of which day is the letter?").write("Where is the letter kept?", KEPT)
    walker.write("Which points does it raise?", "Say more of her as a person.").press("Save the letter")
    _follow(walker.told("The letter is on file."), "Answer this point")
    walker.choose("How was it answered?", "Changed")
    walker.write("What was changed, and where? Or why was nothing changed?", "Section 2.3 says who she was.")
    walker.press("Save the answer").told("The answer to point 1 is saved.")


# --- The action plan --------------------------------------------------------------------------------------------------


def plan(walker: Walker) -> None:
    """Enter a recommendation with its action."""
    recommend(walker, "1", "Ask at every first response who else lives there.", AGENCIES[:1])
    act_on(walker, "1", AGENCIES[0])


def recommend(walker: Walker, number: str, text: str, agencies: Sequence[str]) -> None:
    """Enter a local recommendation as the report prints it."""
    walker.press("Enter a recommendation").write("What is its number?", number).write("What does it say?", text)
    walker.choose("How far does it reach?", "Local").choose("Where does it come from?", "Overview report")
    walker.tick("To whom is it addressed?", *agencies).press("Save").told(f"Recommendation {number} is entered.")


def act_on(walker: Walker, number: str, agency: str) -> None:
    """Enter an action of a recommendation, due in half a year."""
    walker.follow(f"Add an action to recommendation {number}")
    walker.write("What will the agency do?", "What was recommended is done.")
    walker.choose("Which agency does it?", agency).choose("By when?", "By a date")
    walker.date("If by a date: which?", TODAY + timedelta(days=180)).press("Save").told("")


def carry_out(walker: Walker) -> None:
    """Report the action as done, for the agency."""
    _follow(walker, "Report as done").date("On which day was it done?")
    walker.write("What shows it?", "The senior officer’s statement").press("Save").told("")


def sign_off(chair: Walker) -> None:
    """The steering group signed off whatever is done."""
    chair.press("Sign actions off").write("What is the number of the minute?", "7.2")
    chair.date("Of which day is the minute?").press("Sign off what is ticked").told("")


# --- Publication, learning, closing -----------------------------------------------------------------------------------


def publication(walker: Walker) -> None:
    """Plan it for today, agencies told after the family; the approval is by the chair’s minute."""
    if walker.main.get_by_role("button", name="Plan the publication").count():
        walker.press("Plan the publication").choose(
            "How much of the report is published?", "The whole report and its executive summary"
        ).date("On which day is it to be published?").date("On which day were the agencies told?", AGENCIES_TOLD)
        walker.press("Save").told("The publication is planned.")
        return
    walker.press("Record the approval").write("Who approved it?", "Mary Thorne, chair of the steering group")
    walker.date("On which day?").write("What shows the approval?", f"Minute 7, {KEPT}")
    walker.press("Record the approval").told("The approval is recorded.")


def learning(walker: Walker) -> None:
    """Record the briefing and the seminar, whichever is missing."""
    if walker.main.get_by_text("No briefing is issued yet.").count():
        walker.press("Record the briefing").date("On which day was it issued?")
        walker.tick("To whom was it sent?", "The agencies of the review").write("Where is it kept?", KEPT)
        walker.press("Save").told("The briefing is recorded.")
        return
    walker.press("Record a seminar").write("What was it about?", "Asking who else lives there")
    walker.choose("How was it held?", "Online").date("On which day?").press("Save").told("The seminar is recorded.")


def closing(walker: Walker) -> None:
    """Set until when the records are kept."""
    walker.press("Set the day").date("Until which day are the records kept?", TODAY + timedelta(days=7 * 365))
    walker.write("Which policy says so?", "The county’s schedule of 2020").press("Save").told("It is recorded")


def _waiting(walker: Walker) -> list[Locator]:
    """A link to each agency that is still waited for; found anew each time, since the page before it was left."""
    rows = walker.main.get_by_role("row").filter(has_text="Waiting")
    return [rows.first.get_by_role("link").first for _ in range(rows.count())]


def _follow(walker: Walker, words: str) -> Walker:
    """Follow the first link that begins so; what it is about follows for those who only hear it."""
    return walker.click(walker.main.get_by_role("link", name=words).first)


def _put_on_file(walker: Walker, number: int) -> None:
    """A file is told by its SHA-256; any 64 characters will do."""
    walker.write("The SHA-256 of the file", f"{number:064x}").write("Where is the file kept?", KEPT)
    walker.press("Put it on file").told("The new version is on file.")
