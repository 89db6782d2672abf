"""The forms of the Home Office: a letter, its points, and the answer to each."""

from __future__ import annotations

import re

from flask_wtf import FlaskForm

from dhr_app.casework.home_office import LetterEntry
from dhr_app.casework.letter_points import AnswerEntry, PointEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, one_of, tick
from dhr_app.web.filters import day
from dhr_app.workflows.record_wording import POINT_OUTCOMES, VERDICTS
from dhr_app.workflows.rounds import Round

BETWEEN_POINTS = re.compile(r"\n\s*\n")
EXAMPLE = "For example, 27 3 2026."
ONE_TO_A_PARAGRAPH = "One point to a paragraph, with an empty line between two. They are numbered in this order."
TOUCHES_FAMILY = "A change here touches the family: they are told before the report is published"


def in_points(text: str | None) -> tuple[str, ...]:
    """A text with one point to a paragraph, as points."""
    return tuple(one.strip() for one in BETWEEN_POINTS.split(text or "") if one.strip())


class LetterForm(Versioned):
    """A letter and what it decides; its points only where it is new."""

    round = one_of("Which submission does it answer?", {}, missing="Say which submission the letter answers.")
    verdict = one_of("What does the letter decide?", VERDICTS, missing="Say what the letter decides.")
    dated_on = DayField("Of which day is the letter?", hint=EXAMPLE, called="The date of the letter")
    received_on = DayField("On which day did it come?", hint=EXAMPLE, called="The day on which the letter came")
    panel_met_on = DayField(
        "On which day did the quality assurance panel meet?",
        hint="Leave it empty if the letter does not say.",
        called="The day of the panel",
    )
    kept = line("Where is the letter kept?", hint="The folder or e-mail. This is sealed.", autocomplete="off")
    summary = long_text("What does it say as a whole?", hint="Praise too. This is sealed.", rows=5)
    points = long_text("Which points does it raise?", hint=f"{ONE_TO_A_PARAGRAPH} This is sealed.", rows=10)

    def offer(self, rounds: tuple[Round, ...]) -> None:
        """Offer the submissions; where there is only one there is nothing to choose."""
        self.round.choices = {str(one.number): _called(one) for one in rounds}

    @property
    def entry(self) -> LetterEntry:
        """What was typed."""
        return LetterEntry(
            round=int(self.round.data or 0),
            dated_on=self.dated_on.data,
            received_on=self.received_on.data,
            panel_met_on=self.panel_met_on.data,
            verdict=self.verdict.data or "",
            kept=self.kept.data or "",
            summary=self.summary.data or "",
        )


class PointsForm(FlaskForm):
    """Several points at once."""

    points = long_text(
        "Which points does the letter raise?",
        missing="Enter at least one point.",
        hint=f"{ONE_TO_A_PARAGRAPH} This is sealed.",
        rows=10,
    )


class PointForm(Versioned):
    """The words of one point."""

    point = long_text("What does the letter ask for?", hint="This is sealed.", rows=6)
    touches_family = tick(TOUCHES_FAMILY)

    @property
    def entry(self) -> PointEntry:
        """What was typed."""
        return PointEntry(self.point.data or "", bool(self.touches_family.data))


class AnswerForm(Versioned):
    """How one point was answered."""

    outcome = one_of("How was it answered?", POINT_OUTCOMES, missing="Say how it was answered.")
    answer = long_text(
        "What was changed, and where? Or why was nothing changed?",
        hint="For example the section, and what it says now. This is sealed.",
    )
    answered_on = DayField("On which day was it settled?", hint=EXAMPLE, called="The day")
    touches_family = tick(TOUCHES_FAMILY)

    @property
    def entry(self) -> AnswerEntry:
        """What was typed."""
        return AnswerEntry(
            outcome=self.outcome.data or "",
            answer=self.answer.data or "",
            answered_on=self.answered_on.data,
            touches_family=bool(self.touches_family.data),
        )


def _called(one: Round) -> str:
    when = f"of {day(one.submitted_on)}" if one.submitted_on else "before this system"
    return f"Submission {one.number}, {when}"
