"""The form on which drafts are handed in: a box for each paper, so that three files can go up together."""

from __future__ import annotations

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms import Field, HiddenField, MultipleFileField, ValidationError

from dhr_app.casework.draft import LONGEST_NOTE
from dhr_app.casework.draft_names import LONGEST_TITLE
from dhr_app.web.fields import line, long_text, one_of
from dhr_app.web.uploads import handed_in
from dhr_app.workflows.record_wording import DRAFT_KINDS

ACCEPTED = ".docx,.pdf"
NOTE = "Note for the readers"
ONE_TITLE = "A title is for one file. Choose one other document at a time, or leave this empty."
WHO_READS = {
    "ourselves": "Only the chair, the author, the coordinator and the steering group chair",
    "panel": "The review panel as well",
}


def _box(question: str, hint: str = "") -> MultipleFileField:
    return MultipleFileField(
        question,
        widget=GovFileInput(multiple=True),
        description=hint,
        render_kw={"params": {"attributes": {"accept": ACCEPTED}}},
    )


class HandInForm(FlaskForm):
    """Files in one or more boxes, what is said of all of them, and who may read them.

    `together` is filled in by a script that sends each file by itself: how many other documents were chosen.
    """

    overview_report = _box(DRAFT_KINDS["overview_report"])
    executive_summary = _box(DRAFT_KINDS["executive_summary"])
    action_plan = _box(DRAFT_KINDS["action_plan"])
    other = _box(DRAFT_KINDS["other"], "An appendix, a chapter or the terms of reference, for example.")
    title = line(
        "What is the other document called?",
        hint="Leave this empty to use the name of the file. Only a file of the same title becomes its next draft. "
        "The review panel sees a title given here, if it may read the draft. It is sealed.",
        limit=LONGEST_TITLE,
        autocomplete="off",
    )
    together = HiddenField(default="")
    note = long_text(
        NOTE,
        hint="This note goes with all the files above. For example, what changed since the last draft. "
        "The review panel does not see it. It is sealed.",
        limit=LONGEST_NOTE,
        rows=4,
    )
    readers = one_of("Who may read these drafts?", WHO_READS, missing="Say who may read these drafts.")

    def validate_title(self, field: Field) -> None:
        """One title for several files would make each a version of the one before."""
        several = len(handed_in("other")) > 1 or self.together.data not in ("", "0", "1")
        if field.data and several:
            raise ValidationError(ONE_TITLE)

    @property
    def wrong(self) -> list[str]:
        """Each thing to put right, with the question that it is about."""
        return [f"{_asked(field)} {error}" for field in self for error in field.errors]


def _asked(field: Field) -> str:
    question: str = field.label.text
    return question if question.endswith("?") else f"{question}:"


class ShareForm(FlaskForm):
    """Nothing is asked but that it be done."""
