"""What is entered about a version of a paper, and what cannot be right in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.paper_rests import named
from dhr_app.database.models.paper import Paper
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.record_wording import PAPER_KINDS

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class NewVersion:
    """What the form of a new version says. `agency_ids` are the agencies whose passages it changes."""

    kind: str = ""
    sha256: str = ""
    added_on: date | None = None
    changes: str = ""
    kept: str = ""
    agency_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class PaperEntry:
    """The words and days of a version, as they are corrected. `changes` and `kept` are sealed."""

    added_on: date | None = None
    changes: str = ""
    kept: str = ""
    final_on: date | None = None
    final_by: str = ""
    panel_agreed_on: date | None = None


def entry_of(row: Paper) -> PaperEntry:
    """A version as its form shows it, opened."""
    return PaperEntry(
        row.added_on, row.changes or "", row.kept or "", row.final_on, row.final_by or "", row.panel_agreed_on
    )


def faults_of_new(entry: NewVersion, sha256: str, former: Sequence[Paper], today: date) -> dict[str, str]:
    """What cannot be right in a new version, by field; `sha256` as it will be kept, `former` the versions before."""
    faults = not_in_future(today, added_on=entry.added_on)
    if entry.kind not in PAPER_KINDS:
        faults["kind"] = "Say which paper it is."
    if not SHA256.fullmatch(sha256):
        faults["sha256"] = "Give the SHA-256 of the file: 64 characters of 0-9 and a-f."
    for one in former:
        if one.sha256 == sha256:
            faults["sha256"] = f"This file is on file already: {named(one.kind, one.number)}."
    if entry.added_on is None:
        faults["added_on"] = "Give the day on which this version came."
    elif former and entry.added_on < former[-1].added_on:
        faults["added_on"] = f"The version before came on {in_words(former[-1].added_on)}: this cannot be earlier."
    return faults | _text_faults(entry, number=len(former) + 1)


def _text_faults(entry: NewVersion | PaperEntry, *, number: int) -> dict[str, str]:
    faults = filled("kept", entry.kept, "Say where the file is kept.")
    if number > 1:
        faults |= filled("changes", entry.changes, "Say what changed since the version before.")
    return faults


def faults_of_mark(rows: Sequence[Paper], field: str, day: date | None, today: date) -> dict[str, str]:
    """What cannot be right where papers are marked on a day; `field` is the mark."""
    faults = not_in_future(today, **{field: day})
    if day is None:
        faults[field] = "Give the day."
    if not rows:
        faults["paper_ids"] = "Choose at least one paper."
    for row in rows:
        if row.superseded_on is not None:
            faults["paper_ids"] = "One of these has a newer version: go back and choose again."
        elif day is not None and day < row.added_on:
            faults[field] = _too_early(row)
    return faults


def faults_of_correction(entry: PaperEntry, row: Paper, others: Sequence[Paper], today: date) -> dict[str, str]:
    """What cannot be right in a correction, by field; `others` are all versions of the same paper."""
    days = {"final_on": entry.final_on, "panel_agreed_on": entry.panel_agreed_on}
    faults = not_in_future(today, added_on=entry.added_on, **days) | _text_faults(entry, number=row.number)
    before = next((one for one in others if one.number == row.number - 1), None)
    after = next((one for one in others if one.number == row.number + 1), None)
    if entry.added_on is None:
        faults["added_on"] = "Give the day on which this version came."
    elif before and entry.added_on < before.added_on:
        faults["added_on"] = f"The version before came on {in_words(before.added_on)}: this cannot be earlier."
    elif after and entry.added_on > after.added_on:
        faults["added_on"] = f"The next version came on {in_words(after.added_on)}: this cannot be later."
    for field, day in days.items():
        if day and getattr(row, field) is None:
            faults[field] = "This mark is given for the current papers together, on the page of the report."
        elif day and entry.added_on and day < entry.added_on:
            faults[field] = f"This version came on {in_words(entry.added_on)}: the day cannot be earlier."
    if entry.final_on:
        faults |= filled("final_by", entry.final_by, "Name the chair who marked it final.")
    return faults


def _too_early(row: Paper) -> str:
    name = named(row.kind, row.number)
    return f"The {name}, came on {in_words(row.added_on)}: the day cannot be earlier."
