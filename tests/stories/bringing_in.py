"""A review that began before this system, over HTTP: each earlier stage is marked, with its day where it is known."""

from __future__ import annotations

from dhr_app.workflows.stages import MAIN_LINE, Stage
from tests.stories.coordinating import Office


def mend_earlier_steps(office: Office, reference: str) -> None:
    """Mark every stage up to the one the review is brought in at, as reached; of the days nobody knows more."""
    wanted = MAIN_LINE[: MAIN_LINE.index(Stage(office.target)) + 1]
    page = office.somebody().open(f"/reviews/{reference}/earlier-steps")
    for link in page.links("/earlier-steps/"):
        if Stage(link.rpartition("/")[2]) in wanted:
            page.open(link).send({"was_reached": "yes"})
            page.was_taken()
