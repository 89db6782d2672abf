"""One form for every move: who decided, when, on what evidence, and what else the move's row of the table asks for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.move import MoveEntry
from dhr_app.casework.move_choices import MoveChoices
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, line, long_text, one_of, some_of
from dhr_app.workflows.lifecycle import Ask
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.wording import AWAITED, HELD_BECAUSE, HOLD_ASKED_OF, MOVED_BECAUSE

# The boxes that each thing asked for stands for; a reason from a list is asked where figures count the reasons.
BOXES = {
    Ask.AWAITED:       ("awaited",),
    Ask.REVIEW_BY:     ("review_by",),
    Ask.WHO_WAS_ASKED: ("who_was_asked",),
    Ask.REASON:        ("reason",),
    Ask.CLOCKS:        ("clocks",),
    Ask.ENDED_BY:      ("ended_by",),
    Ask.NEW_DATE:      ("deadline_id", "new_date"),
    Ask.RECEIVER:      ("receiver_id",),
    Ask.TARGET:        ("target",),
    Ask.AS_AT:         ("as_at",),
}  # fmt: skip
REASONS_LISTED = {"pause": HELD_BECAUSE, "keep_hold": HELD_BECAUSE, "extend": MOVED_BECAUSE}
REVIEW_BY_WORDS = {
    "pause": "When must the hold be looked at again?",
    "keep_hold": "When must the hold be looked at again?",
    "defer": "When is the decision taken up again?",
}
REASON_WORDS = {
    "pause": "What goes on meanwhile, and anything else behind the hold",
    "keep_hold": "Why the hold goes on, and what is done meanwhile",
}

EXAMPLE = "For example, 27 3 2026"


class MoveForm(FlaskForm):
    """Every box that a move can ask for; those that this one does not are taken away."""

    target = one_of("Which stage does the review go to?", {}, missing="Say which stage the review goes to.")
    as_at = DayField("On which day did the review stand at this stage?", hint=EXAMPLE, called="The day")
    receiver_id = from_list("Which partnership receives the review?", {})
    awaited = some_of("What is awaited?", AWAITED)
    reason_code = one_of("Why?", {})
    who_was_asked = one_of("Who was asked?", HOLD_ASKED_OF)
    clocks = some_of("Which dates stand still meanwhile?", {}, hint="The others go on. Choose none if all of them do.")
    review_by = DayField("", hint=EXAMPLE, called="The day")
    ended_by = long_text("What ended the hold, and what is the new timetable?", autocomplete="off")
    deadline_id = one_of("Which date is extended?", {})
    new_date = DayField("What is the new date?", hint=EXAMPLE, called="The new date")
    reason = long_text("The reason", hint="This is sealed.", autocomplete="off")
    decided_by = line("Who decided?", hint="A body, or the name and post of a member of staff.")
    decided_on = DayField(
        "When was it decided?", missing="Enter the day of the decision.", hint=EXAMPLE, called="The day of the decision"
    )
    evidence = long_text(
        "What shows the decision?",
        hint="The minute, letter or e-mail, and where it is kept. This is sealed.",
        rows=3,
        autocomplete="off",
    )

    def __init__(self, choices: MoveChoices) -> None:
        super().__init__(data={"decided_by": choices.decider, "receiver_id": choices.receiver})
        move = choices.move
        self.target.choices = {stage.value: stage.label for stage in choices.targets}
        self.receiver_id.choices = {"": "Choose one", **{str(one): name for one, name in choices.receivers}}
        self.reason_code.choices = REASONS_LISTED.get(move.name, {})
        self.clocks.choices = dict(choices.page.pausable)
        self.deadline_id.choices = {str(one.id): one.words for one in choices.deadlines}
        self.review_by.label.text = REVIEW_BY_WORDS.get(move.name, "By when is this looked at again?")
        self.reason.label.text = REASON_WORDS.get(move.name, self.reason.label.text)
        asked = {box for ask in move.asks for box in BOXES[ask]}
        asked |= {"decided_by", "decided_on", "evidence"} | ({"reason_code"} if move.name in REASONS_LISTED else set())
        for name in [field.name for field in self if field.name not in asked | {"csrf_token"}]:
            del self[name]

    def entry(self) -> MoveEntry:
        """What was entered, for the work. A day of decision not given is one that has not come: the work refuses it."""
        given = {name: field.data for name, field in self._fields.items() if field.data}
        return MoveEntry(
            decided_by=given.get("decided_by", ""),
            decided_on=given.get("decided_on", date.max),
            evidence=given.get("evidence", ""),
            reason=given.get("reason", ""),
            awaited=tuple(given.get("awaited", ())),
            review_by=given.get("review_by"),
            who_was_asked=given.get("who_was_asked", ""),
            reason_code=given.get("reason_code", ""),
            clocks=tuple(given.get("clocks", ())),
            ended_by=given.get("ended_by", ""),
            deadline_id=_id(given.get("deadline_id")),
            new_date=given.get("new_date"),
            receiver_id=_id(given.get("receiver_id")),
            target=_stage(given.get("target")),
            as_at=given.get("as_at"),
        )


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _stage(text: str | None) -> Stage | None:
    return Stage(text) if text in tuple(Stage) else None
