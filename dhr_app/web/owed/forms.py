"""The four answers an agency gives about its action, each a short form of its own."""

from __future__ import annotations

from typing import ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms import FileField

from dhr_app.casework.progress_entry import DONE, NEED_LONGER, NO_CHANGE, PROGRESS, ReportEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, tick

LONGEST = 4_000  # characters
NO_NAME = "No name of a person in the case, and nothing from their records."
SAID = ("text", "blocked_by", "done_on", "wanted_on", "came_from", "far")


class ReportForm(Versioned):
    """What every report may say. `came_from` is asked of whoever enters it for the agency."""

    kind: ClassVar[str]

    came_from = line(
        "From whose e-mail or letter do you enter this?", hint="For example, e-mail of J. Arabin, 3 June 2026."
    )

    @property
    def entry(self) -> ReportEntry:
        """What was typed."""
        said = {name: self[name].data for name in SAID if name in self and self[name].data}
        return ReportEntry(self.kind, **said)


def _file() -> FileField:
    return FileField(
        "A file that shows it, if you have one",
        widget=GovFileInput(),
        description="Word (.docx) or PDF, up to 100 MB. A photo on a phone: Share, then Print, then save it as PDF.",
        render_kw={"params": {"attributes": {"accept": ".docx,.pdf"}}},
    )


def _blocked_by() -> object:
    return line(
        "Is anything in the way?",
        hint="For example, “Blocked by the software supplier”. Leave it empty if nothing is.",
    )


class NoChangeForm(ReportForm):
    """Nothing is new."""

    kind = NO_CHANGE
    blocked_by = _blocked_by()


class ProgressForm(ReportForm):
    """How far it is."""

    kind = PROGRESS
    text = long_text("How far is it?", hint=f"Change what is out of date. {NO_NAME}", limit=LONGEST, rows=5)
    blocked_by = _blocked_by()
    file = _file()


class DoneForm(ReportForm):
    """It is done, and what shows it."""

    kind = DONE
    done_on = DayField("On which day was it done?", hint="For example, 27 3 2026.", called="The day it was done")
    text = long_text(
        "What shows it?",
        hint=f"A statement of a named senior officer of your agency will do. {NO_NAME}",
        limit=LONGEST,
        rows=5,
    )
    file = _file()


class LongerForm(ReportForm):
    """It needs longer: until when, and why."""

    kind = NEED_LONGER
    wanted_on = DayField("By when can it be done?", hint="For example, 27 3 2027.", called="The day you ask for")
    far = tick("The year is right")
    text = long_text("Why does it need longer?", hint=NO_NAME, limit=LONGEST, rows=5)
    blocked_by = _blocked_by()


# The last part of each form’s address.
FORMS: dict[str, type[ReportForm]] = {
    "no-change": NoChangeForm,
    "progress":  ProgressForm,
    "done":      DoneForm,
    "longer":    LongerForm,
}  # fmt: skip
STEPS = {form.kind: step for step, form in FORMS.items()}
ANY_STEP = 'any("no-change", progress, done, longer)'


def form_of(step: str, **_: object) -> type[ReportForm]:
    """The form that the last part of its address names."""
    return FORMS[step]
