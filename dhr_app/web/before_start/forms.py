"""The two questions before a seat opens: whether one knows anybody in the review, and the undertaking."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField

from dhr_app.casework.before_start import DeclarationEntry
from dhr_app.web.fields import long_text, one_of, tick
from dhr_app.workflows.record_wording import DECLARED


class DeclareForm(FlaskForm):
    """What is written of whom one knows is sealed at once: the form never shows it again."""

    answer = one_of(
        "Do you know anybody in this review, or somebody close to them?",
        DECLARED,
        missing="Say whether you know anybody in this review.",
        hint="The person who died, their family and friends, the person suspected, or anybody else it is about: as a "
        "relative, friend, neighbour or colleague. That your agency had a case with them is no conflict; that you "
        "yourself did may be one.",
    )
    note = long_text(
        "If yes, or if you are not sure: whom do you know, and how?",
        hint="The coordinator and the steering group’s chair read this. It is sealed as soon as you send it, and you "
        "will not see it again.",
        limit=2000,
        rows=4,
    )

    @property
    def entry(self) -> DeclarationEntry:
        """What was said."""
        return DeclarationEntry(self.answer.data or "", self.note.data or "")


class SignForm(FlaskForm):
    """The version is that of the text shown, so that nobody signs another."""

    version = HiddenField()
    agreed = tick("I have read this, and I will keep to it", missing="Tick the box if you will keep to it.")

    @property
    def number(self) -> int:
        """Which version was shown; 0 for what is no number."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() else 0
