"""The form on which drafts are handed in: a box for each paper, so that three files can go up together."""

from __future__ import annotations

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms import MultipleFileField

from dhr_app.casework.draft import LONGEST_NOTE
from dhr_app.web.fields import long_text, one_of
from dhr_app.workflows.record_wording import DRAFT_KINDS

ACCEPTED = ".docx,.pdf"
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
    """Files in one or more boxes, what is said of all of them, and who may read them."""

    overview_report = _box(DRAFT_KINDS["overview_report"])
    executive_summary = _box(DRAFT_KINDS["executive_summary"])
    action_plan = _box(DRAFT_KINDS["action_plan"])
    other = _box("Anything else", "An appendix or a chapter, for example.")
    note = long_text(
        "What should a reader know?",
        hint="For example, what changed since the last version. The review panel does not see this. It is sealed.",
        limit=LONGEST_NOTE,
        rows=4,
    )
    readers = one_of("Who may read these drafts?", WHO_READS, missing="Say who may read these drafts.")


class ShareForm(FlaskForm):
    """Nothing is asked but that it be done."""
