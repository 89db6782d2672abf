"""The forms of another body whose review this is too: its name, and its agreement to the report."""

from __future__ import annotations

from flask_wtf import FlaskForm

from dhr_app.casework.joint_body import JointAgreementEntry, JointBodyEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line


class JointBodyForm(Versioned):
    """Which body it is."""

    name = line(
        "What is the body called?", missing="Give the name of the body.",
        hint="For example, the safeguarding adults board, or the partnership of the next county. No person’s name.",
    )  # fmt: skip

    @property
    def entry(self) -> JointBodyEntry:
        """What was typed."""
        return JointBodyEntry(self.name.data or "")


class JointAgreementForm(Versioned):
    """When the body agreed the report, and what shows it."""

    agreed_on = DayField(
        "On which day did it agree the report?", missing="Give the day on which it agreed.",
        hint="For example, 27 3 2026.", called="The day of the agreement",
    )  # fmt: skip
    evidence = line(
        "What shows it?", missing="Say what shows it, and where it is kept.",
        hint="Its letter or minute, and where it is kept. This is sealed.", autocomplete="off",
    )  # fmt: skip

    @property
    def entry(self) -> JointAgreementEntry:
        """What was typed."""
        return JointAgreementEntry(self.agreed_on.data, self.evidence.data or "")


class RemoveForm(FlaskForm):
    """One button: the body has no part in the review."""
