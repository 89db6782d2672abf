"""The forms of papers: a new version, a mark on several of them, and the correction of one."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.draft import Fingerprint
from dhr_app.casework.paper_entry import NewVersion, PaperEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, one_of, some_of
from dhr_app.workflows.record_wording import PAPER_KINDS

EXAMPLE = "For example, 27 3 2026."
WHAT_CHANGED = "Leave it empty for a first version. This is sealed."
WHERE_KEPT = "The folder, or the letter or e-mail it came with. This is sealed."


class NewVersionForm(FlaskForm):
    """A version is told by the SHA-256 of its file. Of one that was handed in here as a draft, all that is known."""

    kind = one_of("Which paper is it?", PAPER_KINDS, missing="Say which paper it is.")
    sha256 = line(
        "The SHA-256 of the file",
        missing="Give the SHA-256 of the file: 64 characters of 0-9 and a-f.",
        hint="Your computer works it out: certutil -hashfile report.docx SHA256 in Windows, shasum -a 256 report.docx "
        "on a Mac. Paste the 64 characters.",
        autocomplete="off",
        spellcheck=False,
    )
    added_on = DayField("On which day did this version come?", hint=EXAMPLE, called="The day of this version")
    changes = long_text("What changed since the version before?", hint=WHAT_CHANGED, rows=4)
    kept = line("Where is the file kept?", hint=WHERE_KEPT, autocomplete="off")
    agency_ids = some_of(
        "Whose passages changed?",
        {},
        hint="For an overview report: the accuracy check of these agencies no longer counts, and they are asked again.",
    )

    def ask_less(self) -> None:
        """Ask nothing that a draft tells of itself."""
        del self.kind, self.sha256, self.kept

    def entry(self, handed_in: Fingerprint | None) -> NewVersion:
        """What was typed, and what a draft tells of itself."""
        if handed_in is None:
            kind, sha256, kept = self.kind.data or "", self.sha256.data or "", self.kept.data or ""
        else:
            kind, sha256, kept = handed_in.kind, handed_in.sha256, f"Handed in here: {handed_in.name}"
        return NewVersion(
            kind=kind,
            sha256=sha256,
            added_on=self.added_on.data,
            changes=self.changes.data or "",
            kept=kept,
            agency_ids=tuple(UUID(one) for one in self.agency_ids.data or ()) if "agency_ids" in self else (),
        )


class MarkForm(FlaskForm):
    """Several papers are marked at once; a form for one mark goes without the other’s boxes."""

    paper_ids = some_of("Which papers?", {}, missing="Choose at least one paper.")
    final_on = DayField("On which day did the chair mark them final?", hint=EXAMPLE, called="The day")
    panel_agreed_on = DayField("On which day did the panel agree them?", hint=EXAMPLE, called="The day")
    chair = line("Who marked them final?", hint="The name of the chair of the review.", autocomplete="off")

    @property
    def chosen(self) -> tuple[UUID, ...]:
        """The papers that were ticked."""
        return tuple(UUID(one) for one in self.paper_ids.data)


class PaperForm(Versioned):
    """The words and days of a version; its marks only where it has them."""

    added_on = DayField("On which day did this version come?", hint=EXAMPLE, called="The day of this version")
    changes = long_text("What changed since the version before?", hint=WHAT_CHANGED, rows=4)
    kept = line("Where is the file kept?", hint=WHERE_KEPT, autocomplete="off")
    final_on = DayField(
        "On which day did the chair mark it final?", hint="Leave it empty if it was not marked final.", called="The day"
    )
    final_by = line("Who marked it final?", hint="The name of the chair of the review.", autocomplete="off")
    panel_agreed_on = DayField(
        "On which day did the panel agree it?", hint="Leave it empty if it was not agreed.", called="The day"
    )

    def without_marks(self, entry: PaperEntry, *, may_finish: bool) -> None:
        """Take away what this version has not, or this person may not correct."""
        if not (may_finish and entry.final_on):
            del self.final_on, self.final_by
        if not (may_finish and entry.panel_agreed_on):
            del self.panel_agreed_on

    def entry(self, saved: PaperEntry) -> PaperEntry:
        """What was typed, with what stands saved where nothing was asked."""
        return PaperEntry(
            added_on=self.added_on.data,
            changes=self.changes.data or "",
            kept=self.kept.data or "",
            final_on=self.final_on.data if "final_on" in self else saved.final_on,
            final_by=(self.final_by.data or "") if "final_by" in self else saved.final_by,
            panel_agreed_on=self.panel_agreed_on.data if "panel_agreed_on" in self else saved.panel_agreed_on,
        )
