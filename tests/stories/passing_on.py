"""The end of a review over HTTP: its learning is passed on, and it is said until when its records are kept."""

from __future__ import annotations

from datetime import timedelta

from tests.stories.coordinating import Office, day_boxes

SEVEN_YEARS = timedelta(days=7 * 365)


def mend_learning(office: Office, reference: str) -> None:
    """Issue the briefing and hold the seminar, whichever is not there yet."""
    page = office.somebody().open(f"/reviews/{reference}/learning")
    if "No briefing is issued yet." in page.text:
        page.open(f"/reviews/{reference}/learning/briefings/new").send(
            {"sent_to": ["agencies"], "kept": "The review’s folder", **day_boxes("issued_on", office.today)}
        )
        page.was_taken()
    if "Nothing was shared yet" in page.text:
        page.open(f"/seminars/new?review={reference}").send(
            {"theme": "Asking who else lives there", "format": "online", **day_boxes("held_on", office.today)}
        )
        page.was_taken()


def mend_closing(office: Office, reference: str) -> None:
    """Set the day until which the records are kept."""
    page = office.somebody().open(f"/reviews/{reference}/closing/retention")
    until = day_boxes("keep_until", office.today + SEVEN_YEARS)
    page.send({"policy": "The county’s schedule of 2020", **until})
    page.was_taken()
