"""What is agreed over HTTP: the terms of reference at a meeting of the panel, the report by every body it is of."""

from __future__ import annotations

from tests.stories.coordinating import Office, day_boxes


def mend_terms(office: Office, reference: str) -> None:
    """Draft the terms, hold a meeting of the panel, and record that it agreed them there."""
    page = office.somebody().open(f"/reviews/{reference}/terms/new")
    page.send({"lines_of_enquiry": "Who knew of the harm, and when?", **day_boxes("drafted_on", office.today)})
    page.was_taken()
    agreement = page.links("/agreed")[0]
    _hold(office, reference, "panel", present=3)
    page.open(agreement)
    page.send({"meeting_id": page.option("meeting_id")})
    page.was_taken()


def mend_approval(office: Office, reference: str) -> None:
    """Hold a quorate meeting of the approving body that agrees the papers on file; each other body agrees them too."""
    page = office.somebody().open(f"/reviews/{reference}/approval")
    if page.links("/approval/new"):
        _hold(office, reference, "approving_body", present=5)
        page.open(f"/reviews/{reference}/approval/new")
        page.send({"how": "meeting", "meeting_id": page.option("meeting_id"), "evidence": "The minute of the day."})
        page.was_taken()
    for link in page.open(f"/reviews/{reference}/approval").links("/agreed"):
        page.open(link).send({"evidence": "Its letter of the day.", **day_boxes("agreed_on", office.today)})
        page.was_taken()


def hold_jointly(office: Office, reference: str, name: str) -> None:
    """The review is another body’s too."""
    page = office.somebody().open(f"/reviews/{reference}/approval/bodies/new")
    page.send({"name": name})
    page.was_taken()


def _hold(office: Office, reference: str, kind: str, *, present: int) -> None:
    page = office.somebody().open(f"/reviews/{reference}/meetings/new")
    there = [name for name in page.boxes("organisations") if "(ended on" not in name]
    came = [page.box("organisations", name) for name in there[:present]]
    page.send({"kind": kind, "organisations": came, **day_boxes("held_on", office.today)})
    page.was_taken()
