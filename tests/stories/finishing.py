"""The end of a report over HTTP: its papers are put on file and marked, the Home Office’s letter is answered."""

from __future__ import annotations

import hashlib

from tests.stories.coordinating import Office, day_boxes

PAPERS = ("overview_report", "executive_summary", "action_plan")
VERDICTS = {"send_back": "resubmit", "clear": "cleared_after_changes"}


def mend_report(office: Office, reference: str) -> None:
    """Put on file what is missing, or after a letter a new overview report; the chair marks it, the panel agrees."""
    page = office.somebody().open(f"/reviews/{reference}/report")
    missing = [paper for paper in PAPERS if page.links(f"paper={paper}")]
    for paper in missing or PAPERS[:1]:
        put_on_file(office, reference, paper, changes="" if missing else "Section 2.3, as the letter asks")
    mark(office, reference)


def put_on_file(office: Office, reference: str, paper: str, *, changes: str = "", passages_of: str = "") -> None:
    """A new version of a paper; after a submission it may be said whose passages changed."""
    page = office.somebody().open(f"/reviews/{reference}/report/new?paper={paper}")
    seed = f"{reference} {paper} {changes} {office.today}"
    page.send(
        {
            "sha256": hashlib.sha256(seed.encode()).hexdigest(),
            "changes": changes,
            "kept": "The review’s folder",
            **({"agency_ids": [page.box("agency_ids", passages_of)]} if passages_of else {}),
        }
    )
    page.was_taken()


def mark(office: Office, reference: str) -> None:
    """The chair marks the papers as final, the one in office where the review has one, and the panel agrees them."""
    page = office.somebody().open(f"/reviews/{reference}/report/final")
    page.send({"chair": page.value("chair") or "Septimus Hale"})
    page.was_taken()
    page.open(f"/reviews/{reference}/report/agreed").send()
    page.was_taken()


def mend_home_office(office: Office, reference: str) -> None:
    """Enter the letter that the step waits for, and answer its points."""
    page = office.somebody().open(f"/reviews/{reference}/home-office")
    if "The report is with the Home Office." in page.text:
        page.open(f"/reviews/{reference}/home-office/new").send(
            {
                "verdict": VERDICTS[office.trying],
                "kept": "The review’s folder",
                "points": "Say more of her as a person.\n\nAnalyse economic abuse.",
                **day_boxes("dated_on", office.today),
                **day_boxes("received_on", office.today),
            }
        )
        page.was_taken()
    answer_points(office, reference)


def answer_points(office: Office, reference: str) -> None:
    """The first point still open is changed, which touches whoever takes part in the family; the others are not."""
    page = office.somebody()
    somebody_takes_part = bool(page.open(f"/reviews/{reference}/family").links("/part"))
    points = page.open(f"/reviews/{reference}/home-office").links("/answer", words="Answer this point")
    for number, link in enumerate(points):
        tick = page.open(link).page.select_one("input[name=touches_family][type=checkbox]")
        assert tick is not None
        touches = {"touches_family": str(tick["value"])} if somebody_takes_part and not number else {}
        page.send({"outcome": "not_changed" if number else "changed", "answer": "Section 2.3 and why.", **touches})
        page.was_taken()
